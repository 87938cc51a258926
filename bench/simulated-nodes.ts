import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { readConfig } from "../src/config.ts";
import { type ApiClient, createApiClient } from "../src/kubernetes/client.ts";
import type { Distribution } from "../src/kubernetes/distribution/distribution.ts";
import { ensureDistribution } from "../src/kubernetes/distribution/ensure.ts";
import { buildKubeconfig } from "../src/kubernetes/kubeconfig.ts";
import { issueCertificate } from "../src/kubernetes/pki/certificates.ts";
import { loneControlPlane } from "../src/kubernetes/testing/lone-control-plane.ts";
import { type RunningControlPlane, startControlPlane } from "../src/kubernetes/testing/running-control-plane.ts";
import { startNodeSimulator } from "../src/nodes/index.ts";
import { distributionOptions } from "../src/service/distribution-options.ts";
import { createNetworks } from "../src/substrates/local/network/networks.ts";
import { defaultTiming } from "../src/substrates/local/timing.ts";
import type { MeasureOptions } from "./creation.ts";
import { ensureKwok, type Kwok } from "./kwok.ts";
import { simulatedNodes } from "./nodes.ts";
import { median, type Row } from "./report.ts";
import { retry } from "./waiting.ts";

const nodeCount = 100;
const podCount = 500;

/** Seconds that each thing took. */
interface Round {
  nodesReady: number;
  podsRunning: number;
  podsGone: number;
}

/** Something that simulates nodes. */
interface Simulation {
  /** Ends it. */
  stop(): Promise<void>;
}

/** A control plane without nodes, and what a simulation needs of it. */
interface Plane {
  running: RunningControlPlane;
  api: ApiClient;
  /** First three numbers of its loopback addresses. */
  network: string;
}

/**
 * Sampan's simulated nodes beside KWOK's, in turns, each time on a new control plane of the same executables: nodes to Ready,
 * pods of a Deployment to Running and ready, and its deletion to its end.
 */
export async function measureSimulatedNodes({ rounds, signal, note }: MeasureOptions): Promise<Row[]> {
  const kwok = await ensureKwok({ signal, note });
  if (kwok === undefined) return [];
  const options = distributionOptions(readConfig(process.env));
  const { distribution } = await ensureDistribution(options, undefined, "nearest", { report: note, signal });
  const sides = { Sampan: startSampan, KWOK: (plane: Plane) => startKwok(kwok, plane) };
  const taken: Record<keyof typeof sides, Round[]> = { Sampan: [], KWOK: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of Object.keys(sides) as (keyof typeof sides)[]) {
      const one = await onPlane(distribution, (plane) => timeSimulation(plane, sides[name], signal));
      taken[name].push(one);
      const seconds = Object.values(one).map((value: number) => value.toFixed(2));
      note(`round ${round} of ${rounds}: ${name} ${seconds.join(" s, ")} s`);
    }
  }
  return [
    ...rowsOf(`${nodeCount} nodes Ready`, taken, ({ nodesReady }) => nodesReady),
    ...rowsOf(`${podCount} pods Running`, taken, ({ podsRunning }) => podsRunning),
    ...rowsOf(`${podCount} pods deleted`, taken, ({ podsGone }) => podsGone),
  ];
}

function rowsOf(what: string, taken: Record<"Sampan" | "KWOK", Round[]>, of: (round: Round) => number): Row[] {
  const [sampan, kwok] = [taken.Sampan.map(of), taken.KWOK.map(of)];
  return [
    { what: `KWOK: ${what}`, value: median(kwok), unit: "s", samples: kwok },
    { what: `Sampan: ${what}`, value: median(sampan), unit: "s", samples: sampan },
    { what: "ratio", value: median(sampan) / median(kwok), unit: "×" },
  ];
}

async function onPlane<T>(distribution: Distribution, work: (plane: Plane) => Promise<T>): Promise<T> {
  const claimsFolder = join(distributionOptions(readConfig(process.env)).directory, "networks");
  const networks = createNetworks({ claimsFolder, timing: defaultTiming });
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-bench-nodes-")));
  const owner = { cluster: "nodes", folder };
  const network = await networks.claim(owner);
  let running: RunningControlPlane | undefined;
  let api: ApiClient | undefined;
  try {
    running = await startControlPlane(distribution, (directory) => loneControlPlane(directory, network));
    api = createApiClient(running.admin);
    return await work({ running, api, network });
  } finally {
    await api?.close();
    await running?.stop();
    await networks.release(owner);
    await rm(folder, { recursive: true });
  }
}

async function timeSimulation(
  plane: Plane,
  start: (plane: Plane) => Promise<Simulation>,
  signal: AbortSignal,
): Promise<Round> {
  const { api } = plane;
  await retry(() => api.request("GET", "/api/v1/namespaces/default/serviceaccounts/default"), signal);
  let begin = performance.now();
  const lap = () => {
    const seconds = (performance.now() - begin) / 1000;
    begin = performance.now();
    return seconds;
  };
  const simulation = await start(plane);
  try {
    await retry(() => requireReadyNodes(api), signal);
    const nodesReady = lap();
    await api.request("POST", deployments, { body: deployment });
    await retry(() => requireReadyPods(api), signal);
    const podsRunning = lap();
    await api.request("DELETE", `${deployments}/web`, { body: { propagationPolicy: "Foreground" } });
    await retry(() => requireGone(api), signal);
    return { nodesReady, podsRunning, podsGone: lap() };
  } finally {
    await simulation.stop();
  }
}

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const deployment = {
  metadata: { name: "web" },
  spec: {
    replicas: podCount,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx" }] } },
  },
};

interface NodeList {
  items: { status?: { conditions?: { type: string; status: string }[] } }[];
}

async function requireReadyNodes(api: ApiClient): Promise<void> {
  const { items } = await api.request<NodeList>("GET", "/api/v1/nodes", { query: { resourceVersion: "0" } });
  const isReady = ({ status }: NodeList["items"][number]) =>
    status?.conditions?.some((one) => one.type === "Ready" && one.status === "True");
  const ready = items.filter(isReady).length;
  if (ready < nodeCount) throw new Error(`${ready} of ${nodeCount} nodes are Ready.`);
}

async function requireReadyPods(api: ApiClient): Promise<void> {
  const { status } = await api.request<{ status?: { readyReplicas?: number } }>("GET", `${deployments}/web`);
  const ready = status?.readyReplicas ?? 0;
  if (ready < podCount) throw new Error(`${ready} of ${podCount} pods are ready.`);
}

async function requireGone(api: ApiClient): Promise<void> {
  const { items } = await api.request<{ items: unknown[] }>("GET", deployments);
  if (items.length > 0) throw new Error("The Deployment is still there.");
}

async function startSampan({ running: { admin, secrets }, network }: Plane): Promise<Simulation> {
  const authority = { cert: secrets["ca.crt"], key: secrets["ca.key"] };
  const address = `${network}.2`;
  const serving = { commonName: "kubelets", ipAddresses: [address], usages: ["server" as const] };
  const tls = { ...(await issueCertificate(authority, serving)), clientCa: authority.cert };
  const kubelet = { address, port: 10250, tls };
  return startNodeSimulator({
    access: admin,
    kubelet,
    nodes: simulatedNodes(nodeCount),
    log: pino({ level: "silent" }),
  });
}

/** KWOK takes every node that is there for one of its own; so they are made, as its documents say. */
async function startKwok(
  { executable, stages }: Kwok,
  { running: { admin, directory }, api }: Plane,
): Promise<Simulation> {
  const kubeconfig = join(directory, "kwok.conf");
  await writeFile(kubeconfig, buildKubeconfig(admin, { cluster: "bench", user: "admin" }), { mode: 0o600 });
  const args = [
    `--kubeconfig=${kubeconfig}`,
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=40",
    ...stages.map((path) => `--config=${path}`),
  ];
  const child = spawn(executable, args, { cwd: directory, env: { HOME: directory }, stdio: "ignore" });
  await once(child, "spawn");
  const allocatable = { cpu: "4", memory: "8Gi", pods: "110" };
  const names = Array.from({ length: nodeCount }, (_, index) => `node-${index + 1}`);
  await Promise.all(
    names.map((name) =>
      api.request("POST", "/api/v1/nodes", {
        body: { metadata: { name }, status: { allocatable, capacity: allocatable } },
      }),
    ),
  );
  return { stop: () => endOf(child) };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
