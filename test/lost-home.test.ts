import { cpSync, readFileSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./support/eventually.ts";
import { type PostgresServer, startPostgres } from "./support/postgres.ts";
import { allClusters, createCluster, deleteCluster, smallBody, successOf, task } from "./support/sdk.ts";
import { cli, refusalToStart, serviceEnvironment, startService, type TestService } from "./support/service.ts";

let postgres: PostgresServer;
/** The home that is lost. */
let lost: TestService;
let replica: TestService;

beforeAll(async () => {
  postgres = await startPostgres();
  const settings = { SAMPAN_DATABASE_URL: postgres.url };
  lost = await startService(settings);
  replica = await startService(async (folder) => {
    await mkdir(join(folder, "home"), { mode: 0o700 });
    await copyFile(join(lost.home, "secret.key"), join(folder, "home", "secret.key"));
    return settings;
  });
});

afterAll(async () => {
  await lost?.discard();
  await replica?.dispose();
  await postgres?.stop();
});

/** Runs `sampan home …` as an operator of the database would, with no home of its own. */
async function home(...args: string[]) {
  const env = serviceEnvironment(join(replica.folder, "none"), { SAMPAN_DATABASE_URL: postgres.url });
  const run = await execa(process.execPath, [cli, "home", ...args], {
    env,
    extendEnv: false,
    all: true,
    reject: false,
  });
  return { exitCode: run.exitCode, said: run.all };
}

const idOf = async () => {
  const [row] = await postgres.query("select distinct replace(placement, 'local-', '') as id from clusters");
  return String(row?.id);
};

test("a copy of a home is refused while the home is served, and told what to copy", async () => {
  const copy = join(lost.folder, "copy");
  cpSync(lost.home, copy, { recursive: true });
  const said = await refusalToStart(copy, { SAMPAN_DATABASE_URL: postgres.url });
  expect(said).toContain("Another Sampan with the id of this home");
  expect(said).toContain(`process ${lost.pid}`);
  expect(said).toContain("secret.key");
});

test("a task whose job was lost is worked on after the next start", async () => {
  const made = await createCluster(lost.client, smallBody("job-lost"));
  await successOf(lost.client, made);
  await lost.stop();
  const deletion = await deleteCluster(replica.client, made.clusterId);
  await postgres.query(`delete from pgboss.job where data->>'taskId' = '${deletion.taskId}'`);
  await lost.start();
  await successOf(lost.client, deletion);
});

test("a home that another process got hold of meanwhile is not served on", async () => {
  const [holder] = await postgres.query(
    `select pid, application_name as name from pg_stat_activity where application_name like 'sampan ${lost.pid} on %'`,
  );
  const id = readFileSync(join(lost.home, "id"), "utf8").trim();
  const other = new pg.Client({ connectionString: postgres.url });
  await other.connect();
  // The server gives it to who waits for it, before the service can ask for it again.
  const taken = other.query(`select pg_advisory_lock(hashtextextended('sampan-placement/local-${id}', 0))`);
  await eventually(async () => {
    const waiting = await postgres.query("select 1 from pg_locks where locktype = 'advisory' and not granted");
    expect(waiting).toHaveLength(1);
  });
  await postgres.query(`select pg_terminate_backend(${holder?.pid})`);
  await taken;
  await eventually(() => expect(() => process.kill(lost.pid, 0)).toThrow("ESRCH"));
  expect(lost.output()).toContain("The service must not go on.");
  await other.end();
  await lost.start();
});

test("the clusters of a home in use are not given up", async () => {
  const cluster = await createCluster(lost.client, smallBody("in-use"));
  const id = await idOf();
  expect((await home("list")).said).toContain(`process ${lost.pid}`);
  const refused = await home("give-up", id);
  expect(refused).toMatchObject({ exitCode: 1, said: expect.stringContaining("is in use by process") });
  expect(refused.said).toContain("--force");
  expect((await home("give-up", "0123")).said).toContain("Nothing in the database belongs to a home 0123");
  await successOf(lost.client, cluster);
});

test("the clusters of a lost home are given up, with tasks, resources and a word of it", async () => {
  const making = await createCluster(lost.client, smallBody("half-made"));
  const id = await idOf();
  await lost.kill9();
  const used = (await allClusters(replica.client)).find(({ name }) => name === "in-use");
  const deletion = await deleteCluster(replica.client, used?.clusterId ?? "");
  expect((await home("list")).said).toMatch(new RegExp(`${id} +2 +\\d +nobody`));

  const { exitCode, said } = await home("give-up", id);
  expect({ exitCode, said }).toMatchObject({ exitCode: 0, said: expect.stringContaining("Gave up cluster half-made") });
  expect(await allClusters(replica.client)).toEqual([]);
  expect(await task(replica.client, making.taskId)).toMatchObject({ state: "fail" });
  expect(await task(replica.client, deletion.taskId)).toMatchObject({ state: "success" });
  for (const table of ["cluster_resources", "cluster_secrets", "nodes"])
    expect(await postgres.query(`select 1 from ${table}`)).toEqual([]);
  expect(await postgres.query("select reason from events where reason = 'ClusterGivenUp'")).toHaveLength(2);
  expect((await home("list")).said).toContain("No home has a cluster");
  await expect(replica.client.describeClusterDetail(making.clusterId)).rejects.toMatchObject({
    code: "ErrorClusterNotFound",
  });
});
