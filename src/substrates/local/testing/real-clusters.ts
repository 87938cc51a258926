import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { pino } from "pino";
import { expect } from "vitest";
import { memberPorts } from "../../../kubernetes/control-plane.ts";
import type { DistributionOptions } from "../../../kubernetes/distribution/distribution.ts";
import { ensureDistribution } from "../../../kubernetes/distribution/ensure.ts";
import type { ClusterPlan, ClusterRecord, StageContext, Substrate, SubstrateStage } from "../../substrate.ts";
import { examplePlan } from "../../testing/example-plan.ts";
import { createRecordFile } from "../../testing/file-record.ts";
import { type FoundProcess, scanProcesses } from "../control-plane/process-scan.ts";
import { createLocalSubstrate } from "../index.ts";
import { forwarderHealthPort, isFree, kubeletPort } from "../network/loopback.ts";
import { clusterFolder } from "../site/site.ts";
import { readLocalState } from "../state.ts";

/** What runs for a cluster of one member, in alphabetical order. */
export const componentNames = ["etcd", "forwarder", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/** Says only when to give a test up: that something happens is asserted, never how fast. */
export const patience = { timeout: 120_000, interval: 100 };

/** The distributions of this machine, as the service would find them. */
export const distribution: DistributionOptions = {
  directory: process.env.SAMPAN_DISTRIBUTION_DIR ?? join(homedir(), ".cache", "sampan"),
  path: process.env.SAMPAN_DISTRIBUTION_PATH,
  kubernetesReleaseUrl: "https://dl.k8s.io/release",
  etcdReleaseUrl: "https://github.com/etcd-io/etcd/releases/download",
};

/** A $SAMPAN_HOME for tests with real control planes. */
export interface TestHome {
  readonly path: string;
  /** Every event so far: cluster id, level, reason, message. */
  readonly events: string[][];
  /** A substrate as a newly started Sampan has it. */
  newSubstrate(): Substrate;
  /** Makes the record of a cluster that is not made yet. @returns the record's file */
  newCluster(plan?: Partial<ClusterPlan>): { id: string; record: string };
  context(cluster: ClusterRecord, more?: Partial<StageContext>): StageContext;
  /** What runs for a cluster, by component, those of further members with the member's name; one that runs twice is there twice. */
  processes(id: string): Promise<FoundProcess[]>;
  /** Runs kubectl as the cluster's administrator. @returns its standard output */
  kubectl(substrate: Substrate, cluster: ClusterRecord, ...args: string[]): Promise<string>;
  /** Has every component do some work in a new namespace, and expects it done. */
  expectEverythingWorks(substrate: Substrate, cluster: ClusterRecord, namespace: string): Promise<void>;
  /** Expects no process, folder, claim and listener. */
  expectNothingLeft(id: string, network: string): Promise<void>;
  /** Ends whatever runs and removes the folder. */
  remove(): Promise<void>;
}

/** Runs these stages in order, beginning with the one named. */
export async function runStages(
  stages: readonly SubstrateStage[],
  context: StageContext,
  from = stages[0]?.name,
): Promise<void> {
  for (const stage of stages.slice(stages.findIndex(({ name }) => name === from))) await stage.run(context);
}

/** The cluster's loopback network, which it must have. */
export function networkOf(cluster: ClusterRecord): string {
  return readLocalState(cluster).network ?? expect.fail("the cluster has no network");
}

/** Number of nodes that the API server shows as Ready; 0 while it does not answer. */
export async function readyNodes(substrate: Substrate, cluster: ClusterRecord): Promise<number> {
  const nodes = await substrate.observeNodes(cluster).catch(() => []);
  return nodes.filter(({ ready }) => ready).length;
}

/** Makes the home. */
export async function createTestHome(): Promise<TestHome> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "sampan-home-")));
  const progress = { report: () => undefined };
  const { executables } = (await ensureDistribution(distribution, undefined, "nearest", progress)).distribution;
  const events: string[][] = [];
  const substrates: Substrate[] = [];
  const log = pino({ level: "silent" });

  const home: TestHome = {
    path,
    events,
    newSubstrate() {
      const onEvent = (...event: string[]) => events.push(event);
      const substrate = createLocalSubstrate({ home: path, distribution, log, onEvent });
      substrates.push(substrate);
      return substrate;
    },

    newCluster(plan) {
      const planned = examplePlan(plan);
      const record = join(path, `${planned.id}.json`);
      createRecordFile(record, planned);
      return { id: planned.id, record };
    },

    context: (cluster, more) => ({
      cluster,
      signal: new AbortController().signal,
      report: () => undefined,
      event: async (...event) => void events.push([cluster.plan.id, ...event]),
      ...more,
    }),

    async processes(id) {
      const found = await scanProcesses(clusterFolder(path, id));
      return found
        .map((one) => ({ ...one, component: one.component.replace(/^(member-1|endpoint)\//, "") }))
        .toSorted((one, other) => one.component.localeCompare(other.component));
    },

    async kubectl(substrate, cluster, ...args) {
      const kubeconfig = join(path, `${cluster.plan.id}.kubeconfig`);
      const { config } = await substrate.kubeconfig(cluster, { lifetimeMinutes: 60, endpoint: "public" });
      await writeFile(kubeconfig, config, { mode: 0o600 });
      const { stdout } = await execa(executables.kubectl, args, { env: { KUBECONFIG: kubeconfig, HOME: path } });
      return stdout;
    },

    async expectEverythingWorks(substrate, cluster, namespace) {
      const kubectl = (...args: string[]) => home.kubectl(substrate, cluster, "-n", namespace, ...args);
      await home.kubectl(substrate, cluster, "create", "namespace", namespace);
      // Pods need it, and the controller manager makes it.
      await expect.poll(() => kubectl("get", "serviceaccounts", "-o", "name"), patience).toBe("serviceaccount/default");
      await kubectl("create", "deployment", "web", "--image=nginx", "--replicas=2");
      await kubectl("rollout", "status", "deployment/web", "--timeout=120s");
      expect(await kubectl("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}")).toBe("2");
    },

    async expectNothingLeft(id, network) {
      expect(await home.processes(id)).toEqual([]);
      expect(existsSync(clusterFolder(path, id))).toBe(false);
      expect(readdirSync(join(distribution.directory, "networks"))).not.toContain(network);
      const hosts = [1, 2, 3, 11, 12, 13];
      const ports = [...Object.values(memberPorts), kubeletPort, forwarderHealthPort];
      const listeners = hosts.flatMap((host) => ports.map((port) => ({ address: `${network}.${host}`, port })));
      expect(await Promise.all(listeners.map(isFree))).toEqual(listeners.map(() => true));
    },

    async remove() {
      // Those that were never stopped would start again what the last one stops.
      for (const substrate of [...substrates, home.newSubstrate()]) await substrate.suspend();
      await rm(path, { recursive: true });
    },
  };
  return home;
}
