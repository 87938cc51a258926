import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SharedCredentials } from "../core/accounts/first-account.ts";
import { credentialsFile, type GivenCredentials, loadCredentials } from "./credentials.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sampan-credentials-"));
});
afterEach(() => rm(home, { recursive: true }));

const nothing: GivenCredentials = {
  accessKeyId: undefined,
  accessKeySecret: undefined,
  projectId: undefined,
  region: undefined,
  domainName: undefined,
  userName: undefined,
  userPassword: undefined,
};

const inFile = async () => JSON.parse(await readFile(credentialsFile(home), "utf8"));

/** What a database has, whose user's password is `secret-of-all`. */
const shared: SharedCredentials = {
  accessKeyId: "LTAIshared",
  accessKeySecret: "shared secret",
  projectId: "a".repeat(32),
  region: "cn-east-3",
  domainName: "acme",
  user: { name: "alice", hasPassword: async (password) => password === "secret-of-all" },
};

describe("the credentials of a new home", () => {
  it("are generated, and kept for their owner's eyes", async () => {
    const credentials = await loadCredentials(home, nothing, undefined);
    expect(credentials).toEqual({
      accessKeyId: expect.stringMatching(/^LTAI[a-z0-9]{20}$/),
      accessKeySecret: expect.stringMatching(/^[\w-]{32}$/),
      projectId: expect.stringMatching(/^[0-9a-f]{32}$/),
      region: "cn-north-4",
      domainName: "sampan",
      userName: "sampan",
      userPassword: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect(await inFile()).toEqual(credentials);
    expect((await stat(credentialsFile(home))).mode & 0o777).toBe(0o600);
    expect(await loadCredentials(home, nothing, undefined)).toEqual(credentials);
  });

  it("are those of the settings where they give some", async () => {
    const given = { ...nothing, region: "eu-west-1", userName: "carol", userPassword: "correct-horse" };
    expect(await loadCredentials(home, given, undefined)).toMatchObject({
      region: "eu-west-1",
      domainName: "sampan",
      userName: "carol",
      userPassword: "correct-horse",
    });
  });
});

describe("a file from before there were users", () => {
  const old = { accessKeyId: "LTAIold", accessKeySecret: "old secret", projectId: "b".repeat(32) };

  it("gets what it lacks", async () => {
    await writeFile(credentialsFile(home), JSON.stringify(old));
    const credentials = await loadCredentials(home, nothing, { ...shared, ...old, user: undefined });
    expect(credentials).toEqual({
      ...old,
      region: "cn-east-3",
      domainName: "acme",
      userName: "sampan",
      userPassword: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect(await inFile()).toEqual(credentials);
  });
});

describe("the home of a further replica", () => {
  it("has what the database has, and nothing about a password that it cannot know", async () => {
    const credentials = await loadCredentials(home, nothing, shared);
    const { user, ...others } = shared;
    expect(credentials).toEqual({ ...others, userName: user?.name, userPassword: undefined });
    expect(Object.keys(await inFile())).not.toContain("userPassword");
  });

  it("has the password where the settings give it", async () => {
    const credentials = await loadCredentials(home, { ...nothing, userPassword: "a new one" }, shared);
    expect(credentials.userPassword).toBe("a new one");
    expect(await inFile()).toMatchObject({ userPassword: "a new one" });
  });

  it("keeps a password that is still the user's, and drops one that is not any more", async () => {
    await writeFile(credentialsFile(home), JSON.stringify({ userPassword: "secret-of-all" }));
    expect(await loadCredentials(home, nothing, shared)).toMatchObject({ userPassword: "secret-of-all" });
    await writeFile(credentialsFile(home), JSON.stringify({ userPassword: "of last year" }));
    expect((await loadCredentials(home, nothing, shared)).userPassword).toBeUndefined();
    expect(JSON.stringify(await inFile())).not.toContain("of last year");
  });
});

describe("a file that cannot be read", () => {
  it.each(["", "null", "not JSON", '"text"'])("holding %j stops the start with a sentence", async (content) => {
    await writeFile(credentialsFile(home), content);
    await expect(loadCredentials(home, nothing, undefined)).rejects.toThrow("credentials.json holds no JSON object");
  });

  it("holding members that are no texts counts as one without them", async () => {
    await writeFile(credentialsFile(home), JSON.stringify({ region: 4, userPassword: { a: 1 }, userName: "carol" }));
    expect(await loadCredentials(home, nothing, shared)).toMatchObject({
      region: "cn-east-3",
      userPassword: undefined,
    });
    await writeFile(credentialsFile(home), JSON.stringify({ region: 4, userName: "carol" }));
    expect(await loadCredentials(home, nothing, undefined)).toMatchObject({ region: "cn-north-4", userName: "carol" });
  });
});
