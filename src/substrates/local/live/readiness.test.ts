import { afterEach, beforeEach, expect, test } from "vitest";
import type { ClusterLook, ClusterRecord } from "../../substrate.ts";
import { threeMembers } from "../../testing/example-plan.ts";
import { scanProcesses } from "../control-plane/process-scan.ts";
import { createStageBench, type StageBench, stagePrograms } from "../testing/stage-bench.ts";

let bench: StageBench;
let cluster: ClusterRecord;

beforeEach(async () => {
  bench = await createStageBench({ observeDeadline: 1_000 });
  bench.install({ etcd: stagePrograms.healthyEtcd, "kube-apiserver": stagePrograms.healthyServer });
  const manager = stagePrograms.healthyServer;
  bench.install({ "kube-controller-manager": manager, "kube-scheduler": manager });
  cluster = bench.newCluster(threeMembers());
});
afterEach(() => bench.remove());

const look = (): ClusterLook => ({
  id: cluster.plan.id,
  members: cluster.plan.members,
  state: cluster.state,
  secrets: cluster.secrets,
});
const isReady = () => bench.substrate.isReady(look());

async function signalOne(component: string, signal: NodeJS.Signals): Promise<void> {
  const found = (await scanProcesses(bench.folderOf(cluster))).find((one) => one.component === component);
  process.kill(found?.identity.pid ?? expect.fail(`${component} does not run`), signal);
}

test("a cluster is ready when each of its API servers is, and never before there is one", async () => {
  expect(await isReady()).toBe(false);
  await bench.run(cluster, ["network"]);
  expect(await isReady()).toBe(false);
  await bench.run(cluster, ["distribution", "certificates", "etcd"]);
  expect(await isReady()).toBe(false);
  await bench.run(cluster, ["control-plane"]);
  expect(await isReady()).toBe(true);
  expect(await Promise.all(Array.from({ length: 50 }, isReady))).toEqual(Array(50).fill(true));
});

test("a cluster is not ready while one of its API servers hangs", async () => {
  await bench.run(cluster, ["network", "distribution", "certificates", "etcd", "control-plane"]);
  expect(await isReady()).toBe(true);
  await signalOne("member-2/kube-apiserver", "SIGSTOP");
  expect(await isReady()).toBe(false);
  await signalOne("member-2/kube-apiserver", "SIGCONT");
  await expect.poll(isReady).toBe(true);
});

test("a cluster that is removed is not ready, nor one whose secrets cannot be read", async () => {
  await bench.run(cluster, ["network", "distribution", "certificates", "etcd", "control-plane"]);
  const secrets = { ...cluster.secrets, get: () => Promise.reject(new Error("The key does not fit.")) };
  expect(await bench.substrate.isReady({ ...look(), secrets })).toBe(false);
  expect(await isReady()).toBe(true);
  await bench.undoAll(cluster);
  expect(await isReady()).toBe(false);
});
