import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../test/support/core.ts";
import { headersOf } from "../../test/support/raw-client.ts";
import { ack } from "../dialects/ack/index.ts";
import { sampleRequest, signAcs3 } from "../dialects/ack/signature/testing/client-signer.ts";
import { cce } from "../dialects/cce/index.ts";
import { mount } from "../dialects/common/dialect.ts";
import { iam } from "../dialects/iam/index.ts";
import { createApp } from "./app.ts";
import { createGuard } from "./guard.ts";

const settings = { validation: "lenient", inventory: "implicit", disableRollbackMeaning: "text" } as const;

let test: TestCore;
let app: FastifyInstance;
beforeAll(async () => {
  test = await createTestCore();
  const context = { core: test.core, observer: {} as never, settings, newestVersion: async () => undefined };
  app = await createApp({
    ...{ log: pino({ level: "silent" }), version: "1.2.3", ...context },
    dialects: [mount(ack, context), mount(cce, context), mount(iam, context)],
    guard: createGuard(["sampan.example.com"]),
    checkReady: async () => undefined,
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await test.close();
});

const get = (url: string, headers: Record<string, string>) => app.inject({ url, headers });
const statusOf = async (url: string, headers: Record<string, string>) => (await get(url, headers)).statusCode;

const foreign = "page.example:7080";
const vendor = "cs.cn-hangzhou.aliyuncs.com";
/** Routes that tell something to anybody. */
const openRoutes = ["/metrics", "/openapi.json", "/healthz", "/readyz"];

describe("a page that has its own name lead to the service", () => {
  it.each([...openRoutes, `/oidc/${"0".repeat(32)}/keys`])("reads nothing at %s", async (url) => {
    const answer = await get(url, { host: foreign });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toEqual({ message: expect.stringContaining("SAMPAN_ALLOWED_HOSTS") });
  });

  it.each([
    ["/clusters", { code: "Forbidden", Code: "Forbidden", requestId: expect.any(String) }],
    ["/nowhere", { code: "Forbidden" }],
    ["/%zz", { code: "Forbidden" }],
    ["/api/v3/projects/x/clusters", { error_code: "APIGW.0302" }],
    ["/v3/nowhere", { error_code: "APIGW.0302" }],
    ["/v3", { error_code: "APIGW.0302" }],
    ["/", { error_code: "APIGW.0302" }],
  ])("is told so in the shape of the dialect: %s", async (url, body) => {
    const answer = await get(url, { host: foreign });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject(body);
  });
});

describe("a page of another origin", () => {
  const host = "127.0.0.1:7080";

  it.each([
    ["http://page.example", 403],
    ["https://page.example:7080", 403],
    ["http://localhost:3000", 403],
    ["http://127.0.0.1:7081", 403],
    ["null", 403],
    ["nonsense", 403],
    ["http://127.0.0.1:7080", 200],
    // Of the settings: a proxy before the service may have changed the host.
    ["https://sampan.example.com", 200],
  ])("%s gets %i", async (origin, status) => {
    for (const url of openRoutes) expect(await statusOf(url, { host, origin }), url).toBe(status);
  });
});

describe("a client that goes by a vendor's name, where that leads here", () => {
  it("is let in by its signature, which has that name", async () => {
    const { rawHeaders, rawTarget } = signAcs3({
      ...sampleRequest,
      ...{ method: "GET", path: "/clusters", body: "", date: new Date(), nonce: randomUUID() },
      headers: { host: vendor, accept: "application/json" },
      ...{ accessKeyId: testCredentials.accessKeyId, secret: testCredentials.accessKeySecret },
    });
    const answer = await get(rawTarget, headersOf(rawHeaders));
    expect([answer.statusCode, answer.json()]).toEqual([200, []]);
  });

  it("has what it asks for refused, where it is not let in, by the dialect itself", async () => {
    expect((await get("/clusters", { host: vendor })).json()).toMatchObject({ code: "MissingAuthorization" });
    expect((await get("/nowhere", { host: vendor })).json()).toMatchObject({ code: "InvalidApi.NotFound" });
    expect(await statusOf("/v3", { host: "iam.cn-north-4.myhuaweicloud.com" })).toBe(200);
  });

  it.each(openRoutes)("reads nothing at %s, where a page below the vendor's names might", async (url) => {
    expect(await statusOf(url, { host: vendor })).toBe(403);
  });
});

describe("who calls the service by its own name or address", () => {
  it.each(["127.0.0.1:7080", "10.0.0.7", "[::1]:7080", "localhost:7080", "sampan.example.com"])(
    "%s is answered",
    async (host) => {
      for (const url of openRoutes) expect(await statusOf(url, { host }), url).toBe(200);
      expect(await statusOf("/clusters", { host })).toBe(400);
    },
  );
});
