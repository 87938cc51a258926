import { once } from "node:events";
import { connect } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { border } from "../common/border/border.ts";
import { ackError } from "./errors.ts";
import { ackOperation } from "./operations.ts";
import { authenticate } from "./signature/authentication.ts";
import { type ClientRequest, sampleRequest, signAcs3 } from "./signature/testing/client-signer.ts";
import { ackVocabulary } from "./vocabulary.ts";

const uuid = /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/;
const bodyLimit = 1000;

const createBody = Type.Object({ name: Type.String(), size: Type.Optional(Type.Integer()) });

describe("the border of the ACK dialect", () => {
  let app: FastifyInstance;
  let logged: Record<string, unknown>[];

  beforeEach(async () => {
    logged = [];
    const stream = { write: (line: string) => logged.push(JSON.parse(line)) };
    app = Fastify({ logger: { stream, level: "info" } });
    const nonces = new Set<string>();
    app.register(async (ack) => {
      await ack.register(border, {
        bodyLimit,
        vocabulary: ackVocabulary,
        authenticate: (signed) =>
          authenticate(signed, {
            findAccessKey: async (id) =>
              id === sampleRequest.accessKeyId
                ? { accountId: "1234567890123456", secret: sampleRequest.secret, active: true }
                : undefined,
            rememberNonce: async (_id, nonce) => !nonces.has(nonce) && nonces.add(nonce) !== undefined,
            now: () => sampleRequest.date,
          }),
      });
      ack.route<{ Body: Static<typeof createBody> }>({
        method: "POST",
        url: "/clusters",
        schema: { body: createBody },
        config: { operation: ackOperation("CreateCluster") },
        handler: async (request) => ({ name: request.body.name, caller: request.caller, request_id: request.id }),
      });
      const described = { config: { operation: ackOperation("DescribeClusters") } };
      const querystring = Type.Object({ clusterType: Type.Optional(Type.String()) });
      ack.get("/clusters", { ...described, schema: { querystring } }, async () => [
        { cluster_id: "c1", tags: [{ key: "a/b", value: "<c>" }] },
        { cluster_id: "c2", tags: [] },
      ]);
      ack.post("/tasks/:TaskId/cancel", { config: { operation: ackOperation("CancelTask") } }, async (request) => ({
        body: request.body ?? null,
      }));
      ack.post("/text", async (_request, reply) => reply.type("text/plain").send("raw <text>"));
      ack.get("/broken", async () => {
        throw new Error("the password is Hunter2!");
      });
      ack.get("/gone", async () => {
        throw ackError("ErrorClusterNotFound", { clusterId: "c1" });
      });
      ack.get("/tags", async () => {
        throw ackVocabulary.notSupported(ackOperation("ListTagResources"));
      });
    });
    app.get("/healthz", async (request) => ({ id: request.id }));
    app.post("/other", async (request) => ({ body: request.body }));
    await app.ready();
  });

  afterEach(() => app.close());

  let nonce = 0;
  /** Sends a request signed with the sample's key; `headers` are sent but not signed. */
  async function send(change: Partial<ClientRequest>, headers: Record<string, string> = {}) {
    nonce += 1;
    const signed = signAcs3({ ...sampleRequest, nonce: `nonce-${nonce}`, ...change });
    const names = signed.rawHeaders.filter((_, index) => index % 2 === 0);
    const values = Object.fromEntries(names.map((name, index) => [name, signed.rawHeaders[2 * index + 1]]));
    return app.inject({
      method: signed.method as "GET",
      url: signed.rawTarget,
      headers: { ...values, ...headers } as Record<string, string>,
      ...(signed.body.length > 0 && { payload: signed.body }),
    });
  }
  const get = (path: string, headers?: Record<string, string>) =>
    send({ method: "GET", path, body: "", headers: {} }, headers);

  it("gives the handler the parsed body and the caller, and the answer an upper-case request id", async () => {
    const answer = await send({});
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      name: "demo",
      caller: { accountId: "1234567890123456", accessKeyId: "LTAIexampleid" },
      request_id: expect.stringMatching(uuid),
    });
    expect(answer.headers["x-acs-request-id"]).toBe(answer.json().request_id);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  it.each(["POST", "GET"])(
    "takes a client that leaves while it sends (%s) for no failure of its own",
    async (method) => {
      const { port } = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
      const socket = connect(Number(port), "127.0.0.1");
      socket.write(`${method} /clusters HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n1`);
      await once(app.server, "request");
      socket.destroy();
      await expect
        .poll(() => logged.filter(({ msg }) => msg === "request refused"))
        .toMatchObject([{ level: 30, code: "InvalidParameter", status: 400 }]);
      expect(logged.filter(({ level }) => Number(level) > 30)).toEqual([]);
    },
  );

  it("authenticates before it looks at the body", async () => {
    const answer = await app.inject({ method: "POST", url: "/clusters", payload: "no JSON at all" });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "MissingAuthorization", status: 400 });
  });

  it.each<[string, Partial<ClientRequest>, number, string, string]>([
    ["malformed JSON", { body: '{"name":}' }, 400, "InvalidParameter", "line 1, column 9: a value is expected"],
    ["an empty body", { body: "" }, 400, "InvalidParameter", "The request body is empty; CreateCluster takes a JSON"],
    ["an array", { body: "[]" }, 400, "InvalidParameter", "not a JSON object but an array"],
    [
      "another content type",
      { headers: { "content-type": "text/plain" } },
      415,
      "UnsupportedMediaType",
      '"text/plain"',
    ],
    ["a malformed content type", { headers: { "content-type": "json" } }, 415, "UnsupportedMediaType", '"json"'],
    ["a body too large", { body: " ".repeat(bodyLimit + 1) }, 413, "RequestBodyTooLarge", "At most 1000 bytes"],
    ["a missing parameter", { body: "{}" }, 400, "MissingName", "name is mandatory for this action."],
    ["a wrong type", { body: '{"name":"a","size":"x"}' }, 400, "InvalidParameter", 'size "x" must be integer.'],
    ["another version", { headers: { "x-acs-version": "2014-05-26" } }, 400, "InvalidVersion", '"2014-05-26" is not'],
    [
      "a wrong secret",
      { secret: "wrong" },
      400,
      "SignatureDoesNotMatch",
      "server string to sign is:ACS3-HMAC-SHA256\n",
    ],
    ["an unknown path", { path: "/clusterz", body: "" }, 404, "InvalidApi.NotFound", "There is no POST /clusterz."],
    ["an unknown method", { method: "PUT" }, 404, "InvalidApi.NotFound", "There is no PUT /clusters."],
    [
      "a documented operation",
      { method: "GET", path: "/tags", body: "" },
      400,
      "OperationNotSupported",
      "ListTagResou",
    ],
    ["what is gone", { method: "GET", path: "/gone", body: "" }, 404, "ErrorClusterNotFound", "The cluster c1 is not"],
  ])("answers %s in ACK's shape", async (_name, change, status, code, message) => {
    const answer = await send(change);
    const body = answer.json();
    expect(answer.statusCode).toBe(status);
    expect(body).toEqual({
      code,
      message: expect.stringContaining(message),
      requestId: expect.stringMatching(uuid),
      status,
      Code: code,
      Message: body.message,
      RequestId: body.requestId,
      HostId: "ack.example.test",
    });
    expect(answer.headers["x-acs-request-id"]).toBe(body.requestId);
  });

  it.each([
    ["application/octet-stream", '  {"name":"demo","size":"3"}'],
    ["application/x-www-form-urlencoded", "name=demo&size=3"],
    ["application/json;charset=UTF-8", '{"name":"demo","size":3.0,"tags":null}'],
  ])("takes bodies as the vendor's SDKs send them: %s", async (contentType, body) => {
    const answer = await send({ body, headers: { "content-type": contentType } });
    expect(answer.json()).toMatchObject({ name: "demo" });
  });

  it("refuses a parameter that is given in two spellings", async () => {
    const query = { ClusterType: "a", clusterType: "b" };
    const answer = await send({ method: "GET", path: "/clusters", query, body: "", headers: {} });
    expect(answer.json()).toMatchObject({
      code: "InvalidParameter",
      message: "clusterType is given more than once: send clusterType once.",
    });
  });

  it("answers an unexpected error without its details, which the log has under the request id", async () => {
    const answer = await get("/broken");
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: "InternalError", message: expect.not.stringContaining("Hunter2") });
    expect(logged).toContainEqual(
      expect.objectContaining({
        reqId: answer.json().requestId,
        msg: "request failed",
        err: expect.objectContaining({ message: "the password is Hunter2!" }),
      }),
    );
  });

  it("answers unknown paths without asking who is there", async () => {
    expect((await app.inject("/nowhere")).json()).toMatchObject({ code: "InvalidApi.NotFound" });
  });

  it("ignores a body where the operation takes none, and an empty content type where there is no body", async () => {
    const cancel = { path: "/tasks/T-1/cancel" };
    expect((await send({ ...cancel, body: "not JSON" })).json()).toEqual({ body: null });
    expect((await send({ ...cancel, body: "", headers: { "content-type": "" } })).json()).toEqual({ body: null });
  });

  it.each([
    ["the path", "/tasks/%00/cancel", {}],
    ["the path beside a query of the same name", "/tasks/%00/cancel", { TaskId: "T-1" }],
    ["the query beside a path of the same name", "/tasks/T-1/cancel", { TaskId: "\u0000" }],
  ])("refuses what no database keeps in %s", async (_place, path, query) => {
    const answer = await send({ path, query: query as Record<string, string>, body: "" });
    expect(answer.json()).toMatchObject({ code: "InvalidParameter", message: expect.stringContaining("U+0000") });
  });

  it("leaves the routes outside of it as they are", async () => {
    expect((await app.inject("/healthz")).json()).toEqual({ id: expect.stringMatching(/^req-/) });
    const other = await app.inject({ method: "POST", url: "/other", payload: { a: 1 } });
    expect(other.json()).toEqual({ body: { a: 1 } });
    expect(other.headers).not.toHaveProperty("x-acs-request-id");
  });

  describe("for a client that prefers XML", () => {
    const xml = { accept: "application/xml" };

    it("answers with the operation's element round the members", async () => {
      const answer = await get("/clusters", xml);
      expect(answer.headers).toMatchObject({ "content-type": "text/xml;charset=utf-8", vary: "accept" });
      expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(answer.body)));
      expect(answer.body).toBe(
        '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeClustersResponse>' +
          "<item><cluster_id>c1</cluster_id><tags><key>a/b</key><value>&lt;c&gt;</value></tags></item>" +
          "<item><cluster_id>c2</cluster_id></item></DescribeClustersResponse>",
      );
    });

    it("answers errors with the element Error", async () => {
      const answer = await get("/gone", xml);
      expect(answer.statusCode).toBe(404);
      expect(answer.headers["content-type"]).toBe("text/xml;charset=utf-8");
      expect(answer.body).toBe(
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>ErrorClusterNotFound</Code>' +
          `<Message>The cluster c1 is not found.</Message><RequestId>${answer.headers["x-acs-request-id"]}</RequestId>` +
          "<HostId>ack.example.test</HostId></Error>",
      );
    });

    it("leaves raw text as it is", async () => {
      const answer = await send({ path: "/text", body: "" }, xml);
      expect(answer.body).toBe("raw <text>");
      expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
    });
  });
});

describe("the border of a dialect that has paths of its own", () => {
  it("answers what is unknown there, and leaves the rest to others", async () => {
    const app = Fastify();
    app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ mine: true }));
    await app.register(async (ack) => {
      const vocabulary = { ...ackVocabulary, ownPaths: ["/clusters/*"] };
      await ack.register(border, { vocabulary, bodyLimit, authenticate: async () => ({ accountId: "1" }) });
    });
    expect((await app.inject("/nowhere")).json()).toEqual({ mine: true });
    const answer = await app.inject({ method: "DELETE", url: "/clusters/c1/shoes", payload: "no JSON" });
    expect(answer.json()).toMatchObject({ code: "InvalidApi.NotFound", status: 404 });
    await app.close();
  });
});
