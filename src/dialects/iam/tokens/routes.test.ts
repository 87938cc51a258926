import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../../test/support/core.ts";
import { createHuaweiApp } from "../../../../test/support/huawei-services.ts";
import { findDomain } from "../../../core/accounts/domains.ts";
import { hashOfNobody, isPassword, mostWaiting } from "../../../core/accounts/passwords.ts";
import { createProject, mostProjects } from "../../../core/accounts/projects.ts";
import { sampleRequest, signSdk } from "../../huawei/testing/client-signer.ts";

const { userName: name, userPassword: password, domainName, projectId } = testCredentials;
const start = new Date("2026-11-21T08:00:00.000Z");
const day = 24 * 60 * 60 * 1000;

let test: TestCore;
let app: FastifyInstance;
let domain: { id: string; name: string };
let now = start;
beforeAll(async () => {
  test = await createTestCore();
  domain = await findDomain(test.core, test.accountId);
  app = await createHuaweiApp(test.core, { now: () => now });
});
afterAll(async () => {
  await app.close();
  await test.close();
});

const identity = { methods: ["password"], password: { user: { name, password, domain: { name: domainName } } } };
const ask = (body: object, query = "") => app.inject({ method: "POST", url: `/v3/auth/tokens${query}`, body });
const tokenOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers["x-subject-token"]);
const newToken = async (scope?: object) => tokenOf(await ask({ auth: { identity, scope } }));
const get = (url: string, headers: Record<string, string>) => app.inject({ url, headers });
const clusters = (id: string) => `/api/v3/projects/${id}/clusters`;

describe("a token for a password", () => {
  it("is answered as Keystone does, with the services at the address that the request came to", async () => {
    now = start;
    const answer = await app.inject({
      method: "POST",
      url: "/v3/auth/tokens",
      headers: { host: "sampan.example:7080" },
      body: { auth: { identity, scope: { project: { name: "cn-north-4" } } } },
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(tokenOf(answer)).toMatch(/^[\w-]{64}$/);
    const endpoint = { id: expect.stringMatching(/^[0-9a-f]{32}$/), interface: "public" };
    const region = { region: "cn-north-4", region_id: "cn-north-4" };
    expect(answer.json()).toEqual({
      token: {
        methods: ["password"],
        issued_at: "2026-11-21T08:00:00.000000Z",
        expires_at: "2026-11-22T08:00:00.000000Z",
        catalog: [
          ["cce", ""],
          ["ccev2.0", ""],
          ["iam", "/v3"],
          ["identity", "/v3"],
        ].map(([type, path]) => ({
          id: expect.stringMatching(/^[0-9a-f]{32}$/),
          ...{ name: type, type },
          endpoints: [{ ...endpoint, ...region, url: `http://sampan.example:7080${path}` }],
        })),
        project: { id: projectId, name: "cn-north-4", domain },
        roles: [{ id: "0", name: "te_admin" }],
        user: { id: expect.stringMatching(/^[0-9a-f]{32}$/), name, domain, password_expires_at: "" },
      },
    });
    expect(answer.body).not.toContain(tokenOf(answer));
  });

  it("leaves the catalogue out where it is asked to", async () => {
    const answer = await ask({ auth: { identity } }, "?nocatalog=true");
    expect(answer.json().token.catalog).toEqual([]);
  });

  it.each<[string, object | undefined]>([
    ["nothing", undefined],
    ["the account by name", { domain: { name: domainName } }],
  ])("with %s as its scope is for the account as a whole", async (_name, scope) => {
    const { token } = (await ask({ auth: { identity, scope } })).json();
    expect(token.domain).toEqual(domain);
    expect(token.project).toBeUndefined();
  });

  it.each<[string, () => object]>([
    ["a project's id", () => ({ project: { id: projectId } })],
    ["a project's name and account", () => ({ project: { name: "cn-north-4", domain: { id: domain.id } } })],
    ["a project's id and name", () => ({ project: { id: projectId, name: "cn-north-4" } })],
  ])("with %s as its scope is for that project", async (_name, scope) => {
    expect((await ask({ auth: { identity, scope: scope() } })).json().token.project.id).toBe(projectId);
  });

  it.each<[string, object]>([
    ["an unknown project", { project: { id: "0".repeat(32) } }],
    ["a project of an odd name", { project: { name: "My project" } }],
    ["an id and a name that disagree", { project: { id: projectId, name: "cn-east-3" } }],
    ["another account", { domain: { name: "initech" } }],
    ["a project of another account", { project: { name: "cn-north-4", domain: { name: "initech" } } }],
  ])("with %s as its scope is refused", async (_name, scope) => {
    const answer = await ask({ auth: { identity, scope } });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers["x-subject-token"]).toBeUndefined();
    expect(answer.json().error).toMatchObject({ code: 403, title: "Forbidden" });
  });

  it("is refused in the same words for a wrong password, an unknown user and an unknown account", async () => {
    const wrong = [
      { password: `${password} ` },
      { name: "mallory" },
      { domain: { name: "nowhere" } },
      { domain: { id: "0".repeat(32) } },
      { id: "0".repeat(32) },
    ];
    const answers = [];
    for (const change of wrong) {
      const user = { ...identity.password.user, ...change };
      answers.push(await ask({ auth: { identity: { ...identity, password: { user } } } }));
    }
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(wrong.map(() => 401));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.json()).toEqual({
      error: { code: 401, message: expect.stringContaining("credentials.json"), title: "Unauthorized" },
    });
  });

  it("is refused while too many passwords are being checked, and got by trying again", async () => {
    const slow = hashOfNobody.replace(/^scrypt:16384:8:5:/, "scrypt:16384:8:10:");
    const others = Array.from({ length: mostWaiting }, () => isPassword("", slow));
    const answer = await ask({ auth: { identity } });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["x-subject-token"]).toBeUndefined();
    expect(answer.json()).toEqual({
      error: {
        code: 503,
        message: expect.stringMatching(/try again in a few seconds\.$/),
        title: "Service Unavailable",
      },
    });
    await Promise.all(others);
    expect((await ask({ auth: { identity } })).statusCode).toBe(201);
  });

  it("is asked for without any authentication, even a bad one", async () => {
    const headers = { "x-auth-token": "expired", authorization: "Basic dTpw" };
    const answer = await app.inject({ method: "POST", url: "/v3/auth/tokens", headers, body: { auth: { identity } } });
    expect(answer.statusCode).toBe(201);
  });
});

describe("the project of a region", () => {
  it("is made when a token for it is first asked for", async () => {
    const scope = { project: { name: "ap-southeast-3" } };
    const made = (await ask({ auth: { identity, scope } })).json().token.project;
    expect(made).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/), name: "ap-southeast-3", domain });
    expect((await ask({ auth: { identity, scope } })).json().token.project.id).toBe(made.id);
  });

  it("is not made for who does not know the password", async () => {
    const user = { ...identity.password.user, password: "wrong password" };
    const scope = { project: { name: "sa-brazil-1" } };
    await ask({ auth: { identity: { ...identity, password: { user } }, scope } });
    const { projects } = (await get("/v3/auth/projects", { "x-auth-token": await newToken() })).json();
    expect(projects.map((project: { name: string }) => project.name)).not.toContain("sa-brazil-1");
  });

  it("is not made where the account has as many as it may, nor is another one", async () => {
    const crowded = await createTestCore();
    for (let n = 1; n < mostProjects; n++) await createProject(crowded.core, crowded.accountId, `cn-north-4_${n}`);
    const other = await createHuaweiApp(crowded.core);
    const tokenFor = (scope?: object) =>
      other.inject({ method: "POST", url: "/v3/auth/tokens", body: { auth: { identity, scope } } });
    const headers = { "x-auth-token": tokenOf(await tokenFor()) };
    const project = { name: "af-south-1" };
    for (const answer of [
      await other.inject({ url: "/v3/projects?name=af-south-1", headers }),
      await other.inject({ method: "POST", url: "/v3/projects", headers, body: { project } }),
      await tokenFor({ project }),
    ]) {
      expect(answer.statusCode).toBe(403);
      expect(answer.json().error.message).toBe(
        "There is no project af-south-1, and the account has 200 projects, as many as it may; use one of them.",
      );
    }
    const { projects } = (await other.inject({ url: "/v3/projects?name=cn-north-4", headers })).json();
    expect(projects).toHaveLength(1);
    await other.close();
    await crowded.close();
  });

  it("is not made where the inventory is strict", async () => {
    const strict = await createHuaweiApp(test.core, { inventory: "strict" });
    const body = { auth: { identity, scope: { project: { name: "la-south-2" } } } };
    expect((await strict.inject({ method: "POST", url: "/v3/auth/tokens", body })).statusCode).toBe(403);
    await strict.close();
  });
});

describe("a token for a token", () => {
  const rescope = (id: string, scope: object) =>
    ask({ auth: { identity: { methods: ["token"], token: { id } }, scope } });

  it("has another scope, and ends when the first one does", async () => {
    now = start;
    const whole = await newToken();
    now = new Date(start.getTime() + day / 2);
    const answer = await rescope(whole, { project: { id: projectId } });
    expect(answer.json().token).toMatchObject({
      methods: ["token"],
      issued_at: "2026-11-21T20:00:00.000000Z",
      expires_at: "2026-11-22T08:00:00.000000Z",
      project: { id: projectId },
    });
    now = new Date(start.getTime() + day);
    expect((await get("/v3/projects", { "x-auth-token": tokenOf(answer) })).statusCode).toBe(401);
    expect((await rescope(whole, { project: { id: projectId } })).statusCode).toBe(401);
    now = start;
  });
});

describe("a token for the token of a project", () => {
  const rescope = async (scope: object | undefined) => {
    const token = { id: await newToken({ project: { id: projectId } }) };
    return ask({ auth: { identity: { methods: ["token"], token }, scope } });
  };

  it.each<[string, object | undefined]>([
    ["nothing", undefined],
    ["its id", { project: { id: projectId } }],
    ["its name", { project: { name: "cn-north-4" } }],
    [
      "its id and name, and the account",
      { project: { id: projectId, name: "cn-north-4", domain: { name: domainName } } },
    ],
  ])("is for that project where the scope is %s", async (_what, scope) => {
    const answer = await rescope(scope);
    expect(answer.statusCode).toBe(201);
    expect(answer.json().token.project.id).toBe(projectId);
  });

  it.each<[string, object]>([
    ["the account as a whole", { domain: { name: domainName } }],
    ["another project by id", { project: { id: "other" } }],
    ["another project by name", { project: { name: "cn-east-3_more" } }],
    ["a region without a project", { project: { name: "sa-peru-1" } }],
    ["its id and another name", { project: { id: projectId, name: "cn-east-3_more" } }],
  ])("is refused for %s", async (_what, scope) => {
    const other = (await createProject(test.core, test.accountId, "cn-east-3_more"))?.id;
    const answer = await rescope(JSON.parse(JSON.stringify(scope).replace('"other"', JSON.stringify(other ?? "x"))));
    expect(answer.statusCode).toBe(403);
    expect(answer.headers["x-subject-token"]).toBeUndefined();
    expect(answer.json().error).toMatchObject({
      code: 403,
      title: "Forbidden",
      message: expect.stringContaining("alone"),
    });
    const { projects } = (await get("/v3/auth/projects", { "x-auth-token": await newToken() })).json();
    expect(projects.map((project: { name: string }) => project.name)).not.toContain("sa-peru-1");
  });
});

describe("a token in use", () => {
  it.each([
    ["X-Auth-Token", (token: string) => ({ "x-auth-token": token })],
    ["Authorization: Bearer", (token: string) => ({ authorization: `Bearer ${token}` })],
  ])("works in its project as %s", async (_name, headers) => {
    const token = await newToken({ project: { id: projectId } });
    const answer = await get(clusters(projectId), headers(token));
    expect(answer.json()).toMatchObject({ kind: "Cluster", items: [] });
  });

  it("works for a day", async () => {
    now = start;
    const headers = { "x-auth-token": await newToken({ project: { id: projectId } }) };
    now = new Date(start.getTime() + day - 1);
    expect((await get(clusters(projectId), headers)).statusCode).toBe(200);
    now = new Date(start.getTime() + day);
    const answer = await get(clusters(projectId), headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({
      error_code: "APIGW.0301",
      error_msg: expect.stringContaining("has expired. Get a new one by POST /v3/auth/tokens"),
      request_id: answer.headers["x-request-id"],
    });
    now = start;
  });

  it("works in no other project, be it there or not", async () => {
    const other = await createProject(test.core, test.accountId, "eu-west-101_a");
    const headers = { "x-auth-token": await newToken({ project: { id: projectId } }) };
    const answers = [];
    for (const id of [other?.id ?? "", "0".repeat(32)]) {
      const { statusCode, body } = await get(clusters(id), headers);
      expect(statusCode).toBe(403);
      answers.push(body.replaceAll(id, "<id>"));
    }
    expect(answers[0]).toBe(answers[1]);
    expect(JSON.parse(answers[0] ?? "")).toMatchObject({ reason: "Forbidden", errorCode: "CCE.01403001" });
  });

  it("of the account as a whole works in no project", async () => {
    const answer = await get(clusters(projectId), { "x-auth-token": await newToken() });
    expect(answer.statusCode).toBe(403);
  });

  it("can be asked about, by the account that has it", async () => {
    const caller = await newToken();
    const subject = await newToken({ project: { id: projectId } });
    const answer = await get("/v3/auth/tokens", { "x-auth-token": caller, "x-subject-token": subject });
    expect(answer.statusCode).toBe(200);
    expect(tokenOf(answer)).toBe(subject);
    expect(answer.json().token).toMatchObject({
      project: { id: projectId },
      expires_at: "2026-11-22T08:00:00.000000Z",
    });
    for (const headers of [{ "x-subject-token": "unknown" }, { "x-subject-token": "" }, undefined])
      expect((await get("/v3/auth/tokens", { "x-auth-token": caller, ...headers })).json().error).toMatchObject({
        code: 404,
        title: "Not Found",
      });
  });
});

describe("a request that nobody should send", () => {
  it.each(["\0", "a\0b", "A".repeat(1025), "A".repeat(15_000)])("asks for a token with the name %j", async (name) => {
    const user = { ...identity.password.user, name };
    const answer = await ask({ auth: { identity: { ...identity, password: { user } } } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.title).toBe("Bad Request");
  });

  it("asks for a token with far more than that takes: nobody knows who it is", async () => {
    const answer = await ask({ auth: { identity }, padding: "x".repeat(16 * 1024) });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({
      error_code: "APIGW.0201",
      error_msg: "The request body is too large. At most 16384 bytes are accepted.",
    });
    // Other operations take what the dialect takes.
    const headers = { "x-auth-token": await newToken() };
    const body = { project: { name: "cn-north-4_small" }, padding: "x".repeat(16 * 1024) };
    expect((await app.inject({ method: "POST", url: "/v3/projects", headers, body })).statusCode).toBe(201);
  });

  it("sends a body that is no JSON object", async () => {
    for (const payload of ["", "[]", "null", "{", '"auth"', '{"__proto__":{}}']) {
      const headers = { "content-type": "application/json" };
      const answer = await app.inject({ method: "POST", url: "/v3/auth/tokens", headers, payload });
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error).toMatchObject({ code: 400, title: "Bad Request" });
    }
  });

  it("gets no 5xx, whatever member of the body is another value", async () => {
    const whole = {
      auth: {
        identity: {
          methods: ["password", "token"],
          password: { user: { id: "u", name: "mallory", password: "x", domain: { id: "d", name: "n" } } },
          token: { id: "t" },
        },
        scope: { project: { id: "p", name: "n", domain: { id: "d", name: "n" } }, domain: { id: "d", name: "n" } },
      },
    };
    const value = fc.oneof(
      fc.constantFrom<unknown>(null, "", "\0", [], {}, 0, true, ["password"], ["token"], ["totp"], undefined),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const places = placesOf(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...places), value), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          let body: unknown = whole;
          for (const [place, other] of changes) body = withChange(body, place, other);
          const answer = await app.inject({
            method: "POST",
            url: "/v3/auth/tokens",
            headers: { "content-type": "application/json" },
            payload: JSON.stringify(body) ?? "",
          });
          expect([400, 401, 403]).toContain(answer.statusCode);
          expect(answer.json().error).toMatchObject({ code: answer.statusCode, message: expect.stringMatching(/\.$/) });
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is signed, and then altered, or sent for another project", async () => {
    now = sampleRequest.date;
    const { accessKeyId, accessKeySecret: secret } = testCredentials;
    const client = { ...sampleRequest, method: "GET", path: ["api", "v3", "projects", projectId, "clusters"] };
    const signed = signSdk({ ...client, body: "{}", accessKeyId, secret });
    const names = signed.rawHeaders.filter((_, index) => index % 2 === 0);
    const headers = Object.fromEntries(names.map((header, index) => [header, signed.rawHeaders[2 * index + 1] ?? ""]));
    const send = (url: string, payload: string) => app.inject({ method: "GET", url, headers, payload });
    expect((await send(signed.rawTarget, "{}")).statusCode).toBe(200);
    for (const [url, payload] of [
      [signed.rawTarget, "{ }"],
      [signed.rawTarget, ""],
      [clusters("0".repeat(32)), "{}"],
      [`${signed.rawTarget}?a=b`, "{}"],
    ] as const) {
      const answer = await send(url, payload);
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({
        error_code: "APIGW.0301",
        error_msg: expect.stringContaining("verify aksk"),
      });
    }
    now = start;
  });
});

/** Every member of an object, as the names that lead to it. */
function placesOf(value: object, before: string[] = []): string[][] {
  return Object.entries(value).flatMap(([member, inner]) => {
    const place = [...before, member];
    return typeof inner === "object" && inner !== null ? [place, ...placesOf(inner, place)] : [place];
  });
}

/** A copy in which a member has another value, or where that is undefined, is not there. */
function withChange(value: unknown, [first, ...rest]: readonly string[], other: unknown): unknown {
  if (first === undefined) return other;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = value as Record<string, unknown>;
  return { ...members, [first]: withChange(members[first], rest, other) };
}
