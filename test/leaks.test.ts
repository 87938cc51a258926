import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withDatabase } from "./support/database.ts";
import { eventually } from "./support/eventually.ts";
import { clusterListeners, componentProcesses, openFiles } from "./support/processes.ts";
import { removeCluster, runningCluster, smallBody } from "./support/sdk.ts";
import { claimsOf, startService, type TestService } from "./support/service.ts";

const rounds = 20;

let service: TestService;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service?.dispose());

const openNow = () => openFiles(service.pid, Number(new URL(service.url).port));

test(`a cluster created and deleted ${rounds} times leaves nothing behind`, { timeout: 1_800_000 }, async () => {
  let afterFirst: Record<string, number> | undefined;
  for (let round = 1; round <= rounds; round++) {
    const { clusterId } = await runningCluster(service.client, smallBody(`round-${round}`));
    const { body } = await service.client.describeClusterDetail(clusterId);
    const { hostname } = new URL(JSON.parse(body?.masterUrl ?? "").api_server_endpoint);
    const network = hostname.replace(/\d+$/, "");
    // Kubernetes' API server, its managers' health, and etcd: the look itself must see what it looks for.
    expect(clusterListeners().filter((listener) => listener.startsWith(network)).length).toBeGreaterThanOrEqual(6);
    await removeCluster(service.client, clusterId);

    expect(componentProcesses(service.home)).toEqual([]);
    expect(clusterListeners().filter((listener) => listener.startsWith(network))).toEqual([]);
    expect(await readdir(join(service.home, "clusters"))).toEqual([]);
    expect(await claimsOf(service.home)).toEqual([]);
    afterFirst ??= await settled();
  }
  await eventually(() => expectNoMore(openNow(), afterFirst ?? {}));
});

test("nor a row in the database, but for the history of what was done", async () => {
  await service.stop();
  const count = async (table: string) =>
    withDatabase(service.home, async (query) => (await query(`select count(*)::int as rows from ${table}`))[0]?.rows);
  for (const table of ["clusters", "cluster_secrets", "cluster_resources", "node_pools", "nodes"])
    expect(await count(table), table).toBe(0);
  expect(await count("tasks")).toBe(2 * rounds);
  await service.start();
});

/** What is open once two looks in a row agree: connections that were just closed take a moment to go. */
async function settled(): Promise<Record<string, number>> {
  let last = openNow();
  return eventually(() => {
    const previous = last;
    last = openNow();
    expect(last).toEqual(previous);
    return last;
  }, 1000);
}

/** PostgreSQL, which is in the process, opens each of its files once, when it first needs it: there are so many. */
function expectNoMore(now: Record<string, number>, then: Record<string, number>): void {
  const databaseFile = join(service.home, "database/");
  const allowed = (kind: string) => (kind.startsWith(databaseFile) ? 1 : (then[kind] ?? 0));
  const more = Object.entries(now).filter(([kind, count]) => count > allowed(kind));
  expect(more, JSON.stringify({ then, now })).toEqual([]);
}
