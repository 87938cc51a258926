import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../../test/support/core.ts";
import { createHuaweiApp } from "../../../../test/support/huawei-services.ts";
import { issueToken } from "../../../core/accounts/tokens.ts";
import { listUsers } from "../../../core/accounts/users.ts";

interface Endpoint {
  id: string;
  service_id: string;
  region_id: string;
  url: string;
}

let test: TestCore;
let app: FastifyInstance;
let headers: Record<string, string>;
beforeAll(async () => {
  test = await createTestCore();
  app = await createHuaweiApp(test.core);
  const [user] = await listUsers(test.core, test.accountId);
  const token = await issueToken(test.core, { userId: user?.id ?? "", projectId: null }, new Date());
  headers = { "x-auth-token": token, host: "sampan.example" };
});
afterAll(async () => {
  await app.close();
  await test.close();
});

const get = async (url: string) => (await app.inject({ url, headers })).json();
const ids = (list: { id: string }[]) => list.map(({ id }) => id);

describe("the catalogue", () => {
  it("is that of a token, at the address that the request came to", async () => {
    const { catalog, links } = await get("/v3/auth/catalog");
    expect(
      catalog.map((service: { type: string; endpoints: { url: string }[] }) => [
        service.type,
        service.endpoints[0]?.url,
      ]),
    ).toEqual([
      ["cce", "http://sampan.example"],
      ["ccev2.0", "http://sampan.example"],
      ["iam", "http://sampan.example/v3"],
      ["identity", "http://sampan.example/v3"],
    ]);
    expect(catalog[0].endpoints).toMatchObject([{ region: "cn-north-4" }]);
    expect(links).toEqual({ self: "http://sampan.example/v3/auth/catalog" });
  });
});

describe("services", () => {
  it("are those of the catalogue, under its ids", async () => {
    const { catalog } = await get("/v3/auth/catalog");
    const { services, links } = await get("/v3/services");
    expect(ids(services)).toEqual(ids(catalog));
    expect(services[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: "cce",
      type: "cce",
      enabled: true,
      links: { self: `http://sampan.example/v3/services/${services[0].id}` },
    });
    expect(links).toEqual({ self: "http://sampan.example/v3/services", previous: null, next: null });
  });

  it("are found by type, and shown by id", async () => {
    const { services } = await get("/v3/services?type=identity");
    expect(services).toMatchObject([{ type: "identity" }]);
    expect(await get(`/v3/services/${services[0].id}`)).toEqual({ service: services[0] });
    expect((await get("/v3/services?type=compute")).services).toEqual([]);
  });
});

describe("endpoints", () => {
  it("are those of the catalogue, under its ids", async () => {
    const { catalog } = await get("/v3/auth/catalog");
    const { endpoints, links } = await get("/v3/endpoints");
    const [cce] = catalog;
    expect(endpoints.filter(({ region_id }: Endpoint) => region_id === "cn-north-4")[0]).toEqual({
      id: cce.endpoints[0].id,
      service_id: cce.id,
      interface: "public",
      region: "cn-north-4",
      region_id: "cn-north-4",
      url: "http://sampan.example",
      enabled: true,
      links: { self: `http://sampan.example/v3/endpoints/${cce.endpoints[0].id}` },
    });
    expect(links).toEqual({ self: "http://sampan.example/v3/endpoints", previous: null, next: null });
  });

  it("are in every region in which the account has a project", async () => {
    await get("/v3/projects?name=ap-southeast-1");
    const { services } = await get("/v3/services?type=iam");
    const { endpoints } = await get(`/v3/endpoints?interface=public&service_id=${services[0].id}`);
    expect(endpoints.map(({ region_id, url }: Endpoint) => [region_id, url])).toEqual([
      ["cn-north-4", "http://sampan.example/v3"],
      ["ap-southeast-1", "http://sampan.example/v3"],
    ]);
    expect(new Set(ids(endpoints)).size).toBe(2);
    expect((await get("/v3/endpoints?interface=internal")).endpoints).toEqual([]);
  });

  it("are shown by id", async () => {
    const [endpoint] = (await get("/v3/endpoints")).endpoints;
    expect(await get(`/v3/endpoints/${endpoint.id}`)).toEqual({ endpoint });
  });
});
