import { createRequire } from "node:module";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { border } from "../common/border/border.ts";
import { ackError } from "./errors.ts";
import { ackOperation } from "./operations.ts";
import { authenticate } from "./signature/authentication.ts";
import { ackVocabulary } from "./vocabulary.ts";

// The SDK is CommonJS, and importing it as a module gives different shapes in Node.js and in the test runner.
const require = createRequire(import.meta.url);
const sdk: typeof import("@alicloud/cs20151215", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/cs20151215");
const openApi: typeof import("@alicloud/openapi-core", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/openapi-core");

/** What a request looked like when it reached its handler. */
interface Received {
  method: string;
  url: string;
  transferEncoding: string | undefined;
  authorization: string | undefined;
  query: unknown;
  body: unknown;
  accountId: string;
}

const accessKeyId = "LTAIexampleid";
const accessKeySecret = "exampleSecret";

describe.each([
  ["ACS3-HMAC-SHA256", undefined, /^ACS3-HMAC-SHA256 Credential=LTAIexampleid,/],
  ["the older signature", "v2", /^acs LTAIexampleid:/],
])("the official TypeScript SDK, signing with %s", (_name, signatureAlgorithm, authorization) => {
  let app: FastifyInstance;
  let port: number;
  let received: Received[];

  beforeEach(async () => {
    received = [];
    app = Fastify();
    const nonces = new Set<string>();
    app.register(async (ack) => {
      await ack.register(border, {
        bodyLimit: 100_000,
        vocabulary: ackVocabulary,
        authenticate: (signed) =>
          authenticate(signed, {
            findAccessKey: async (id) =>
              id === accessKeyId ? { accountId: "1234567890123456", secret: accessKeySecret, active: true } : undefined,
            rememberNonce: async (_id, nonce) => !nonces.has(nonce) && nonces.add(nonce) !== undefined,
            now: () => new Date(),
          }),
      });
      ack.addHook("preHandler", async (request) => {
        if (request.is404) return;
        received.push({
          method: request.method,
          url: request.url,
          transferEncoding: request.headers["transfer-encoding"],
          authorization: request.headers.authorization,
          query: { ...(request.query as object) },
          body: request.body,
          accountId: request.caller.accountId,
        });
      });
      const config = (name: Parameters<typeof ackOperation>[0]) => ({ config: { operation: ackOperation(name) } });
      ack.get("/api/v1/clusters", config("DescribeClustersV1"), async () => ({ clusters: [{ name: "demo" }] }));
      ack.delete("/clusters/:ClusterId", config("DeleteCluster"), async () => ({ task_id: "T-1" }));
      ack.post("/clusters", config("CreateCluster"), async () => ({ cluster_id: "c1", task_id: "T-1" }));
      ack.post("/tasks/:TaskId/cancel", config("CancelTask"), async () => ({}));
      ack.post("/permissions/users/:Uid", config("GrantPermissions"), async () => ({}));
      ack.get("/clusters/:ClusterId", config("DescribeClusterDetail"), async () => {
        throw ackError("ErrorClusterNotFound", { clusterId: "c<1>" });
      });
      ack.get("/quota", config("DescribeUserQuota"), async () => {
        throw ackVocabulary.notSupported(ackOperation("DescribeUserQuota"));
      });
      ack.get("/events", config("DescribeEvents"), async () => {
        throw new Error("a bug");
      });
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    port = (app.server.address() as { port: number }).port;
  });

  afterEach(() => app.close());

  const client = (secret = accessKeySecret, keyId = accessKeyId) =>
    new sdk.default(
      new openApi.$OpenApiUtil.Config({
        accessKeyId: keyId,
        accessKeySecret: secret,
        endpoint: `127.0.0.1:${port}`,
        protocol: "http",
        regionId: "cn-hangzhou",
        signatureAlgorithm,
      }),
    );
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => expect.fail("the call succeeded"),
      (error: Record<string, unknown>) => error,
    );

  it("gets answers to a GET with a query", async () => {
    const request = new sdk.DescribeClustersV1Request({ name: "dev box!'()*~", clusterSpec: "", pageSize: 10 });
    const answer = await client().describeClustersV1(request);
    expect(answer.body?.clusters?.[0]?.name).toBe("demo");
    expect(received).toMatchObject([
      {
        method: "GET",
        query: { name: "dev box!'()*~", cluster_spec: "", page_size: "10" },
        authorization: expect.stringMatching(authorization),
        accountId: "1234567890123456",
      },
    ]);
  });

  it("gets answers to a DELETE with a JSON array in the query", async () => {
    const request = new sdk.DeleteClusterRequest({ retainResources: ["vsw-1", "a b*~", "名&=+"], keepSlb: false });
    expect((await client().deleteCluster("c1", request)).body?.taskId).toBe("T-1");
    expect(received).toMatchObject([{ query: { retain_resources: '["vsw-1","a b*~","名&=+"]', keep_slb: "false" } }]);
  });

  it("gets answers to a POST whose body comes in chunks", async () => {
    const request = new sdk.CreateClusterRequest({
      name: "名😀",
      regionId: "cn-hangzhou",
      userData: "x".repeat(65_536),
    });
    expect((await client().createCluster(request)).body).toMatchObject({ clusterId: "c1", taskId: "T-1" });
    expect(received).toMatchObject([
      { transferEncoding: "chunked", body: { name: "名😀", region_id: "cn-hangzhou", user_data: "x".repeat(65_536) } },
    ]);
  });

  it("gets answers to a POST with an array, and to one without a body", async () => {
    await client().grantPermissions(
      "2",
      new sdk.GrantPermissionsRequest({ body: [{ cluster: "c1", roleName: "ops" }] }),
    );
    await client().cancelTask("T-1");
    expect(received).toMatchObject([{ body: [{ cluster: "c1", role_name: "ops" }] }, { body: undefined }]);
  });

  it.each<[string, (ack: ReturnType<typeof client>) => Promise<unknown>, number, string, string | RegExp]>([
    [
      "what is gone",
      (ack) => ack.describeClusterDetail("c1"),
      404,
      "ErrorClusterNotFound",
      "The cluster c<1> is not found.",
    ],
    ["what is not supported", (ack) => ack.describeUserQuota(), 400, "OperationNotSupported", /DescribeUserQuota/],
    [
      "an unknown path",
      (ack) => ack.describeRegions(new sdk.DescribeRegionsRequest({})),
      404,
      "InvalidApi.NotFound",
      /GET/,
    ],
    ["a bug", (ack) => ack.describeEvents(new sdk.DescribeEventsRequest({})), 500, "InternalError", /^(?!.*a bug)/],
    [
      "a body too large",
      (ack) => ack.createCluster(new sdk.CreateClusterRequest({ userData: "x".repeat(200_000) })),
      413,
      "RequestBodyTooLarge",
      /At most 100000 bytes/,
    ],
  ])("reads code, message and request id of %s", async (_what, call, status, code, message) => {
    const error = await refused(call(client()));
    const data = error.data as Record<string, string>;
    expect(error).toMatchObject({
      name: status < 500 ? "ClientError" : "ServerError",
      statusCode: status,
      code,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
    expect(data.message).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
    expect(error.message).toBe(`${code}: code: ${status}, ${data.message} request id: ${error.requestId}`);
  });

  it("reads why it is not let in", async () => {
    expect(await refused(client("wrongSecret").cancelTask("T-1"))).toMatchObject({
      statusCode: 400,
      code: "SignatureDoesNotMatch",
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
    expect(await refused(client(accessKeySecret, "LTAIother").cancelTask("T-1"))).toMatchObject({
      statusCode: 404,
      code: "InvalidAccessKeyId.NotFound",
    });
    expect(received).toEqual([]);
  });

  // Signing the older way, the SDK reads JSON whatever the content type.
  if (signatureAlgorithm === "v2") return;

  it("reads errors in XML, where it asks for XML", async () => {
    const runtime = {} as Parameters<ReturnType<typeof client>["describeClusterDetailWithOptions"]>[2];
    const call = client().describeClusterDetailWithOptions("c1", { accept: "application/xml" }, runtime);
    expect(await refused(call)).toMatchObject({
      statusCode: 404,
      code: "ErrorClusterNotFound",
      message: expect.stringContaining("The cluster c<1> is not found."),
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
  });
});
