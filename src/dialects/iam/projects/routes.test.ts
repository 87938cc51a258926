import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../../test/support/core.ts";
import { createHuaweiApp } from "../../../../test/support/huawei-services.ts";
import { newCluster } from "../../../../test/support/new-cluster.ts";
import { findDomain } from "../../../core/accounts/domains.ts";
import { issueToken } from "../../../core/accounts/tokens.ts";
import { listUsers, type User } from "../../../core/accounts/users.ts";
import { createCluster } from "../../../core/clusters/create.ts";

const { projectId, userName, domainName } = testCredentials;

let test: TestCore;
let app: FastifyInstance;
let strict: FastifyInstance;
let domainId: string;
let user: User | undefined;
let headers: Record<string, string>;
beforeAll(async () => {
  test = await createTestCore();
  domainId = (await findDomain(test.core, test.accountId)).id;
  [user] = await listUsers(test.core, test.accountId);
  app = await createHuaweiApp(test.core);
  strict = await createHuaweiApp(test.core, { inventory: "strict" });
  const token = await issueToken(test.core, { userId: user?.id ?? "", projectId: null }, new Date());
  headers = { "x-auth-token": token, host: "sampan.example" };
});
afterAll(async () => {
  await app.close();
  await strict.close();
  await test.close();
});

const get = async (url: string, server = app) => (await server.inject({ url, headers })).json();
const create = (project: unknown) => app.inject({ method: "POST", url: "/v3/projects", headers, body: { project } });
const namesOf = ({ projects }: { projects: { name: string }[] }) => projects.map(({ name }) => name);

describe("the account", () => {
  it("has its domain", async () => {
    expect(await get("/v3/auth/domains")).toEqual({
      domains: [
        {
          id: domainId,
          name: domainName,
          enabled: true,
          description: "",
          links: { self: `http://sampan.example/v3/domains/${domainId}` },
        },
      ],
      links: { self: "http://sampan.example/v3/auth/domains", previous: null, next: null },
    });
  });

  it("has its user, by name too", async () => {
    const { users } = await get(`/v3/users?name=${userName}`);
    expect(users).toEqual([
      expect.objectContaining({ id: user?.id, name: userName, domain_id: domainId, enabled: true }),
    ]);
    expect((await get("/v3/users")).users).toHaveLength(1);
    expect((await get("/v3/users?name=mallory")).users).toEqual([]);
    expect(await get(`/v3/users/${user?.id}`)).toEqual({ user: users[0] });
    expect((await get(`/v3/users/${user?.id}/projects`)).projects).toEqual((await get("/v3/auth/projects")).projects);
  });

  it("has its first project", async () => {
    const project = {
      id: projectId,
      name: "cn-north-4",
      domain_id: domainId,
      parent_id: domainId,
      enabled: true,
      is_domain: false,
      description: "",
      links: { self: `http://sampan.example/v3/projects/${projectId}` },
    };
    const links = { self: "http://sampan.example/v3/projects?name=cn-north-4", previous: null, next: null };
    expect(await get("/v3/projects?name=cn-north-4")).toEqual({ projects: [project], links });
    expect((await get("/v3/auth/projects")).projects).toContainEqual(project);
  });

  it.each([
    ["/v3/projects", "GET"],
    ["/v3/projects", "POST"],
    ["/v3/auth/projects", "GET"],
    ["/v3/auth/domains", "GET"],
    ["/v3/auth/tokens", "GET"],
    ["/v3/regions", "GET"],
    ["/v3/users", "GET"],
    ["/v3/auth/catalog", "GET"],
    ["/v3/services", "GET"],
    ["/v3/endpoints", "GET"],
    ["/v3/projects/x", "DELETE"],
    ["/v3.0/OS-CREDENTIAL/credentials", "GET"],
  ] as const)("tells nothing at %s to %s without authentication", async (url, method) => {
    const answer = await app.inject({ method, url });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ error_code: "APIGW.0301" });
  });
});

describe("what is not the account's", () => {
  const paths = ["projects/0", "users/0", "users/0/projects", "regions/xx-none-1", "services/0", "endpoints/0"];
  it.each(paths)("is not found: %s", async (path) => {
    const answer = await app.inject({ url: `/v3/${path}`, headers });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().error).toMatchObject({ code: 404, title: "Not Found" });
  });
});

describe("the version of the API", () => {
  it.each(["/v3", "/v3/"])("is told to anybody, as Keystone does: %s", async (url) => {
    const answer = await app.inject({ url, headers: { host: "sampan.example" } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.json().version).toMatchObject({
      id: expect.stringMatching(/^v3\.\d+$/),
      status: "stable",
      links: [{ rel: "self", href: "http://sampan.example/v3/" }],
    });
  });
});

describe("projects", () => {
  it("are filtered by what they have, and by nothing else", async () => {
    await create({ name: "cn-north-4_filtered" });
    expect(namesOf(await get("/v3/projects?name=cn-north-4_filtered"))).toEqual(["cn-north-4_filtered"]);
    expect(namesOf(await get(`/v3/projects?domain_id=${domainId}&enabled=true`))).toContain("cn-north-4");
    expect(await get("/v3/projects?domain_id=another")).toMatchObject({ projects: [] });
    expect((await get("/v3/projects?name=a&name=b")).error.message).toBe(
      "name is given more than once: send name once.",
    );
    expect(namesOf(await get("/v3/projects?name=&page=1&constructor=1&__proto__=1"))).toContain("cn-north-4");
  });

  it("of a region are there as soon as they are looked for, unless the inventory is strict", async () => {
    expect(await get("/v3/projects?name=tr-west-1", strict)).toMatchObject({ projects: [] });
    const { projects } = await get("/v3/projects?name=tr-west-1");
    expect(projects).toMatchObject([{ id: expect.stringMatching(/^[0-9a-f]{32}$/), name: "tr-west-1" }]);
    expect(await get("/v3/projects?name=tr-west-1", strict)).toMatchObject({ projects: [{ id: projects[0].id }] });
    expect(await get("/v3/projects?name=Tr-west-1")).toMatchObject({ projects: [] });
  });

  it("are made by name", async () => {
    const answer = await create({ name: "cn-north-4_test", domain_id: domainId, parent_id: projectId });
    expect(answer.statusCode).toBe(201);
    const { project } = answer.json();
    expect(project).toMatchObject({
      name: "cn-north-4_test",
      domain_id: domainId,
      parent_id: projectId,
      enabled: true,
    });
    expect(await get(`/v3/projects/${project.id}`)).toEqual({ project });
    expect((await create({ name: "cn-north-4_test" })).json().error).toMatchObject({ code: 409, title: "Conflict" });
  });

  it.each([
    ["none", undefined],
    ["the account", "domain"],
  ])(
    "are below the project of their region, which is made for it, where the parent that is asked for is %s",
    async (_what, parent) => {
      const name = `la-north-2_${parent ?? "none"}`;
      const answer = await create({ name, parent_id: parent && domainId });
      const [region] = (await get("/v3/projects?name=la-north-2")).projects;
      expect(region.parent_id).toBe(domainId);
      expect(answer.json().project).toMatchObject({ name, parent_id: region.id });
    },
  );

  it("are below the account where there is no project of their region, and none may be made", async () => {
    const body = { project: { name: "sa-brazil-1_alone" } };
    const answer = await strict.inject({ method: "POST", url: "/v3/projects", headers, body });
    expect(answer.json().project.parent_id).toBe(domainId);
  });

  it("are deleted when they are sub-projects without clusters, with the tokens for them", async () => {
    const { project } = (await create({ name: "cn-north-4_brief" })).json();
    const issued = await issueToken(test.core, { userId: user?.id ?? "", projectId: project.id }, new Date());
    const remove = (id: string) => app.inject({ method: "DELETE", url: `/v3/projects/${id}`, headers });
    const deleted = await remove(project.id);
    expect([deleted.statusCode, deleted.body]).toEqual([204, ""]);
    expect((await remove(project.id)).statusCode).toBe(404);
    expect((await app.inject({ url: "/v3/projects", headers: { "x-auth-token": issued } })).statusCode).toBe(401);
  });

  it("are deleted by their own tokens and the account's, not by another project's", async () => {
    const { project } = (await create({ name: "cn-north-4_own" })).json();
    const tokenOf = (id: string) => issueToken(test.core, { userId: user?.id ?? "", projectId: id }, new Date());
    const removeBy = async (token: string) =>
      app.inject({ method: "DELETE", url: `/v3/projects/${project.id}`, headers: { "x-auth-token": token } });
    const refused = await removeBy(await tokenOf(projectId));
    expect(refused.statusCode).toBe(403);
    expect(refused.json().error.message).toContain("good for the project cn-north-4 alone");
    expect((await removeBy(await tokenOf(project.id))).statusCode).toBe(204);
  });

  it("are not deleted while clusters are in them", async () => {
    const { project } = (await create({ name: "cn-north-4_busy" })).json();
    await createCluster(test.core, newCluster({ dialect: "cce", projectId: project.id }));
    const answer = await app.inject({ method: "DELETE", url: `/v3/projects/${project.id}`, headers });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error.message).toContain("has 1 clusters. Delete those first.");
  });

  it.each(["cn-north-4", "tr-west-2"])("of a region are not deleted: %s", async (name) => {
    const [project] = (await get(`/v3/projects?name=${name}`)).projects;
    const answer = await app.inject({ method: "DELETE", url: `/v3/projects/${project.id}`, headers });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error.message).toContain("Only sub-projects");
  });

  it.each<[unknown, number, string]>([
    [undefined, 400, "project is mandatory."],
    [[], 400, "project [] must be object."],
    [{ name: "", domain_id: {} }, 400, "project.domain_id {} must be string; project.name is mandatory."],
    [{ name: "My project" }, 400, 'project.name "My project" must be a region as in cn-north-4'],
    [{ name: "cn-north-4_" }, 400, 'project.name "cn-north-4_" must be a region'],
    [{ name: "a".repeat(65) }, 400, "of at most 64 characters"],
    [{ name: "cn-east-9", domain_id: "0".repeat(32) }, 403, "domain_id is not the caller's"],
    [{ name: "cn-east-9", parent_id: "0".repeat(32) }, 403, "that is the caller's domain"],
    [{ name: "cn-east-8_a", parent_id: projectId }, 403, "that is the project cn-east-8 ("],
    [{ name: "cn-east-9\0" }, 400, "U+0000"],
  ])("are not made of %j", async (project, status, message) => {
    const answer = await create(project);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.message).toContain(message);
    expect(namesOf(await get("/v3/auth/projects"))).not.toContain("cn-east-9");
  });

  it.each(["/v3/projects?name=%00", "/v3/users?name=a%00b"])("are not looked for at %s", async (url) => {
    const answer = await app.inject({ url, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({ code: 400, message: expect.stringContaining("U+0000") });
  });
});

describe("regions", () => {
  it("are those of the account's projects, each once", async () => {
    await create({ name: "af-south-1_a" });
    await create({ name: "af-south-1_b" });
    const { regions } = await get("/v3/regions");
    const found = regions.filter(({ id }: { id: string }) => id === "af-south-1");
    expect(found).toMatchObject([{ type: "public", locales: { "zh-cn": "af-south-1", "en-us": "af-south-1" } }]);
    expect(await get("/v3/regions/af-south-1")).toEqual({ region: found[0] });
  });
});
