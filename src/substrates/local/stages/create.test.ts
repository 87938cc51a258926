import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClusterRecord } from "../../substrate.ts";
import { examplePlan } from "../../testing/example-plan.ts";
import { undosOf } from "../../undos.ts";
import { type FoundProcess, scanProcesses } from "../control-plane/process-scan.ts";
import { type ProcessSpec, startProcess } from "../control-plane/processes.ts";
import { createStageBench, type StageBench, stagePrograms } from "../testing/stage-bench.ts";

const beforeEtcd = ["network", "distribution", "certificates"];

let bench: StageBench;
beforeEach(async () => {
  bench = await createStageBench();
});
afterEach(() => bench.remove());

test("each creation stage says what it does, and how it is undone", () => {
  expect(bench.substrate.work.create.map(({ name, title }) => `${name}: ${title}`)).toEqual([
    "network: Reserve a loopback network",
    "distribution: Find the Kubernetes executables",
    "certificates: Make certificates and keys",
    "etcd: Start etcd",
    "control-plane: Start the API server, the controller manager and the scheduler",
    "add-ons: Install the add-ons",
    "nodes: Join the nodes",
  ]);
  expect(undosOf(bench.substrate.work.create).map(({ name, title }) => `${name}: ${title}`)).toEqual([
    "nodes: Stop the nodes",
    "add-ons: Forget what was installed",
    "control-plane: Stop the API server, the controller manager and the scheduler",
    "etcd: Stop etcd",
    "certificates: Remove data, certificates and logs",
    "distribution: Forget which version runs",
    "network: Give the loopback network back",
  ]);
});

test("no stage begins once the signal has fired", async () => {
  const cluster = bench.newCluster();
  const fired = AbortSignal.abort(new Error("cancelled"));
  for (const { name } of bench.substrate.work.create)
    await expect(bench.run(cluster, [name], fired)).rejects.toThrow("cancelled");
  expect(existsSync(bench.folderOf(cluster))).toBe(false);
});

describe("the version", () => {
  test("is asked for with the plan's policy, and noted down", async () => {
    const cluster = bench.newCluster({ version: "1.20", versionPolicy: "strict" });
    await bench.run(cluster, ["network", "distribution"]);
    expect(bench.searches.map(([version, policy]) => [version, policy])).toEqual([["1.20", "strict"]]);
    expect(cluster.state).toMatchObject({ requestedVersion: "1.20", runningVersion: "1.20.2" });
    expect(bench.substrate.describe(cluster.state).runningVersion).toBe("1.20.2");
    expect(bench.messages.at(-1)).toBe("Kubernetes 1.20.2.");
    expect(bench.events).toEqual([]);
  });

  test("that differs is told in the stage, and once as an event", async () => {
    bench.found = { ...bench.found, exact: false };
    const cluster = bench.newCluster({ version: "1.18.8" });
    const sentence =
      "Kubernetes 1.18.8 was asked for and is not installed on this machine: the cluster runs 1.20.2, the nearest version that is.";
    await bench.run(cluster, ["network", "distribution"]);
    await bench.run(cluster, ["distribution"]);
    expect(bench.messages.filter((message) => message === sentence)).toHaveLength(2);
    expect(bench.events).toEqual([`warning VersionDiffers: ${sentence}`]);
  });

  test("that lacks what was asked for is told of once", async () => {
    bench.found = { distribution: bench.distributionOf("1.34.1"), exact: true };
    const [node] = examplePlan().nodes;
    if (!node) throw new Error("The example has no node.");
    const nodes = [{ ...node, system: { ...node.system, containerRuntimeVersion: "docker://19.3.5" } }];
    const cluster = bench.newCluster({ nodes });
    await bench.run(cluster, ["network", "distribution"]);
    await bench.run(cluster, ["distribution"]);
    expect(bench.events).toEqual([
      expect.stringMatching(/^info NotOfThisVersion: Kubernetes has no Docker since 1\.24/),
    ]);
  });

  test("stays the one decided on, when another is installed later", async () => {
    bench.install({ etcd: stagePrograms.healthyEtcd });
    const cluster = bench.newCluster();
    await bench.run(cluster, ["network", "distribution"]);
    bench.found = { distribution: bench.distributionOf("1.34.1"), exact: true };
    await bench.run(cluster, ["distribution", "certificates"]);
    expect(bench.messages.at(-1)).toBe("Kubernetes 1.20.2.");
    expect(bench.events).toEqual([]);
    expect(cluster.state.runningVersion).toBe("1.20.2");
    bench.searches.length = 0;
    await bench.run(cluster, ["etcd"]);
    expect(bench.searches.map(([version, policy]) => [version, policy])).toEqual([["1.20.2", "strict"]]);
  });
});

test("a stage that waits leaves as soon as it is cancelled, and the next try uses what runs", async () => {
  bench.install({ etcd: stagePrograms.silent });
  const cluster = bench.newCluster();
  await bench.run(cluster, beforeEtcd);
  const cancel = new AbortController();
  const waiting = bench.run(cluster, ["etcd"], cancel.signal);
  await expect.poll(() => scanProcesses(bench.folderOf(cluster))).toHaveLength(1);
  const before = await scanProcesses(bench.folderOf(cluster));
  cancel.abort(new Error("cancelled by the user"));
  await expect(waiting).rejects.toThrow("cancelled by the user");

  const again = new AbortController();
  const second = bench.run(cluster, ["etcd"], again.signal);
  again.abort(new Error("cancelled again"));
  await expect(second).rejects.toThrow("cancelled again");
  expect(await scanProcesses(bench.folderOf(cluster))).toEqual(before);
});

test("undoing what was never done changes nothing, and can be done twice", async () => {
  const cluster = bench.newCluster();
  await bench.undoAll(cluster);
  await bench.undoAll(cluster);
  expect(existsSync(bench.folderOf(cluster))).toBe(false);
  expect(readdirSync(bench.folder)).not.toContain("cache");
});

test("a removal ends processes that nobody looks after, and needs no notes to find them", async () => {
  bench.install({ etcd: stagePrograms.silent });
  const cluster = bench.newCluster();
  const orphan: ProcessSpec = {
    name: "member-1/etcd",
    folder: bench.folderOf(cluster),
    executable: join(bench.folder, "bin", "etcd"),
    args: [],
    env: {},
    logFile: join(bench.folder, "orphan.log"),
    pidFile: join(bench.folder, "orphan.pid"),
  };
  mkdirSync(bench.folderOf(cluster), { recursive: true });
  const { ended } = await startProcess(orphan);
  await bench.undoAll(cluster);
  expect(await ended).toMatch(/^signal SIG(TERM|KILL)$/);
  expect(existsSync(bench.folderOf(cluster))).toBe(false);
});

describe("a process whose pid file cannot be written", () => {
  const runningEtcds = async (cluster: ClusterRecord) => (await scanProcesses(bench.folderOf(cluster))).map(pidOf);
  const pidOf = ({ identity }: FoundProcess) => identity.pid;

  test("runs, is looked after, told of once, and ended with the others", async () => {
    bench.install({ etcd: stagePrograms.healthyEtcd });
    const cluster = bench.newCluster();
    await bench.run(cluster, beforeEtcd);
    mkdirSync(join(bench.folderOf(cluster), "member-1", "run", "etcd.pid", "in-the-way"), { recursive: true });
    await bench.run(cluster, ["etcd"]);
    for (const _ of ["once", "twice"]) {
      const [pid] = await runningEtcds(cluster);
      process.kill(pid as number, "SIGKILL");
      await expect.poll(async () => (await runningEtcds(cluster)).filter((other) => other !== pid)).toHaveLength(1);
      await bench.run(cluster, ["etcd"]);
    }
    expect(await runningEtcds(cluster)).toHaveLength(1);
    expect(bench.notices.filter((notice) => notice.includes("PidFileNotWritten"))).toEqual([
      expect.stringMatching(/^warning PidFileNotWritten: etcd goes on\. The pid file .*etcd\.pid cannot be written: /),
    ]);
    await bench.substrate.suspend();
    expect(await runningEtcds(cluster)).toEqual([]);
  });
});

test("a component is taken over, and not started a second time, where its predecessor lives", async () => {
  bench.install({ etcd: stagePrograms.healthyEtcd });
  const cluster = bench.newCluster();
  await bench.run(cluster, [...beforeEtcd, "etcd"]);
  const [first] = await scanProcesses(bench.folderOf(cluster));
  // Somebody starts another one by hand; the first dies.
  const byHand = await startProcess({
    name: "member-1/etcd",
    folder: bench.folderOf(cluster),
    executable: "/bin/sleep",
    args: ["1000"],
    env: {},
    logFile: join(bench.folder, "by-hand.log"),
    pidFile: join(bench.folder, "by-hand.pid"),
  });
  process.kill(first?.identity.pid as number, "SIGKILL");
  await expect.poll(() => bench.notices.length).toBe(1);
  await expect
    .poll(async () => (await scanProcesses(bench.folderOf(cluster))).map(({ identity }) => identity))
    .toEqual([byHand.identity]);
});

test("after Sampan's stop nothing runs, and nothing is started any more", async () => {
  bench.install({ etcd: stagePrograms.healthyEtcd });
  const cluster = bench.newCluster();
  await bench.run(cluster, [...beforeEtcd, "etcd"]);
  await bench.substrate.suspend();
  expect(await scanProcesses(bench.folderOf(cluster))).toEqual([]);
  await expect(bench.run(cluster, ["etcd"])).rejects.toThrow("Sampan is stopping: nothing is started any more.");
  expect(existsSync(bench.folderOf(cluster))).toBe(true);
});

test("looks at a cluster that is still being made are refused and make nothing", async () => {
  const cluster = bench.newCluster();
  await bench.run(cluster, ["network"]);
  const { substrate } = bench;
  const wish = { lifetimeMinutes: 60, endpoint: "public" } as const;
  await expect(substrate.observeNodes(cluster)).rejects.toThrow("The cluster has no certificates yet");
  await expect(substrate.kubeconfig(cluster, wish)).rejects.toThrow("The cluster has no certificates yet");
  expect(await substrate.serviceAccountKeys(cluster)).toBeUndefined();
  expect(await substrate.certificateAuthority(cluster)).toBeUndefined();
  expect(await cluster.secrets.get("pki")).toBeUndefined();
});
