import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../test/support/core.ts";
import { clusters } from "../../storage/schema.ts";
import { findDomain } from "./domains.ts";
import { ensureFirstAccount, firstCredentials } from "./first-account.ts";
import { createProject, listProjects } from "./projects.ts";
import { issueToken, verifyToken } from "./tokens.ts";
import { listUsers, verifyPassword } from "./users.ts";

let test: TestCore;
beforeEach(async () => {
  test = await createTestCore();
});
afterEach(() => test.close());

describe("the first account", () => {
  it("gives its credentials to a further replica, but for the password, of which that one can try its own", async () => {
    const { userName, userPassword = "", ...others } = testCredentials;
    const shared = await firstCredentials(test.core);
    expect(shared).toEqual({ ...others, user: { name: userName, hasPassword: expect.any(Function) } });
    expect(await shared?.user?.hasPassword(userPassword)).toBe(true);
    expect(await shared?.user?.hasPassword("another password")).toBe(false);
  });

  it("keeps domain, project and user under other names", async () => {
    const { core, accountId } = test;
    const [before] = await listUsers(core, accountId);
    const domain = await findDomain(core, accountId);
    await ensureFirstAccount(core, { ...testCredentials, region: "eu-west-1", domainName: "acme2", userName: "carol" });
    expect(await findDomain(core, accountId)).toEqual({ id: domain.id, name: "acme2" });
    expect(await listProjects(core, accountId)).toMatchObject([{ id: testCredentials.projectId, name: "eu-west-1" }]);
    expect(await listUsers(core, accountId)).toEqual([{ ...before, name: "carol" }]);
  });

  it("keeps what is in its first project under another id", async () => {
    const { core, accountId } = test;
    const { projectId } = testCredentials;
    const [user] = await listUsers(core, accountId);
    const token = await issueToken(core, { userId: user?.id ?? "", projectId }, new Date());
    const cluster = { id: "c1", dialect: "cce", name: "a", region: "cn-north-4", state: "running", placement: "here" };
    await core.db.insert(clusters).values({ ...cluster, accountId, projectId, spec: {}, request: {} });
    await ensureFirstAccount(core, { ...testCredentials, projectId: "e".repeat(32) });
    expect(await listProjects(core, accountId)).toMatchObject([{ id: "e".repeat(32), isFirst: true }]);
    expect(await verifyToken(core, token, new Date())).toMatchObject({ project: { id: "e".repeat(32) } });
    expect(await core.db.select({ projectId: clusters.projectId }).from(clusters)).toEqual([
      { projectId: "e".repeat(32) },
    ]);
  });

  it("is left as it was where its project would be another one that there is", async () => {
    const { core, accountId } = test;
    const other = await createProject(core, accountId, "cn-east-3");
    const sentence = /project cn-east-3 \([0-9a-f]{32}\) beside its first one.*Set SAMPAN_REGION and SAMPAN_PROJECT_ID/;
    const changed = { ...testCredentials, domainName: "changed" };
    await expect(ensureFirstAccount(core, { ...changed, region: "cn-east-3" })).rejects.toThrow(sentence);
    await expect(ensureFirstAccount(core, { ...changed, projectId: other?.id ?? "" })).rejects.toThrow(sentence);
    expect(await findDomain(core, accountId)).toMatchObject({ name: testCredentials.domainName });
  });

  it("keeps a password that nobody gives", async () => {
    const { core, accountId } = test;
    const [user] = await listUsers(core, accountId);
    await ensureFirstAccount(core, { ...testCredentials, userPassword: undefined });
    expect(await verifyPassword(core, { id: user?.id ?? "" }, testCredentials.userPassword ?? "")).toBeDefined();
  });

  it("is made once by replicas that start at the same moment", async () => {
    const { core, accountId } = test;
    await Promise.all(Array.from({ length: 5 }, () => ensureFirstAccount(core, testCredentials)));
    expect(await listProjects(core, accountId)).toHaveLength(1);
    expect(await listUsers(core, accountId)).toHaveLength(1);
  });
});
