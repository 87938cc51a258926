import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Distribution } from "../../kubernetes/distribution/distribution.ts";
import type { ClusterPlan, ClusterRecord, StageContext, Substrate } from "../substrate.ts";
import { clusterFolder } from "./cluster-site.ts";
import { createLocalSubstrate, defaultTiming } from "./index.ts";
import type { DistributionFinder } from "./local-context.ts";
import { scanProcesses } from "./process-scan.ts";
import { type ProcessSpec, startProcess } from "./processes.ts";
import { examplePlan } from "./testing/example-plan.ts";
import { createRecordFile, openRecordFile } from "./testing/file-record.ts";

/** Programs that stand for the real ones. */
const PROGRAMS = {
  /** Answers as healthy at the address that it is told. */
  healthyEtcd: `#!${process.execPath}
    const url = new URL(process.argv.find((arg) => arg.startsWith("--listen-metrics-urls=")).split("=")[1]);
    require("node:http").createServer((_, response) => response.end("{}")).listen(url.port, url.hostname);`,
  silent: "#!/bin/sh\nexec sleep 1000\n",
  broken: '#!/bin/sh\necho "starting" >&2\necho "Error: the disk is full" >&2\nexit 3\n',
};

let folder: string;
let substrate: Substrate;
let events: string[];
let messages: string[];
/** What the search for executables gives. */
let found: { distribution: Distribution; exact: boolean };
let searches: Parameters<DistributionFinder>[];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-stages-")));
  [events, messages, searches] = [[], [], []];
  found = { distribution: distributionOf("1.20.2"), exact: true };
  substrate = createLocalSubstrate({
    home: join(folder, "home"),
    distribution: { directory: join(folder, "cache"), kubernetesReleaseUrl: "", etcdReleaseUrl: "" },
    log: pino({ level: "silent" }),
    timing: { ...defaultTiming, readyPoll: 5, restartDelay: 1, stopGrace: 0 },
    ensureDistribution: async (...search) => {
      searches.push(search);
      return found;
    },
  });
});

afterEach(async () => {
  await substrate.suspend();
  await rm(folder, { recursive: true });
});

function distributionOf(version: string): Distribution {
  const bin = join(folder, "bin");
  const names = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];
  const executables = Object.fromEntries(names.map((name) => [name, join(bin, name)])) as Distribution["executables"];
  return { version, etcdVersion: "3.4.23", source: "path", directory: bin, executables };
}

function install(programs: Record<string, string>): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
}

function newCluster(more: Partial<ClusterPlan> = {}): ClusterRecord {
  createRecordFile(join(folder, "record.json"), examplePlan(more));
  return openRecordFile(join(folder, "record.json"));
}

async function run(cluster: ClusterRecord, names: string[], signal = new AbortController().signal): Promise<void> {
  const context: StageContext = {
    cluster,
    signal,
    report: (message) => messages.push(message),
    event: async (level, reason, message) => void events.push(`${level} ${reason}: ${message}`),
  };
  for (const name of names) await stageOf(name).run(context);
}

const stageOf = (name: string) => substrate.creation.find((stage) => stage.name === name) as Substrate["creation"][0];
const folderOf = (cluster: ClusterRecord) => clusterFolder(join(folder, "home"), cluster.plan.id);
const BEFORE_ETCD = ["network", "distribution", "certificates"];

test("each creation stage says what it does, and all but the shared ones can be undone", () => {
  expect(substrate.creation.map(({ name, title }) => `${name}: ${title}`)).toEqual([
    "network: Reserve a loopback network",
    "distribution: Find the Kubernetes executables",
    "certificates: Make certificates and keys",
    "etcd: Start etcd",
    "control-plane: Start the API server, the controller manager and the scheduler",
    "nodes: Join the nodes",
  ]);
  expect(substrate.creation.every(({ undo }) => undo !== undefined)).toBe(true);
});

test("no stage begins once the signal has fired", async () => {
  const cluster = newCluster();
  const fired = AbortSignal.abort(new Error("cancelled"));
  for (const { name } of substrate.creation) await expect(run(cluster, [name], fired)).rejects.toThrow("cancelled");
  expect(existsSync(folderOf(cluster))).toBe(false);
});

test("several members are refused with a sentence", async () => {
  await expect(run(newCluster({ members: 3 }), ["network"])).rejects.toThrow(
    "3 control-plane members were asked for; the local substrate makes one so far.",
  );
});

describe("the version", () => {
  test("is asked for with the plan's policy, and noted down", async () => {
    const cluster = newCluster({ version: "1.20", versionPolicy: "strict" });
    await run(cluster, ["network", "distribution"]);
    expect(searches.map(([version, policy]) => [version, policy])).toEqual([["1.20", "strict"]]);
    expect(cluster.state).toMatchObject({ requestedVersion: "1.20", runningVersion: "1.20.2" });
    expect(substrate.describe(cluster.state).runningVersion).toBe("1.20.2");
    expect(messages.at(-1)).toBe("Kubernetes 1.20.2.");
    expect(events).toEqual([]);
  });

  test("that differs is told in the stage, and once as an event", async () => {
    found = { ...found, exact: false };
    const cluster = newCluster({ version: "1.18.8" });
    const sentence =
      "Kubernetes 1.18.8 was asked for and cannot be had on this machine: the cluster runs 1.20.2, the nearest version.";
    await run(cluster, ["network", "distribution", "distribution"]);
    expect(messages.filter((message) => message === sentence)).toHaveLength(2);
    expect(events).toEqual([`warning VersionDiffers: ${sentence}`]);
  });

  test("stays the one decided on, when another is installed later", async () => {
    install({ etcd: PROGRAMS.healthyEtcd });
    const cluster = newCluster();
    await run(cluster, ["network", "distribution"]);
    found = { distribution: distributionOf("1.34.1"), exact: true };
    await run(cluster, ["distribution", "certificates"]);
    expect(messages.at(-1)).toBe("Kubernetes 1.20.2.");
    expect(events).toEqual([]);
    expect(cluster.state.runningVersion).toBe("1.20.2");
    searches = [];
    await run(cluster, ["etcd"]);
    expect(searches.map(([version, policy]) => [version, policy])).toEqual([["1.20.2", "strict"]]);
  });
});

test("a component that does not start fails the stage with its last words and the place of its log", async () => {
  install({ etcd: PROGRAMS.broken });
  const cluster = newCluster();
  await run(cluster, BEFORE_ETCD);
  await expect(run(cluster, ["etcd"])).rejects.toThrow(
    `etcd does not start. etcd ended (exit code 3): Error: the disk is full. Its log is ${folderOf(cluster)}/member-1/logs/etcd.log.`,
  );
});

test("an executable that is not there fails the stage at once", async () => {
  const cluster = newCluster();
  await run(cluster, BEFORE_ETCD);
  await expect(run(cluster, ["etcd"])).rejects.toThrow("member-1/etcd cannot be started: spawn");
});

test("a stage that waits leaves as soon as it is cancelled, and the next try uses what runs", async () => {
  install({ etcd: PROGRAMS.silent });
  const cluster = newCluster();
  await run(cluster, BEFORE_ETCD);
  const cancel = new AbortController();
  const waiting = run(cluster, ["etcd"], cancel.signal);
  await expect.poll(() => scanProcesses(folderOf(cluster))).toHaveLength(1);
  const before = await scanProcesses(folderOf(cluster));
  cancel.abort(new Error("cancelled by the user"));
  await expect(waiting).rejects.toThrow("cancelled by the user");

  const again = new AbortController();
  const second = run(cluster, ["etcd"], again.signal);
  again.abort(new Error("cancelled again"));
  await expect(second).rejects.toThrow("cancelled again");
  expect(await scanProcesses(folderOf(cluster))).toEqual(before);
});

test("a stage is undone whatever it had done, the next-to-nothing included", async () => {
  install({ etcd: PROGRAMS.healthyEtcd });
  const cluster = newCluster();
  const context: StageContext = {
    cluster,
    signal: new AbortController().signal,
    report: () => undefined,
    event: async () => undefined,
  };
  const undoAll = async () => {
    for (const stage of substrate.creation.toReversed()) await stage.undo?.(context);
  };
  await undoAll();
  await run(cluster, [...BEFORE_ETCD, "etcd"]);
  expect(await scanProcesses(folderOf(cluster))).toHaveLength(1);
  await undoAll();
  expect(await scanProcesses(folderOf(cluster))).toEqual([]);
  expect(existsSync(folderOf(cluster))).toBe(false);
  expect(readdirSync(join(folder, "cache", "networks"))).toEqual([]);
  expect(substrate.describe(cluster.state)).toEqual({ endpoint: undefined, runningVersion: undefined });
});

test("a removal ends processes that nobody looks after, and needs no notes to find them", async () => {
  install({ etcd: PROGRAMS.silent });
  const cluster = newCluster();
  const orphan: ProcessSpec = {
    name: "member-1/etcd",
    folder: folderOf(cluster),
    executable: join(folder, "bin", "etcd"),
    args: [],
    env: {},
    logFile: join(folder, "orphan.log"),
    pidFile: join(folder, "orphan.pid"),
  };
  mkdirSync(folderOf(cluster), { recursive: true });
  const { ended } = await startProcess(orphan);
  const context = {
    cluster,
    signal: new AbortController().signal,
    report: () => undefined,
    event: async () => undefined,
  };
  for (const stage of substrate.removal) await stage.run(context);
  expect(await ended).toMatch(/^signal SIG(TERM|KILL)$/);
  expect(existsSync(folderOf(cluster))).toBe(false);
});

test("after Sampan's stop nothing runs, and nothing is started any more", async () => {
  install({ etcd: PROGRAMS.healthyEtcd });
  const cluster = newCluster();
  await run(cluster, [...BEFORE_ETCD, "etcd"]);
  await substrate.suspend();
  expect(await scanProcesses(folderOf(cluster))).toEqual([]);
  await expect(run(cluster, ["etcd"])).rejects.toThrow("Sampan is stopping: nothing is started any more.");
  expect(existsSync(folderOf(cluster))).toBe(true);
});

test("looks at a cluster that is still being made are refused and make nothing", async () => {
  const cluster = newCluster();
  await run(cluster, ["network"]);
  await expect(substrate.observeNodes(cluster)).rejects.toThrow("The cluster has no certificates yet");
  await expect(substrate.kubeconfig(cluster, 60)).rejects.toThrow("The cluster has no certificates yet");
  expect(await cluster.secrets.get("pki")).toBeUndefined();
});
