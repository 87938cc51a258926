import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../test/support/core.ts";
import { createHuaweiApp } from "../../test/support/huawei-services.ts";
import { findProjectByName, listProjects } from "../core/accounts/projects.ts";
import { sdk, sdkCore } from "../dialects/huawei/testing/huawei-sdk.ts";

const { accessKeyId, accessKeySecret, projectId } = testCredentials;

let home: string;
const homeBefore = process.env.HOME;
let test: TestCore;
let app: FastifyInstance;
let strict: FastifyInstance;
let url: string;
let strictUrl: string;
/** The targets of the requests that came. */
let received: string[];

beforeAll(async () => {
  // The SDK writes an application id into the home folder.
  home = await mkdtemp(join(tmpdir(), "sampan-huawei-sdk-"));
  process.env.HOME = home;
  test = await createTestCore();
  app = await createHuaweiApp(test.core);
  strict = await createHuaweiApp(test.core, { inventory: "strict" });
  for (const server of [app, strict])
    server.addHook("onRequest", async (request) => {
      received.push(request.url);
    });
  url = await app.listen({ port: 0, host: "127.0.0.1" });
  strictUrl = await strict.listen({ port: 0, host: "127.0.0.1" });
});
beforeEach(() => {
  received = [];
});
afterAll(async () => {
  await app.close();
  await strict.close();
  await test.close();
  process.env.HOME = homeBefore;
  await rm(home, { recursive: true });
});

const credentials = (secret = accessKeySecret, key = accessKeyId) =>
  new sdkCore.BasicCredentials().withAk(key).withSk(secret);
const client = (credential: InstanceType<typeof sdkCore.BasicCredentials>, endpoint = url) =>
  sdk.CceClient.newBuilder().withCredential(credential).withEndpoint(endpoint).build();
const regionClient = (region: string, address = url) =>
  sdk.CceClient.newBuilder()
    .withCredential(credentials().withIamEndpoint(address))
    .withRegion(new sdkCore.Region(region, address))
    .build();
const list = (cce: ReturnType<typeof client>) => cce.listClusters(new sdk.ListClustersRequest());
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail("the call succeeded"),
    (error: Record<string, unknown>) => error,
  );

describe("the official Node.js SDK", () => {
  it("is let in with an access key and a project id", async () => {
    expect(await list(client(credentials().withProjectId(projectId)))).toMatchObject({
      httpStatusCode: 200,
      items: [],
    });
  });

  it("is let in with a query, its signed body on a GET included", async () => {
    const request = new sdk.ListClustersRequest()
      .withVersion("a b*~!'()+名")
      .withStatus(sdk.ListClustersRequestStatusEnum.AVAILABLE);
    expect(await client(credentials().withProjectId(projectId)).listClusters(request)).toMatchObject({
      httpStatusCode: 200,
    });
    expect(received[0]).toContain("version=");
  });

  it("is let in where its endpoint ends in a slash, which it signs and does not send", async () => {
    expect(await list(client(credentials().withProjectId(projectId), `${url}/`))).toMatchObject({
      httpStatusCode: 200,
    });
    expect(received[0]).toBe(`/api/v3/projects/${projectId}/clusters`);
  });

  it("is told what to do where nobody gave it a project", async () => {
    expect(await refusal(list(client(credentials())))).toMatchObject({
      httpStatusCode: 400,
      errorCode: "CCE_CM.0004",
      errorMsg: expect.stringContaining("Give the client a project id"),
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(received[0]).toContain("%7Bproject_id%7D");
  });

  it.each([
    ["a wrong secret", () => credentials("wrongSecret"), "verify aksk signature fail"],
    ["an unknown key", () => credentials(accessKeySecret, "AKUNKNOWN"), "Get secretKey failed"],
    ["a security token", () => credentials().withSecurityToken("temporary"), "issues no temporary access keys"],
  ])("reads why it is not let in with %s", async (_name, make, message) => {
    expect(await refusal(list(client(make().withProjectId(projectId))))).toMatchObject({
      httpStatusCode: 401,
      errorCode: "APIGW.0301",
      errorMsg: expect.stringContaining(message),
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it("reads that a project is not its own", async () => {
    expect(await refusal(list(client(credentials().withProjectId("0".repeat(32)))))).toMatchObject({
      httpStatusCode: 403,
      errorCode: "CCE.01403001",
      errorMsg: expect.stringContaining(`The project ${"0".repeat(32)} is not one`),
    });
  });

  it("finds the project of its region", async () => {
    expect(await list(regionClient("cn-north-4"))).toMatchObject({ items: [] });
    expect(received).toEqual(["/v3/projects?name=cn-north-4", `/api/v3/projects/${projectId}/clusters`]);
  });

  it("finds one in a region that the account has not been in", async () => {
    expect(await list(regionClient("cn-southwest-2"))).toMatchObject({ items: [] });
    const project = await findProjectByName(test.core, test.accountId, "cn-southwest-2");
    expect(received[1]).toBe(`/api/v3/projects/${project?.id}/clusters`);
  });

  it("finds none in such a region where the inventory is strict, and says so", async () => {
    expect(String((await refusal(list(regionClient("cn-southwest-9", strictUrl)))).message)).toContain("not supported");
    expect(received).toEqual(["/v3/projects?name=cn-southwest-9", "/v3/regions"]);
    const names = (await listProjects(test.core, test.accountId)).map(({ name }) => name);
    expect(names).not.toContain("cn-southwest-9");
  });
});
