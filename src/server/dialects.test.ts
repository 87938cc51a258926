import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Core } from "../core/core.ts";
import { type AckContext, ack } from "../dialects/ack/index.ts";
import { type CceContext, cce } from "../dialects/cce/index.ts";
import type { ProblemKind } from "../dialects/common/border/request-problem.ts";
import { type Dialect, mount } from "../dialects/common/dialect.ts";
import { ApiError } from "../dialects/common/errors/api-error.ts";
import { operationsOf } from "../dialects/common/operation.ts";
import { type IamContext, iam } from "../dialects/iam/index.ts";
import { createApp } from "./app.ts";
import { createGuard } from "./guard.ts";

/** A vendor that there is not: what a new folder among the dialects has to have, and all of it. */
const third: Dialect<{ secret: string }> = {
  name: "third",
  bodyLimit: 100,
  operations: operationsOf("third", {
    Greet: "POST /third/greetings {}",
    Sing: "GET /third/songs/:song",
    Write: "POST /third/letters {}",
  }),
  vocabulary: {
    newRequestId: () => "request-1",
    requestIdHeader: "x-third-request",
    problem: (kind, reason) => new ApiError(`Third.${kind}`, kind === "internal error" ? 500 : 400, reason),
    invalidParameters: (violations) => new ApiError("Third.Rules", 422, `${violations.length} rules are broken.`),
    unknownPath: (_request, path) => new ApiError("Third.Nowhere", 404, `There is nothing at ${path}.`),
    notSupported: ({ name }) => new ApiError("Third.NotHere", 400, `${name} is not served.`),
    errorBody: ({ code, message }, request) => ({ wrong: code, why: message, in: request.id }),
    ownPaths: ["/third/*"],
  },
  authentication:
    ({ secret }) =>
    async (signed) => {
      if (signed.rawHeaders.includes(secret)) return { accountId: "default" };
      throw new ApiError("Third.Who", 401, "Say the secret.");
    },
  routes: [
    (app) => {
      app.route<{ Body: { name: string } }>({
        method: "POST",
        url: "/third/greetings",
        config: { operation: third.operations[0] },
        schema: { body: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
        handler: async ({ body, caller }) => ({ hello: body.name, account: caller.accountId }),
      });
    },
  ],
};

const nothing = {} as never;
const settings = { validation: "lenient", inventory: "implicit", disableRollbackMeaning: "text" } as const;
const ackContext: AckContext = { core: nothing, observer: nothing, settings };
const cceContext: CceContext = { core: nothing, observer: nothing, settings, newestVersion: async () => undefined };
const iamContext: IamContext = { core: nothing, settings };

let app: FastifyInstance;
beforeAll(async () => {
  app = await createApp({
    log: pino({ level: "silent" }),
    version: "1.2.3",
    core: {} as Core,
    observer: nothing,
    dialects: [
      mount(ack, ackContext),
      mount(cce, cceContext),
      mount(iam, iamContext),
      mount(third, { secret: "sesame" }),
    ],
    guard: createGuard([]),
    checkReady: async () => undefined,
  });
  await app.ready();
});
afterAll(() => app.close());

/** The documented dialects. */
const dialects = [ack, cce, iam].map((dialect) => ({ name: dialect.name, dialect }));
const kinds: ProblemKind[] = [
  "invalid request",
  "unsupported media type",
  "body too large",
  "forbidden",
  "internal error",
  "unavailable",
];
const request = { method: "GET", id: "request-1", host: "api.test", routeOptions: { url: "/x", config: {} } } as never;

describe.each(dialects)("the dialect $name", ({ dialect: { name, vocabulary, operations } }) => {
  it.each(kinds)("has its own error for: %s", (kind) => {
    const error = vocabulary.problem(kind, "This is why.");
    expect(error.status >= 500).toBe(kind === "internal error" || kind === "unavailable");
    expect(error.message).toContain("This is why.");
    expect(JSON.stringify(vocabulary.errorBody(error, request))).toContain("This is why.");
  });

  it("names every violation, tells what is not there, and what it does not serve", () => {
    const wrong = (parameter: string) => ({ parameter, value: 1, rule: "must be 2" });
    expect(vocabulary.invalidParameters([wrong("first"), wrong("second")])).toMatchObject({
      status: 400,
      message: "first 1 must be 2; second 1 must be 2.",
    });
    expect(vocabulary.unknownPath(request, "/nowhere").status).toBe(404);
    const [operation] = operations;
    expect(operation && vocabulary.notSupported(operation)).toMatchObject({
      status: 400,
      message: expect.stringContaining(operation?.name ?? ""),
    });
  });

  it("gives every request an id of its own", () => {
    expect(vocabulary.newRequestId()).not.toBe(vocabulary.newRequestId());
    expect(new Set(operations.map(({ dialect }) => dialect))).toEqual(new Set([name]));
  });

  it("serves or refuses every one of its operations, and asks who is there but for the public ones", async () => {
    for (const { method, path, isPublic } of operations) {
      const answer = await app.inject({ method, url: path.replaceAll(/:\w+/g, "x") });
      expect(answer.statusCode, `${method} ${path}`).not.toBe(404);
      expect(answer.headers[vocabulary.requestIdHeader.toLowerCase()]).toMatch(/^[0-9A-Za-z-]{32,36}$/);
      if (!isPublic) expect([400, 401], `${method} ${path}`).toContain(answer.statusCode);
    }
  });
});

describe("the dialects together", () => {
  it("have no path in common", () => {
    const places = [ack, cce, iam].flatMap(({ operations }) =>
      operations.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ":")}`),
    );
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it("have operations of different names in the OpenAPI document", async () => {
    const { paths } = (await app.inject("/openapi.json")).json() as { paths: Record<string, Record<string, unknown>> };
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((operation) => (operation as { operationId?: string }).operationId),
    );
    expect(ids).toEqual(expect.arrayContaining(["ack.CreateCluster", "cce.CreateCluster"]));
    const named = ids.filter((id) => id !== undefined);
    expect(named).toHaveLength(new Set(named).size);
  });

  it.each([
    ["/api/v3/nowhere", { error_code: "APIGW.0101" }],
    ["/v3/nowhere", { error: { code: 404, title: "Not Found", message: "The path DELETE /v3/nowhere is not found." } }],
    ["/v3.0/OS-CREDENTIAL/nowhere", { error: { code: 404 } }],
    ["/v5/nowhere", { error: { code: 404 } }],
    ["/nowhere", { code: "InvalidApi.NotFound" }],
    ["/third/nowhere", { wrong: "Third.Nowhere", why: "There is nothing at /third/nowhere.", in: "request-1" }],
  ])("answer what is not there, each below its own paths: %s", async (url, body) => {
    const answer = await app.inject({ method: "DELETE", url });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject(body);
  });
});

describe("a path that cannot be read", () => {
  const long = "x".repeat(257);

  it.each([
    ["/api/v3/projects/%zz/clusters", { kind: "Status", errorCode: "CCE.01400001", message: "%" }],
    ["/v3/projects/%E0%A4%A", { error: { code: 400, title: "Bad Request" } }],
    ["/clusters/%zz", { code: "InvalidParameter", message: "%" }],
    [`/clusters/${long}`, { code: "InvalidParameter", message: "256" }],
    ["/%zz", { code: "InvalidParameter", message: "%" }],
    ["/third/songs/%zz", { wrong: "Third.invalid request", why: "%" }],
  ])("is answered in the shape of the dialect that it is below: %s", async (url, said) => {
    const answer = await app.inject({ method: "GET", url });
    expect(answer.statusCode).toBe(400);
    const sentence = Object.fromEntries(
      Object.entries(said).map(([name, part]) => [
        name,
        ["message", "why"].includes(name) ? expect.stringContaining(part) : part,
      ]),
    );
    expect(answer.json()).toMatchObject(sentence);
    expect(answer.body).not.toContain("FST_ERR");
    const ids = ["x-request-id", "x-acs-request-id", "x-third-request"].map((name) => answer.headers[name]);
    expect(ids.filter((id) => id !== undefined)).toHaveLength(1);
  });
});

describe("a third vendor", () => {
  const greet = (payload: string, headers: Record<string, string> = { authorization: "sesame" }) =>
    app.inject({ method: "POST", url: "/third/greetings", payload, headers });

  it.each([
    ["an answer", '{"name":"Ada"}', { hello: "Ada", account: "default" }],
    [
      "malformed JSON",
      '{"name":}',
      { wrong: "Third.invalid request", why: expect.stringContaining("line 1, column 9") },
    ],
    ["a broken rule", "{}", { wrong: "Third.Rules", why: "1 rules are broken." }],
    ["a body too large", `"${"x".repeat(100)}"`, { wrong: "Third.body too large" }],
  ])("has the border's work done for it: %s", async (_name, payload, body) => {
    const answer = await greet(payload);
    expect(answer.json()).toMatchObject(body);
    expect(answer.headers["x-third-request"]).toBe("request-1");
  });

  it("is asked who is there, and tells what it does not serve", async () => {
    expect((await greet('{"name":"Ada"}', {})).json()).toMatchObject({ wrong: "Third.Who" });
    const answer = await app.inject({ method: "GET", url: "/third/songs/x", headers: { authorization: "sesame" } });
    expect(answer.json()).toMatchObject({ wrong: "Third.NotHere", why: "Sing is not served." });
  });

  it.each(["", "no JSON", "[]"])("tells what it does not serve whatever comes with it: %j", async (payload) => {
    const headers = { authorization: "sesame" };
    const answer = await app.inject({ method: "POST", url: "/third/letters", headers, payload });
    expect(answer.json()).toMatchObject({ wrong: "Third.NotHere", why: "Write is not served." });
  });
});
