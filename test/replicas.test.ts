import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { firstCredentials, settleFirstAccount } from "../src/core/accounts/first-account.ts";
import { issueToken, verifyToken } from "../src/core/accounts/tokens.ts";
import { listUsers, verifyPassword } from "../src/core/accounts/users.ts";
import type { Core } from "../src/core/core.ts";
import { loadCredentials } from "../src/service/credentials.ts";
import { createCipher } from "../src/storage/cipher.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import { users } from "../src/storage/schema.ts";
import { eventually } from "./support/eventually.ts";
import { type PostgresServer, startPostgres } from "./support/postgres.ts";

let postgres: PostgresServer;
let homes: string[];
let databases: Database[];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

beforeEach(async () => {
  databases = [];
  homes = await Promise.all([1, 2, 3].map(() => mkdtemp(join(tmpdir(), "sampan-replica-"))));
  await postgres.query("drop schema public cascade; create schema public; drop schema if exists drizzle cascade");
});
afterEach(async () => {
  for (const database of databases) await database.close();
  for (const home of homes) await rm(home, { recursive: true });
});

/** Opens the one database for each home at the same moment. */
async function openAll(): Promise<Core[]> {
  const opened = await Promise.allSettled(homes.map((home) => openDatabase({ home, url: postgres.url })));
  databases = opened.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  expect(opened.filter(({ status }) => status === "rejected")).toEqual([]);
  const cipher = createCipher(randomBytes(32));
  const noWork = async () => undefined;
  const queue = { enqueue: noWork, enqueueMissing: noWork, releaseAbandoned: noWork, work: noWork, stop: noWork };
  return databases.map(({ db }) => ({ db, cipher, queue, placement: "here", tokenIssuer: () => "" }));
}

const nothing = {
  ...{ accessKeyId: undefined, accessKeySecret: undefined, projectId: undefined, region: undefined },
  ...{ domainName: undefined, userName: undefined, userPassword: undefined },
};

/** What a first start does about the account; gives what its credentials.json has. */
async function startFirst(core: Core, home: string) {
  await settleFirstAccount(core, (inForce) => loadCredentials(home, nothing, inForce));
  return loadCredentials(home, nothing, await firstCredentials(core));
}

test("replicas that start at once on one empty database bring it up to date once", async () => {
  await openAll();
  const [applied] = await postgres.query("select count(*)::int as total from drizzle.__drizzle_migrations");
  const journal = new URL("../src/storage/migrations/meta/_journal.json", import.meta.url);
  expect(applied).toEqual({ total: JSON.parse(readFileSync(journal, "utf8")).entries.length });
});

test("replicas that start at once on one database for the first time all have the credentials that work", async () => {
  const cores = await openAll();
  const written = await Promise.all(cores.map((core, index) => startFirst(core, homes[index] ?? "")));
  const [core] = cores;
  if (!core) throw new Error("There is no core.");
  const inForce = await firstCredentials(core);
  for (const { accessKeyId, accessKeySecret, projectId } of written)
    expect(inForce).toMatchObject({ accessKeyId, accessKeySecret, projectId });
  // One of them made the user; the others cannot know its password, and say so by having none.
  const passwords = written.flatMap(({ userPassword }) => userPassword ?? []);
  expect(passwords).toHaveLength(1);
  expect(await inForce?.user?.hasPassword(passwords[0] ?? "")).toBe(true);
});

test("a login that was checked before the password changed gets no token that works after", async () => {
  const [core, other] = await openAll();
  if (!core || !other) throw new Error("There are no two cores.");
  const { userPassword = "" } = await startFirst(core, homes[0] ?? "");
  const [user] = await listUsers(core, "default");
  const verified = await verifyPassword(core, { id: user?.id ?? "" }, userPassword);
  if (!verified) throw new Error("The password is not the user's.");
  const wish = { userId: verified.id, projectId: null, proof: { passwordHash: verified.passwordHash } };
  const now = new Date();
  let issued: Promise<string> | undefined;
  await other.db.transaction(async (tx) => {
    await tx.update(users).set({ passwordHash: "scrypt:another" });
    issued = issueToken(core, wish, now);
    await eventually(async () => {
      const [waiting] = await postgres.query(
        "select count(*)::int as total from pg_stat_activity where wait_event_type = 'Lock'",
      );
      expect(waiting).toEqual({ total: 1 });
    });
  });
  expect(await verifyToken(core, (await issued) ?? "", now)).toBeUndefined();
});
