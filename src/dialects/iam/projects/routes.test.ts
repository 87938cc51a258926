import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../../test/support/core.ts";
import { createHuaweiApp } from "../../../../test/support/huawei-services.ts";
import { findDomain } from "../../../core/accounts/domains.ts";
import { issueToken } from "../../../core/accounts/tokens.ts";
import { listUsers, type User } from "../../../core/accounts/users.ts";

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
  ] as const)("tells nothing at %s to %s without authentication", async (url, method) => {
    const answer = await app.inject({ method, url });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ error_code: "APIGW.0301" });
  });
});

describe("projects", () => {
  it("are filtered by what they have, and by nothing else", async () => {
    await create({ name: "cn-north-4_filtered" });
    expect(namesOf(await get("/v3/projects?name=cn-north-4_filtered"))).toEqual(["cn-north-4_filtered"]);
    expect(namesOf(await get(`/v3/projects?domain_id=${domainId}&enabled=true`))).toContain("cn-north-4");
    expect(await get("/v3/projects?domain_id=another")).toMatchObject({ projects: [] });
    expect(await get("/v3/projects?name=a&name=b")).toMatchObject({ projects: [] });
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
    const answer = await create({ name: "cn-east-3_test", domain_id: domainId, parent_id: projectId });
    expect(answer.statusCode).toBe(201);
    expect(answer.json().project).toMatchObject({ name: "cn-east-3_test", domain_id: domainId, enabled: true });
    expect((await create({ name: "cn-east-3_test" })).json().error).toMatchObject({ code: 409, title: "Conflict" });
  });

  it.each<[unknown, number, string]>([
    [undefined, 400, "project is mandatory, an object."],
    [[], 400, "project must be an object; project is mandatory, an object."],
    [{ name: "", domain_id: 1 }, 400, "project.domain_id must be a text; project.name is mandatory, a text."],
    [{ name: "My project" }, 400, "project.name must be a region as in cn-north-4"],
    [{ name: "cn-north-4_" }, 400, "project.name must be a region"],
    [{ name: "a".repeat(65) }, 400, "of at most 64 characters"],
    [{ name: "cn-east-9", domain_id: "0".repeat(32) }, 403, "domain_id is not the caller's"],
    [{ name: "cn-east-9", parent_id: "0".repeat(32) }, 403, "parent_id is neither"],
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
  });
});
