import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureFirstAccount } from "../src/core/accounts/first-account.ts";
import { changeCluster } from "../src/core/clusters/change.ts";
import { findCluster, listClusters } from "../src/core/clusters/clusters.ts";
import { createCluster } from "../src/core/clusters/create.ts";
import { DeletionProtectedError, removeCluster } from "../src/core/clusters/remove.ts";
import type { Core } from "../src/core/core.ts";
import { NetworkConflictError } from "../src/core/inventory/network-conflict.ts";
import { createCipher } from "../src/storage/cipher.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import type { Queryable } from "../src/storage/queryable.ts";
import { clusters } from "../src/storage/schema.ts";
import { testCredentials } from "./support/core.ts";
import { eventually } from "./support/eventually.ts";
import { newCluster } from "./support/new-cluster.ts";
import { type PostgresServer, startPostgres } from "./support/postgres.ts";

/** Requests that come at the same moment, over connections of their own: what PGlite's single one never shows. */

let postgres: PostgresServer;
let home: string;
let database: Database;
let core: Core;

beforeAll(async () => {
  postgres = await startPostgres();
  home = await mkdtemp(join(tmpdir(), "sampan-concurrent-"));
  database = await openDatabase({ home, url: postgres.url });
  const nothing = async () => undefined;
  const queue = { enqueue: nothing, enqueueMissing: nothing, releaseAbandoned: nothing, work: nothing, stop: nothing };
  const cipher = createCipher(randomBytes(32));
  core = { db: database.db, cipher, queue, placement: "here", tokenIssuer: () => "" };
  await ensureFirstAccount(core, testCredentials);
});
beforeEach(() => postgres.query("delete from clusters; delete from vswitches; delete from vpcs"));
afterAll(async () => {
  await database?.close();
  await postgres?.stop();
  await rm(home, { recursive: true, force: true });
});

function wantedIn(vpcId: string, vswitchIds: string[]) {
  const wanted = newCluster({ name: vpcId, nodePools: [] });
  wanted.spec.network = { ...wanted.spec.network, vpcId, vswitchIds };
  return wanted;
}

/** Resolves when that many sessions of the server wait for a lock. */
const lockWaits = (total: number) =>
  eventually(async () => {
    const [waiting] = await postgres.query(
      "select count(*)::int as total from pg_stat_activity where wait_event_type = 'Lock'",
    );
    expect(waiting).toEqual({ total });
  });

/** Runs work while a change of a cluster is written and not yet committed. */
async function beside<Result>(change: (tx: Queryable) => Promise<unknown>, work: () => Promise<Result>) {
  let begun: Promise<PromiseSettledResult<Result>[]> | undefined;
  await database.db.transaction(async (tx) => {
    await change(tx);
    begun = Promise.allSettled([work()]);
    await lockWaits(1);
  });
  const [outcome] = (await begun) ?? [];
  return outcome;
}

const allClusters = () => listClusters(core, "default", {});

test("a deletion sees the protection that was switched on a moment before", async () => {
  const { clusterId: id } = await createCluster(core, wantedIn("vpc-a", ["vsw-a"]));
  const outcome = await beside(
    (tx) =>
      tx
        .update(clusters)
        .set({ spec: sql`jsonb_set(${clusters.spec}, '{deletionProtection}', 'true')` })
        .where(eq(clusters.id, id)),
    () => removeCluster(core, { id, accountId: "default" }),
  );
  expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(DeletionProtectedError) });
  expect(await findCluster(core, "default", id)).toMatchObject({ state: "creating" });
});

test("a change that depends on what the cluster is sees what was changed a moment before", async () => {
  const { clusterId: id } = await createCluster(core, wantedIn("vpc-a", ["vsw-a"]));
  const add =
    (name: string) =>
    ({ apiServer: { extraSans } }: { apiServer: { extraSans: string[] } }) => ({
      spec: { apiServer: { extraSans: [...extraSans, name] } },
    });
  await beside(
    (tx) =>
      tx
        .update(clusters)
        .set({ spec: sql`jsonb_set(${clusters.spec}, '{apiServer,extraSans}', '["one.example"]')` })
        .where(eq(clusters.id, id)),
    () => changeCluster(core, { id, accountId: "default" }, ({ spec }) => add("two.example")(spec)),
  );
  const changed = await findCluster(core, "default", id);
  expect(changed?.spec.apiServer.extraSans).toEqual(["one.example", "two.example"]);
});

test("two creations that name the same new vSwitches in opposite order, in two VPCs, do not end in an error of the database", async () => {
  for (let round = 0; round < 2; round++) {
    const ids = Array.from({ length: 20 }, (_, index) => `vsw-${round}-${index}`);
    const outcomes = await Promise.allSettled([
      createCluster(core, wantedIn(`vpc-${round}-a`, ids)),
      createCluster(core, wantedIn(`vpc-${round}-b`, ids.toReversed())),
    ]);
    // A vSwitch is in one VPC: one of them has them, and the other is told so.
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []))).toEqual([
      expect.any(NetworkConflictError),
    ]);
  }
});

test("work that another transaction was preferred to is done again, all of it", async () => {
  let attempts = 0;
  await database.db.transaction(async (tx) => {
    attempts++;
    await createCluster({ ...core, db: tx }, wantedIn("vpc-a", ["vsw-a"]));
    if (attempts < 3)
      await tx.execute(sql`do $$ begin raise exception 'given up' using errcode = 'deadlock_detected'; end $$`);
  });
  expect(attempts).toBe(3);
  expect(await allClusters()).toMatchObject({ total: 1 });
});

const endConnections =
  "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()";

test("a request whose connection breaks is settled by another one", async () => {
  await createCluster(core, wantedIn("vpc-a", ["vsw-a"]));
  let attempts = 0;
  const created = createCluster(core, {
    ...wantedIn("vpc-b", ["vsw-b"]),
    spellId: (id) => {
      attempts++;
      return id;
    },
  });
  const broken = database.db.transaction(async (tx) => {
    attempts++;
    await tx.execute(sql`select 1`);
    if (attempts < 4) await postgres.query(endConnections);
    return tx.execute(sql`select 1`);
  });
  await expect(Promise.all([created, broken, allClusters()])).resolves.toBeDefined();
  expect(attempts).toBeGreaterThan(3);
  expect(await allClusters()).toMatchObject({ total: 2 });
});

test("a statement whose connection breaks under it is read again", async () => {
  const slow = database.db.select({ slept: sql`pg_sleep(${0.7})` }).from(sql`(select 1) as one`);
  const reading = slow.execute();
  await eventually(async () => {
    const running = await postgres.query("select 1 from pg_stat_activity where query like 'select pg_sleep%'");
    expect(running).toHaveLength(1);
  });
  await postgres.query(endConnections);
  await expect(reading).resolves.toHaveLength(1);
});

test("a server that stays away is an error in the end, which says so", async () => {
  const away = await openDatabase({ home, url: postgres.url });
  await away.close();
  await expect(away.db.execute(sql`select 1`)).rejects.toThrow("The database did not answer");
});
