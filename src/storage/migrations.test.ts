import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as schema from "./schema.ts";

const migrationsFolder = fileURLToPath(new URL("./migrations", import.meta.url));

let pglite: PGlite;
let scratch: string;
beforeEach(async () => {
  pglite = await PGlite.create();
  scratch = await mkdtemp(join(tmpdir(), "sampan-migrations-"));
});
afterEach(async () => {
  await pglite.close();
  await rm(scratch, { recursive: true });
});

/** Brings the database to where it was after a number of migrations. */
async function migrateOnly(count: number): Promise<void> {
  await cp(migrationsFolder, scratch, { recursive: true });
  const file = join(scratch, "meta", "_journal.json");
  const journal: { entries: unknown[] } = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  await migrate(drizzle(pglite, { schema }), { migrationsFolder: scratch });
}

const migrateAll = () => migrate(drizzle(pglite, { schema }), { migrationsFolder });
const rowsOf = async (query: string) => (await pglite.query<Record<string, unknown>>(query)).rows;

/** A database of a Sampan that knew ACK alone, with a cluster of three members. */
async function writeOldState(): Promise<void> {
  await migrateOnly(2);
  const spec = { kind: "managed", members: 3, network: { vpcId: "vpc-1", vswitchIds: ["vsw-1", "vsw-2"] } };
  await pglite.exec(`
    insert into accounts (id, alibaba_uid, huawei_project_id)
      values ('default', '1000000000000000', '0123456789abcdef0123456789abcdef');
    insert into access_keys (id, account_id, secret) values ('LTAI', 'default', 'sealed');
    insert into vpcs (account_id, id, region, cidr) values ('default', 'vpc-1', 'cn-hangzhou', '10.0.0.0/16');
    insert into vswitches (account_id, id, vpc_id, zone, cidr)
      values ('default', 'vsw-1', 'vpc-1', 'cn-hangzhou-b', '10.0.0.0/22'),
             ('default', 'vsw-2', 'vpc-1', 'cn-hangzhou-c', '10.0.4.0/22');
    insert into clusters (id, account_id, dialect, name, region, state, placement, spec, request)
      values ('${"0".repeat(32)}', 'default', 'ack', 'old', 'cn-hangzhou', 'running', 'here', '${JSON.stringify(spec)}', '{}');
  `);
}

describe("the migration to Huawei Cloud's identity", () => {
  it("makes a domain of the account, and its project the first one", async () => {
    await writeOldState();
    await migrateAll();
    expect(await rowsOf("select id, huawei_domain_id, huawei_domain_name from accounts")).toEqual([
      { id: "default", huawei_domain_id: expect.stringMatching(/^[0-9a-f]{32}$/), huawei_domain_name: "sampan" },
    ]);
    expect(await rowsOf("select id, account_id, name, is_first from projects")).toEqual([
      { id: "0123456789abcdef0123456789abcdef", account_id: "default", name: "cn-north-4", is_first: true },
    ]);
    expect(await rowsOf("select * from users")).toEqual([]);
    expect(await rowsOf("select id, account_id from access_keys")).toEqual([{ id: "LTAI", account_id: "default" }]);
  });

  it("leaves clusters in the first project, and says of each what has been said of clusters since", async () => {
    await writeOldState();
    await migrateAll();
    expect(await rowsOf("select project_id, spec from clusters")).toEqual([
      {
        project_id: null,
        spec: {
          vendorId: `c${"0".repeat(32)}`,
          description: "",
          labels: {},
          annotations: {},
          workerKind: "virtual-machine",
          memberZones: ["cn-hangzhou-b", "cn-hangzhou-b", "cn-hangzhou-b"],
          kind: "managed",
          members: 3,
          network: { vpcId: "vpc-1", vswitchIds: ["vsw-1", "vsw-2"], morePodCidrs: [] },
        },
      },
    ]);
  });

  it("says of the members of a dedicated cluster the zones of their own nodes, in their order", async () => {
    await writeOldState();
    const id = "0".repeat(32);
    const node = (name: string, pool: string, vswitch: string, ordinal: number) =>
      `('${name}', '${id}', '${pool}', '${name}', '10.0.0.${ordinal}', '${vswitch}', 'ecs.c6.large', ${ordinal})`;
    await pglite.exec(`
      insert into node_pools (id, cluster_id, name, spec)
        values ('masters', '${id}', 'masters', '{"role":"control-plane"}'), ('np', '${id}', 'np', '{"role":"worker"}');
      insert into nodes (instance_id, cluster_id, node_pool_id, name, address, vswitch_id, instance_type, ordinal)
        values ${node("i-3", "masters", "vsw-1", 3)}, ${node("i-1", "masters", "vsw-2", 1)},
               ${node("i-2", "masters", "vsw-1", 2)}, ${node("i-0", "np", "vsw-2", 4)};
    `);
    await migrateAll();
    expect(await rowsOf("select spec -> 'memberZones' as zones from clusters")).toEqual([
      { zones: ["cn-hangzhou-c", "cn-hangzhou-b", "cn-hangzhou-b"] },
    ]);
  });

  it("works on an empty database too", async () => {
    await migrateAll();
    expect(await rowsOf("select * from projects")).toEqual([]);
  });
});

describe("the migration to one word an act", () => {
  it("renames what tasks do, and the states of clusters, and leaves the others", async () => {
    await migrateOnly(6);
    const states = ["creating", "running", "updating", "failed", "deleting", "delete-failed"];
    const kinds = ["cluster-create", "cluster-modify", "cluster-delete"];
    const cluster = (state: string) => `('c-${state}', 'default', 'ack', 'x', 'r', '${state}', 'here', '{}', '{}')`;
    const task = (kind: string) => `('T-${kind}', 'default', 'c', 'x', 'here', '${kind}', 'queued', '[]', 10)`;
    await pglite.exec(`
      insert into accounts (id, alibaba_uid, huawei_domain_id, huawei_domain_name) values ('default', '1', '2', '3');
      insert into clusters (id, account_id, dialect, name, region, state, placement, spec, request)
        values ${states.map(cluster).join(", ")};
      insert into tasks (id, account_id, cluster_id, cluster_name, placement, kind, state, stages, timeout_minutes)
        values ${kinds.map(task).join(", ")};
    `);
    await migrateAll();
    expect(await rowsOf("select id, state from clusters order by id")).toEqual([
      { id: "c-creating", state: "creating" },
      { id: "c-delete-failed", state: "remove-failed" },
      { id: "c-deleting", state: "removing" },
      { id: "c-failed", state: "failed" },
      { id: "c-running", state: "running" },
      { id: "c-updating", state: "changing" },
    ]);
    expect(await rowsOf("select id, kind, state from tasks order by id")).toEqual([
      { id: "T-cluster-create", kind: "cluster-create", state: "queued" },
      { id: "T-cluster-delete", kind: "cluster-remove", state: "queued" },
      { id: "T-cluster-modify", kind: "cluster-change", state: "queued" },
    ]);
  });
});

describe("the migration to kinds of stages", () => {
  it("says of each stage what it is about, in its place, and leaves tasks that have none", async () => {
    await migrateOnly(7);
    const stage = (name: string) => ({ name, title: name, state: "succeeded" });
    const task = (id: string, stages: object[]) =>
      `('${id}', 'default', 'c', 'x', 'here', 'cluster-create', 'running', '${JSON.stringify(stages)}', 10)`;
    await pglite.exec(`
      insert into accounts (id, alibaba_uid, huawei_domain_id, huawei_domain_name) values ('default', '1', '2', '3');
      insert into tasks (id, account_id, cluster_id, cluster_name, placement, kind, state, stages, timeout_minutes)
        values ${task("T-1", [])},
               ${task("T-2", ["nodes", "control-plane", "etcd", "data", "network"].map(stage))},
               ${task("T-3", ["certificates", "content", "served-certificates", "public-endpoint"].map(stage))};
    `);
    await migrateAll();
    const stages = await rowsOf(
      "select id, (select json_agg(stage->>'kind') from jsonb_array_elements(stages) stage) as kinds from tasks order by id",
    );
    expect(stages).toEqual([
      { id: "T-1", kinds: null },
      { id: "T-2", kinds: ["nodes", "control-plane", "etcd", "certificates", "network"] },
      { id: "T-3", kinds: ["certificates", "add-ons", "control-plane", "endpoint"] },
    ]);
    expect(await rowsOf("select stages->1 as stage from tasks where id = 'T-3'")).toEqual([
      { stage: { name: "content", kind: "add-ons", title: "content", state: "succeeded" } },
    ]);
  });
});

describe("the migration to tasks that say what they are about", () => {
  it("says of each that it is about its cluster", async () => {
    await migrateOnly(8);
    await pglite.exec(`
      insert into accounts (id, alibaba_uid, huawei_domain_id, huawei_domain_name) values ('default', '1', '2', '3');
      insert into tasks (id, account_id, cluster_id, cluster_name, placement, kind, state, stages, timeout_minutes)
        values ('T-1', 'default', 'c1', 'x', 'here', 'cluster-remove', 'queued', '[]', 10);
    `);
    await migrateAll();
    expect(await rowsOf("select target, input from tasks")).toEqual([
      { target: { type: "cluster", id: "c1" }, input: {} },
    ]);
  });
});

describe("a migrated database", () => {
  const first = "insert into projects (id, account_id, name, is_first) values ";

  it("has one first project an account, and no project of nobody", async () => {
    await writeOldState();
    await migrateAll();
    await expect(pglite.exec(`${first} ('a', 'default', 'cn-east-3', true)`)).rejects.toThrow("first_of_account");
    await expect(pglite.exec(`${first} ('a', 'default', 'cn-north-4', false)`)).rejects.toThrow("unique");
    await expect(pglite.exec(`${first} ('a', 'nobody', 'cn-east-3', false)`)).rejects.toThrow("foreign key");
    await pglite.exec(`${first} ('a', 'default', 'cn-east-3', false)`);
  });
});
