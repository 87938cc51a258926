import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../test/support/core.ts";
import { accounts, projects, tokens, users } from "../../storage/schema.ts";
import { findDomain } from "./domains.ts";
import { ensureFirstAccount } from "./first-account.ts";
import { hashPassword } from "./passwords.ts";
import {
  createProject,
  ensureRegionProject,
  findProject,
  findProjectByName,
  isRegionName,
  listProjects,
  mostProjects,
  projectRegion,
  TooManyProjectsError,
} from "./projects.ts";
import { forgetExpiredTokens, issueToken, verifyToken } from "./tokens.ts";
import { listUsers, type UserReference, verifyPassword } from "./users.ts";

const otherProject = "f".repeat(32);
const otherPassword = "the other password";

let test: TestCore;
/** The user of the first account, and that of an account beside it. */
let alice: { id: string; accountId: string };
let bob: { id: string; accountId: string };
beforeAll(async () => {
  test = await createTestCore();
  const { core } = test;
  const [user] = await listUsers(core, test.accountId);
  alice = user ?? { id: "", accountId: "" };
  bob = { id: "b".repeat(32), accountId: "other" };
  const domain = { huaweiDomainId: "d".repeat(32), huaweiDomainName: "initech" };
  await core.db.insert(accounts).values({ id: "other", alibabaUid: "1", ...domain });
  await core.db.insert(projects).values({ id: otherProject, accountId: "other", name: "cn-north-4", isFirst: true });
  await core.db.insert(users).values({ ...bob, name: "alice", passwordHash: await hashPassword(otherPassword) });
});
afterAll(() => test.close());

describe("projects", () => {
  it("are found by id and by name in their account alone", async () => {
    const { core } = test;
    const first = { id: testCredentials.projectId, accountId: "default", name: "cn-north-4", isFirst: true };
    expect(await findProject(core, "default", testCredentials.projectId)).toEqual(first);
    expect(await findProjectByName(core, "default", "cn-north-4")).toEqual(first);
    expect(await findProject(core, "default", otherProject)).toBeUndefined();
    expect(await findProject(core, "other", testCredentials.projectId)).toBeUndefined();
    expect(await findProjectByName(core, "other", "cn-north-4")).toMatchObject({ id: otherProject });
  });

  it("are made with an id of their own and a name that the account has once", async () => {
    const { core } = test;
    const made = await createProject(core, "default", "cn-north-4_test");
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      accountId: "default",
      name: "cn-north-4_test",
      isFirst: false,
    });
    expect(await createProject(core, "default", "cn-north-4_test")).toBeUndefined();
    expect(await createProject(core, "other", "cn-north-4_test")).toMatchObject({ accountId: "other" });
    expect((await listProjects(core, "default")).map(({ name }) => name)).toEqual(["cn-north-4", "cn-north-4_test"]);
  });

  it("of a region are made on first use, once, however many ask", async () => {
    const { core } = test;
    expect(await ensureRegionProject(core, "default", "eu-west-101", "strict")).toBeUndefined();
    expect(await ensureRegionProject(core, "default", "ap-southeast-1", "strict")).toBeUndefined();
    expect(await ensureRegionProject(core, "default", "My project", "implicit")).toBeUndefined();
    const asked = Array.from({ length: 10 }, () => ensureRegionProject(core, "default", "ap-southeast-1", "implicit"));
    const ids = (await Promise.all(asked)).map((project) => project?.id);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(await ensureRegionProject(core, "default", "ap-southeast-1", "strict")).toMatchObject({ id: ids[0] });
  });

  it("are no more than an account may have, however many are asked for at once", async () => {
    const { core } = test;
    await core.db
      .insert(accounts)
      .values({ id: "crowded", alibabaUid: "2", huaweiDomainId: "e".repeat(32), huaweiDomainName: "crowded" });
    const row = (n: number) => ({ id: `crowded-${n}`, accountId: "crowded", name: `cn-north-4_${n}` });
    await core.db.insert(projects).values(Array.from({ length: mostProjects - 2 }, (_, n) => row(n)));
    const asked = Array.from({ length: 5 }, (_, n) => ensureRegionProject(core, "crowded", `cn-east-${n}`, "implicit"));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(await listProjects(core, "crowded")).toHaveLength(mostProjects);
    await expect(createProject(core, "crowded", "cn-east-9")).rejects.toThrow(TooManyProjectsError);
    await expect(createProject(core, "crowded", "cn-east-9")).rejects.toThrow("the account has 200 projects");
    expect(await createProject(core, "crowded", "cn-north-4_1")).toBeUndefined();
    expect(await ensureRegionProject(core, "crowded", "cn-north-4_1", "implicit")).toMatchObject({ id: "crowded-1" });
  });

  it.each([
    ["cn-north-4", true],
    ["ap-southeast-10", true],
    ["cn-north", false],
    ["cn-north-100", false],
    ["CN-north-4", false],
    ["cn-north-4_test", false],
    ["cn-north-4\n", false],
    [`cn-${"n".repeat(33)}-4`, false],
    ["", false],
  ])("named %j: a region? %s", (name, expected) => {
    expect(isRegionName(name)).toBe(expected);
  });

  it.each([
    ["cn-north-4", "cn-north-4"],
    ["cn-north-4_test_a", "cn-north-4"],
  ])("named %j are in the region %j", (name, region) => {
    expect(projectRegion(name)).toBe(region);
  });
});

describe("a password", () => {
  const { userName: name, domainName, userPassword = "" } = testCredentials;
  const verify = (who: UserReference, password = userPassword) => verifyPassword(test.core, who, password);

  it("proves the user by id, and by name and account", async () => {
    const domain = await findDomain(test.core, "default");
    const user = { id: alice.id, accountId: "default", name, passwordHash: expect.stringMatching(/^scrypt:/) };
    expect(await verify({ id: alice.id })).toEqual(user);
    expect(await verify({ id: alice.id, name, domain })).toEqual(user);
    expect(await verify({ name, domain: { name: domainName } })).toEqual(user);
    expect(await verify({ name, domain: { id: domain.id } })).toEqual(user);
  });

  it("is that of the account's own user of that name", async () => {
    expect(await verify({ name, domain: { name: "initech" } }, otherPassword)).toMatchObject({ accountId: "other" });
    expect(await verify({ name, domain: { name: "initech" } })).toBeUndefined();
    expect(await verify({ name, domain: { name: domainName } }, otherPassword)).toBeUndefined();
  });

  it.each<[string, UserReference]>([
    ["an unknown user", { name: "mallory", domain: { name: domainName } }],
    ["an unknown account", { name, domain: { name: "nowhere" } }],
    ["an account whose id and name disagree", { name, domain: { id: "d".repeat(32), name: domainName } }],
    ["an unknown id", { id: "0".repeat(32) }],
    ["a name in other letters", { name: name.toUpperCase(), domain: { name: domainName } }],
    ["a name with SQL in it", { name: "' or 1=1 --", domain: { name: domainName } }],
  ])("proves nothing for %s", async (_what, who) => {
    expect(await verify(who)).toBeUndefined();
  });

  it.each(["", "the password of the first use", "the password of the first user ", "THE PASSWORD OF THE FIRST USER"])(
    "is not %j",
    async (password) => {
      expect(await verify({ id: alice.id }, password)).toBeUndefined();
    },
  );
});

describe("a token", () => {
  const day = 24 * 60 * 60 * 1000;
  const issuedAt = new Date("2026-11-21T08:00:00.000Z");
  const later = (milliseconds: number) => new Date(issuedAt.getTime() + milliseconds);

  it("says for a day who has it, and in which project", async () => {
    const { core } = test;
    const token = await issueToken(core, { userId: alice.id, projectId: testCredentials.projectId }, issuedAt);
    expect(token).toMatch(/^[\w-]{64}$/);
    const owner = {
      user: { id: alice.id, accountId: "default", name: "alice" },
      domain: await findDomain(core, "default"),
      project: { id: testCredentials.projectId, name: "cn-north-4" },
      issuedAt,
      expiresAt: later(day),
    };
    expect(await verifyToken(core, token, issuedAt)).toEqual(owner);
    expect(await verifyToken(core, token, later(day - 1))).toEqual(owner);
    expect(await verifyToken(core, token, later(day))).toBeUndefined();
  });

  it("of an account as a whole has no project", async () => {
    const token = await issueToken(test.core, { userId: bob.id, projectId: null }, issuedAt);
    const owner = await verifyToken(test.core, token, issuedAt);
    expect(owner).toMatchObject({ user: { accountId: "other" }, domain: { name: "initech" } });
    expect(owner?.project).toBeUndefined();
  });

  it("that is got with another one does not outlive that", async () => {
    const wish = { userId: alice.id, projectId: null };
    const short = await issueToken(test.core, { ...wish, notAfter: later(1000) }, issuedAt);
    expect(await verifyToken(test.core, short, later(999))).toBeDefined();
    expect(await verifyToken(test.core, short, later(1000))).toBeUndefined();
    const long = await issueToken(test.core, { ...wish, notAfter: later(7 * day) }, issuedAt);
    expect(await verifyToken(test.core, long, later(day))).toBeUndefined();
  });

  it("is nowhere in the database", async () => {
    const token = await issueToken(test.core, { userId: alice.id, projectId: null }, issuedAt);
    const rows = JSON.stringify(await test.core.db.select().from(tokens));
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(token.slice(0, 16));
  });

  it.each(["", "x", "A".repeat(64), "A".repeat(100_000), "' or '1'='1", "ä\u{1f600}"])(
    "that was never issued is nobody's",
    async (token) => {
      expect(await verifyToken(test.core, token, issuedAt)).toBeUndefined();
    },
  );

  it("of which a character differs is nobody's", async () => {
    const token = await issueToken(test.core, { userId: alice.id, projectId: null }, issuedAt);
    const last = token.endsWith("A") ? "B" : "A";
    expect(await verifyToken(test.core, token.slice(0, -1) + last, issuedAt)).toBeUndefined();
    expect(await verifyToken(test.core, `${token}=`, issuedAt)).toBeUndefined();
    expect(await verifyToken(test.core, token.toLowerCase(), issuedAt)).toBeUndefined();
  });

  it("is forgotten once it has expired, and no sooner", async () => {
    const { core } = test;
    await core.db.delete(tokens);
    await issueToken(core, { userId: alice.id, projectId: null }, issuedAt);
    await issueToken(core, { userId: alice.id, projectId: null }, later(1));
    await forgetExpiredTokens(core, later(day + 1));
    expect(await core.db.select({ issuedAt: tokens.issuedAt }).from(tokens)).toEqual([{ issuedAt: later(1) }]);
  });

  it("ends with its user's password, and those of others go on", async () => {
    const { core } = test;
    const [first, second, others] = [
      await issueToken(core, { userId: alice.id, projectId: testCredentials.projectId }, issuedAt),
      await issueToken(core, { userId: alice.id, projectId: null }, issuedAt),
      await issueToken(core, { userId: bob.id, projectId: null }, issuedAt),
    ];
    await ensureFirstAccount(core, testCredentials);
    await ensureFirstAccount(core, { ...testCredentials, userPassword: undefined });
    expect(await verifyToken(core, first, issuedAt)).toBeDefined();
    await ensureFirstAccount(core, { ...testCredentials, userPassword: "changed password" });
    expect(await verifyToken(core, first, issuedAt)).toBeUndefined();
    expect(await verifyToken(core, second, issuedAt)).toBeUndefined();
    expect(await verifyToken(core, others, issuedAt)).toBeDefined();
    expect(await verifyPassword(core, { id: alice.id }, "changed password")).toBeDefined();
    expect(await verifyPassword(core, { id: alice.id }, testCredentials.userPassword ?? "")).toBeUndefined();
    await ensureFirstAccount(core, testCredentials);
  });

  it("is good for nothing where the password was changed after it was checked", async () => {
    const { core } = test;
    const { userPassword = "" } = testCredentials;
    const wish = { userId: alice.id, projectId: null };
    const verified = await verifyPassword(core, { id: alice.id }, userPassword);
    const proof = { passwordHash: verified?.passwordHash ?? "" };
    const first = await issueToken(core, { ...wish, proof }, issuedAt);
    expect(await verifyToken(core, first, issuedAt)).toBeDefined();
    await ensureFirstAccount(core, { ...testCredentials, userPassword: "changed password" });
    const late = await issueToken(core, { ...wish, proof }, issuedAt);
    expect(await verifyToken(core, late, issuedAt)).toBeUndefined();
    await ensureFirstAccount(core, testCredentials);
  });

  it("is good for nothing where the token that it was got with has ended since, or is another user's", async () => {
    const { core } = test;
    const wish = { userId: alice.id, projectId: null };
    const first = await issueToken(core, wish, issuedAt);
    const second = await issueToken(core, { ...wish, proof: { token: first } }, issuedAt);
    expect(await verifyToken(core, second, issuedAt)).toBeDefined();
    const ofOther = await issueToken(core, { ...wish, userId: bob.id, proof: { token: first } }, issuedAt);
    expect(await verifyToken(core, ofOther, issuedAt)).toBeUndefined();
    await core.db.delete(tokens);
    const third = await issueToken(core, { ...wish, proof: { token: first } }, issuedAt);
    expect(await verifyToken(core, third, issuedAt)).toBeUndefined();
  });

  it("ends with its user", async () => {
    const { core } = test;
    await core.db
      .insert(users)
      .values({ id: "c".repeat(32), accountId: "other", name: "carol", passwordHash: "scrypt:" });
    const token = await issueToken(core, { userId: "c".repeat(32), projectId: null }, issuedAt);
    await core.db.delete(users).where(eq(users.id, "c".repeat(32)));
    expect(await verifyToken(core, token, issuedAt)).toBeUndefined();
  });
});
