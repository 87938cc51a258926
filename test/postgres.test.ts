import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./support/eventually.ts";
import { kubectlFor } from "./support/kubectl.ts";
import { type PostgresServer, startPostgres } from "./support/postgres.ts";
import { componentProcesses, controlPlane } from "./support/processes.ts";
import {
  type Accepted,
  createCluster,
  deleteCluster,
  oneNode,
  removeCluster,
  runningCluster,
  sdk,
  smallBody,
  successOf,
  task,
} from "./support/sdk.ts";
import { refusalToStart, startService, type TestService } from "./support/service.ts";

let postgres: PostgresServer;
let service: TestService;
/** Another one on the same database, with a home of its own. */
let replica: TestService | undefined;
let cluster: Accepted;

beforeAll(async () => {
  postgres = await startPostgres();
  service = await startService({ SAMPAN_DATABASE_URL: postgres.url });
});

afterAll(async () => {
  await service?.dispose();
  await replica?.dispose();
  await postgres?.stop();
});

test("the tables are made on the server, and none in the home", async () => {
  const tables = await postgres.query("select tablename from pg_tables where schemaname = 'public' order by 1");
  expect(tables.map(({ tablename }) => tablename)).toEqual(
    expect.arrayContaining(["accounts", "cluster_secrets", "clusters", "events", "nodes", "tasks"]),
  );
  expect(existsSync(join(service.home, "database"))).toBe(false);
});

test("a cluster is created, and survives a restart", async () => {
  cluster = await runningCluster(service.client, smallBody("on-postgres", oneNode));
  await service.stop();
  await service.start();
  const { body } = await service.client.describeClusterDetail(cluster.clusterId);
  expect(body).toMatchObject({ name: "on-postgres", state: "running", size: 1 });
  const kubectl = await kubectlFor(service.client, cluster.clusterId, service.folder);
  await eventually(async () => expect(await kubectl.run(["get", "nodes", "--no-headers"])).toMatch(/ Ready /));
});

test("a replica with another key of the secrets is refused, and the database left as it is", async () => {
  const home = await realpath(await mkdtemp(join(tmpdir(), "sampan-e2e-")));
  const said = await refusalToStart(home, { SAMPAN_DATABASE_URL: postgres.url });
  expect(said).toContain("encrypted with another key");
  expect(said).toContain("secret.key");
  await rm(home, { recursive: true });
  expect((await service.client.describeClusterDetail(cluster.clusterId)).body?.state).toBe("running");
});

test("a replica with the same key has the same credentials, and shows the clusters of the other", async () => {
  replica = await startService(async (folder) => {
    await mkdir(join(folder, "home"), { mode: 0o700 });
    await copyFile(join(service.home, "secret.key"), join(folder, "home", "secret.key"));
    return { SAMPAN_DATABASE_URL: postgres.url };
  });
  // Of the user's password the database has no more than a hash.
  const { userPassword: _, ...shared } = service.credentials;
  expect(replica.credentials).toEqual(shared);
  const { body } = await replica.client.describeClusterDetail(cluster.clusterId);
  expect(body).toMatchObject({ name: "on-postgres", state: "running" });
  // It tells what the cluster's own home saw when it last looked, which may have been while the cluster came back.
  const { client } = replica;
  await eventually(async () => {
    const nodes = await client.describeClusterNodes(cluster.clusterId, new sdk.DescribeClusterNodesRequest({}));
    expect(nodes.body?.nodes).toMatchObject([{ nodeStatus: "Ready" }]);
  });
  // Both at once accept the key, and neither a nonce that the other has seen.
  expect((await service.client.describeClusterDetail(cluster.clusterId)).statusCode).toBe(200);
});

test("a deletion asked of the replica is done where the cluster lives", async () => {
  if (!replica) throw new Error("There is no replica.");
  await successOf(replica.client, await deleteCluster(replica.client, cluster.clusterId));
  expect(componentProcesses(service.home)).toEqual([]);
  await expect(service.client.describeClusterDetail(cluster.clusterId)).rejects.toMatchObject({
    code: "ErrorClusterNotFound",
  });
});

test("a creation whose worker was killed waits for that one, which goes on where it was", async () => {
  if (!replica) throw new Error("There is no replica.");
  cluster = await createCluster(service.client, smallBody("killed"));
  await eventually(async () => {
    expect((await task(service.client, cluster.taskId)).currentStage).toBe("control-plane");
  });
  await service.kill9();
  expect(await task(replica.client, cluster.taskId)).toMatchObject({ state: "running" });
  await service.start();
  await successOf(replica.client, cluster);
  expect(componentProcesses(service.home).map(({ component }) => component)).toEqual(controlPlane);
  expect(componentProcesses(replica.home)).toEqual([]);
  await removeCluster(service.client, cluster.clusterId);
});
