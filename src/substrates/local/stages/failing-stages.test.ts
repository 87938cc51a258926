import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClusterPlan, ClusterRecord } from "../../substrate.ts";
import { threeMembers } from "../../testing/example-plan.ts";
import { scanProcesses } from "../control-plane/process-scan.ts";
import { readLocalState } from "../state.ts";
import { createStageBench, type StageBench, stagePrograms } from "../testing/stage-bench.ts";
import type { Timing } from "../timing.ts";

/** One way for a creation to fail. */
interface Failure {
  /** What goes wrong, to follow the stage's name. */
  because: string;
  stage: string;
  plan?: Partial<ClusterPlan>;
  timing?: Partial<Timing>;
  /** Programs in place of those that work. */
  programs?: Record<string, string>;
  /** Done when the stages before have succeeded. */
  provoke?(cluster: ClusterRecord): unknown;
  /** What the user reads. */
  message: RegExp;
  /** What runs then, and goes on where the cluster is left as it is. */
  running: string[];
}

const working = {
  etcd: stagePrograms.healthyEtcd,
  "kube-apiserver": stagePrograms.healthyServer,
  "kube-controller-manager": stagePrograms.healthyServer,
  "kube-scheduler": stagePrograms.healthyServer,
};
const api = ["endpoint/forwarder", "member-1/etcd", "member-1/kube-apiserver"];
const everything = [...api, "member-1/kube-controller-manager", "member-1/kube-scheduler"];
const diskFull = String.raw`\(exit code 3\): Error: the disk is full\. Its log is \S+`;

const failures: Failure[] = [
  {
    because: "where the claims cannot be written",
    stage: "network",
    provoke: () => obstruct(join(bench.folder, "cache", "networks")),
    message: /EEXIST: .*cache\/networks/,
    running: [],
  },
  {
    because: "where no version can be had",
    stage: "distribution",
    provoke: () => {
      bench.found = Promise.reject(new Error("Kubernetes 1.20.2 cannot be installed: no mirror answers.")) as never;
    },
    message: /^Kubernetes 1\.20\.2 cannot be installed: no mirror answers\.$/,
    running: [],
  },
  {
    because: "where the folder cannot be written",
    stage: "certificates",
    provoke: (cluster) => obstruct(join(bench.folderOf(cluster), "member-1")),
    message: /(EEXIST|ENOTDIR): .*member-1/,
    running: [],
  },
  {
    because: "where etcd is not there",
    stage: "etcd",
    provoke: () => {
      bench.found.distribution.executables.etcd = join(bench.folder, "bin", "gone");
    },
    message: /^member-1\/etcd cannot be started: spawn .*bin\/gone ENOENT\.$/,
    running: [],
  },
  {
    because: "where etcd dies",
    stage: "etcd",
    programs: { etcd: stagePrograms.broken },
    message: new RegExp(String.raw`^etcd does not start\. etcd ended ${diskFull}member-1/logs/etcd\.log\.$`),
    running: [],
  },
  {
    because: "where etcd's port is occupied",
    stage: "etcd",
    provoke: (cluster) => occupy(cluster, 11, 2381),
    message: /^etcd does not start\. .*Error: listen EADDRINUSE: address already in use .*\.11:2381\. Its log is /,
    running: [],
  },
  {
    because: "where etcd does not answer",
    stage: "etcd",
    timing: { readyDeadline: 300 },
    programs: { etcd: stagePrograms.silent },
    message:
      /^Waited 0\.3 s for etcd to be ready, in vain\. The last answer: .* Its log is .*member-1\/logs\/etcd\.log\.$/,
    running: ["member-1/etcd"],
  },
  {
    because: "where one of three etcds dies",
    stage: "etcd",
    plan: threeMembers(),
    provoke: (cluster) => occupy(cluster, 12, 2381),
    message: /^etcd of member-2 does not start\. .*EADDRINUSE.* Its log is .*member-2\/logs\/etcd\.log\.$/,
    running: ["member-1/etcd", "member-3/etcd"],
  },
  {
    because: "where the API server dies",
    stage: "control-plane",
    programs: { "kube-apiserver": stagePrograms.broken },
    message: new RegExp(`^kube-apiserver does not start\\. kube-apiserver ended ${diskFull}kube-apiserver\\.log\\.$`),
    running: ["endpoint/forwarder", "member-1/etcd"],
  },
  {
    because: "where the public address is occupied",
    stage: "control-plane",
    provoke: (cluster) => occupy(cluster, 1, 6443),
    message:
      /^endpoint forwarder does not start\. .*It cannot listen\. listen EADDRINUSE: .*\.1:6443\. Its log is .*forwarder\.log\.$/,
    running: ["member-1/etcd", "member-1/kube-apiserver"],
  },
  {
    because: "where the scheduler dies",
    stage: "control-plane",
    programs: { "kube-scheduler": stagePrograms.broken },
    message: new RegExp(`^kube-scheduler does not start\\. kube-scheduler ended ${diskFull}kube-scheduler\\.log\\.$`),
    running: [...api, "member-1/kube-controller-manager"],
  },
  {
    because: "where the API server refuses an object",
    stage: "add-ons",
    programs: { "kube-apiserver": stagePrograms.refusingServer },
    message: /^The API server refused .* of the cluster's own configuration: /,
    running: everything,
  },
  {
    because: "where the kubelets' port is occupied",
    stage: "nodes",
    provoke: (cluster) => occupy(cluster, 2, 10250),
    message: /\.2:10250/,
    running: everything,
  },
  {
    because: "where the nodes do not become Ready",
    stage: "nodes",
    timing: { nodesDeadline: 500 },
    message: /^The 3 nodes are not all Ready after 0\.5 s: see "kubectl get nodes"\.$/,
    running: everything,
  },
];

let bench: StageBench;
let occupiers: Server[];
beforeEach(() => {
  occupiers = [];
});
afterEach(async () => {
  await Promise.all(occupiers.map((server) => new Promise((resolve) => server.close(resolve))));
  await bench.remove();
});

/** Puts a file where a folder is wanted: that stops root as well. */
function obstruct(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
}

async function occupy(cluster: ClusterRecord, host: number, port: number): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  occupiers.push(server);
  const address = `${readLocalState(cluster).network}.${host}`;
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
}

const running = async (cluster: ClusterRecord) =>
  (await scanProcesses(bench.folderOf(cluster))).map(({ component }) => component).toSorted();

/** Runs the stages up to the one that fails. @returns the message of the failure */
async function fail(failure: Failure): Promise<{ cluster: ClusterRecord; message: string }> {
  const { stage, timing, plan, programs, provoke } = failure;
  bench = await createStageBench(timing);
  bench.install({ ...working, ...programs });
  const cluster = bench.newCluster(plan);
  const names = bench.substrate.work.create.map(({ name }) => name);
  await bench.run(cluster, names.slice(0, names.indexOf(stage)));
  await provoke?.(cluster);
  const message = await bench.run(cluster, [stage]).then(
    () => expect.fail("it succeeded"),
    (error: Error) => error.message,
  );
  return { cluster, message };
}

test("a failure is provoked in every stage", async () => {
  bench = await createStageBench();
  expect(new Set(failures.map(({ stage }) => stage))).toEqual(
    new Set(bench.substrate.work.create.map(({ name }) => name)),
  );
});

describe.each(failures)("stage $stage fails $because", (failure) => {
  test("and says why, names the log, and leaves what runs", async () => {
    const { cluster, message } = await fail(failure);
    expect(message).toMatch(failure.message);
    const log = /Its log is (.+)\.$/.exec(message)?.[1];
    if (log !== undefined) expect(existsSync(log)).toBe(true);
    // A process that dies again and again is there for moments.
    await expect.poll(() => running(cluster)).toEqual(failure.running);
  });

  test("and is rolled back to nothing", async () => {
    const { cluster } = await fail(failure);
    await bench.undoAll(cluster);
    expect(await running(cluster)).toEqual([]);
    expect(existsSync(bench.folderOf(cluster))).toBe(false);
    expect(bench.substrate.describe(cluster.state)).toEqual({ endpoints: undefined, runningVersion: undefined });
    if (failure.stage !== "network") expect(readdirSync(join(bench.folder, "cache", "networks"))).toEqual([]);
  });
});
