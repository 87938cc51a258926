import { memberInotifyInstances } from "../../../kubernetes/components/inotify.ts";
import { resolveVersion } from "../../../kubernetes/distribution/resolve.ts";
import { memberPaths } from "../../../kubernetes/member-paths.ts";
import { startDeadline } from "../../../machine/deadline.ts";
import { removeTree } from "../../../machine/files.ts";
import type { NodeSimulator } from "../../../nodes/index.ts";
import type { ClusterRecord, UndoableStage } from "../../substrate.ts";
import { ensurePkiFiles } from "../certificates/files.ts";
import { ensureSecrets } from "../certificates/secrets.ts";
import type { LocalContext, Progress } from "../context.ts";
import type { ClusterRun } from "../control-plane/cluster-processes.ts";
import { startControlPlane, startEtcd, stopControlPlane, stopEtcd } from "../control-plane/control-plane.ts";
import { requireInotifyInstances } from "../control-plane/supplies.ts";
import { liveCluster, reopenLiveCluster } from "../live/live-cluster.ts";
import { ensureSimulator } from "../live/nodes.ts";
import { lookClient } from "../live/observe.ts";
import { untilEveryMemberIsEndpoint } from "../member-endpoints.ts";
import { prepareRun } from "../site/run.ts";
import { clusterFolder, endpointsOf, ensureClusterFolder, memberFolders, requireSite } from "../site/site.ts";
import { readLocalState, saveLocalState } from "../state.ts";
import { versionRemarks } from "../version-remarks.ts";
import { abortable } from "./abortable.ts";
import { addons } from "./add-ons.ts";

/**
 * The stages that make a cluster on this machine, in order. Their undos go by the cluster's id and what is in its folder, so
 * that they remove one in any state.
 */
export function createStages(context: LocalContext): readonly UndoableStage[] {
  return [network, distribution, certificates, etcd, controlPlane, addons, nodes].map((make) =>
    abortable(make(context)),
  );
}

function network(context: LocalContext): UndoableStage {
  return {
    name: "network",
    kind: "network",
    title: "Reserve a loopback network",
    async run({ cluster, report }) {
      reopenLiveCluster(context, cluster.plan.id);
      const folder = await ensureClusterFolder(context.home, cluster.plan.id);
      const claimed = await context.networks.claim({ cluster: cluster.plan.id, folder });
      const { publicEndpoint } = cluster.plan.apiServer;
      const noted = readLocalState(cluster);
      if (noted.network !== claimed || noted.publicEndpoint !== publicEndpoint)
        await saveLocalState(cluster, { network: claimed, publicEndpoint });
      report(`The cluster's addresses are in ${claimed}.0/24.`);
    },
    undo: {
      title: "Give the loopback network back",
      async run({ cluster }) {
        await liveCluster(context, cluster.plan.id).close();
        const folder = clusterFolder(context.home, cluster.plan.id);
        await removeTree(folder);
        await context.networks.release({ cluster: cluster.plan.id, folder });
        await saveLocalState(cluster, { network: null, publicEndpoint: null });
      },
    },
  };
}

function distribution(context: LocalContext): UndoableStage {
  return {
    name: "distribution",
    kind: "distribution",
    title: "Find the Kubernetes executables",
    async run(stage) {
      const { cluster, report, signal } = stage;
      const { version: requested, versionPolicy } = cluster.plan;
      const found = await context.ensureDistribution(requested, versionPolicy, { report, signal });
      // Decided once: another distribution, installed since, must not change the version of a cluster that has data.
      const decided = readLocalState(cluster).runningVersion;
      const running = decided ?? found.distribution.version;
      const exact = resolveVersion(requested, [running])?.exact;
      if (decided === undefined) {
        await saveLocalState(cluster, { requestedVersion: requested ?? null, runningVersion: running });
        if (!exact) await stage.event("warning", "VersionDiffers", differenceOf(requested, running));
        for (const sentence of versionRemarks(cluster.plan, running))
          await stage.event("info", "NotOfThisVersion", sentence);
      }
      // Told before anything is started, rather than by a component in the middle.
      await requireInotifyInstances(context.supplies, cluster.plan.members * memberInotifyInstances(running));
      report(exact ? `Kubernetes ${running}.` : differenceOf(requested, running));
    },
    undo: {
      title: "Forget which version runs",
      // The executables stay: they are every cluster's.
      run: ({ cluster }) => saveLocalState(cluster, { requestedVersion: null, runningVersion: null }),
    },
  };
}

function differenceOf(requested: string | undefined, running: string): string {
  return `Kubernetes ${requested} was asked for and is not installed on this machine: the cluster runs ${running}, the nearest version that is.`;
}

function certificates(context: LocalContext): UndoableStage {
  return {
    name: "certificates",
    kind: "certificates",
    title: "Make certificates and keys",
    async run({ cluster }) {
      const site = requireSite(context.home, cluster);
      await ensureClusterFolder(context.home, site.id);
      await ensurePkiFiles(site, await ensureSecrets(cluster.secrets));
    },
    undo: {
      title: "Remove data, certificates and logs",
      run: ({ cluster }) => removeTree(clusterFolder(context.home, cluster.plan.id)),
    },
  };
}

function etcd(context: LocalContext): UndoableStage {
  return {
    name: "etcd",
    kind: "etcd",
    title: "Start etcd",
    async run({ cluster, report, signal }) {
      const run = await prepareRun(context, cluster, { report, signal });
      await startEtcd(context, run, { report, signal });
      report(`etcd ${run.distribution.etcdVersion} answers.`);
    },
    undo: {
      title: "Stop etcd",
      async run({ cluster }) {
        const folder = clusterFolder(context.home, cluster.plan.id);
        await stopEtcd(context, folder);
        const members = await memberFolders(folder);
        await Promise.all(members.map((member) => removeTree(memberPaths(member).etcdData)));
      },
    },
  };
}

function controlPlane(context: LocalContext): UndoableStage {
  return {
    name: "control-plane",
    kind: "control-plane",
    title: "Start the API server, the controller manager and the scheduler",
    async run({ cluster, report, signal }) {
      const run = await prepareRun(context, cluster, { report, signal });
      await startControlPlane(context, run, { report, signal });
      const endpoints = endpointsOf(run.site);
      report(`The API server answers at ${endpoints.public ?? endpoints.intranet}.`);
    },
    undo: {
      title: "Stop the API server, the controller manager and the scheduler",
      run: ({ cluster }) => stopControlPlane(context, clusterFolder(context.home, cluster.plan.id)),
    },
  };
}

function nodes(context: LocalContext): UndoableStage {
  return {
    name: "nodes",
    kind: "nodes",
    title: "Join the nodes",
    async run({ cluster, report, signal }) {
      const run = await prepareRun(context, cluster, { report, signal });
      // After a crash of Sampan or of the machine between the stages, the control plane is taken up again first.
      await startControlPlane(context, run, { report, signal });
      const simulator = await ensureSimulator(context, run.site, cluster, run.distribution.version);
      await untilMembersServe(context, cluster, run, signal);
      await untilNodesReady(context, simulator, cluster.plan.nodes, { report, signal });
    },
    undo: {
      title: "Stop the nodes",
      // With everything else that is open, so that nothing is asked of what ends after them.
      run: ({ cluster }) => liveCluster(context, cluster.plan.id).close(),
    },
  };
}

/** Meanwhile the nodes register. A lone member has nobody to miss. */
async function untilMembersServe(
  context: LocalContext,
  cluster: ClusterRecord,
  { site }: ClusterRun,
  signal: AbortSignal,
): Promise<void> {
  const { members } = site.controlPlane;
  if (members.length === 1) return;
  const { endpointPoll: pollMs, endpointPatience: patienceMs, readyDeadline: deadlineMs } = context.timing;
  const options = { pollMs, patienceMs, deadlineMs, signal };
  await untilEveryMemberIsEndpoint(await lookClient(context, cluster), members, options);
}

async function untilNodesReady(
  { timing }: LocalContext,
  simulator: NodeSimulator,
  { length: count }: readonly unknown[],
  { report, signal }: Progress,
): Promise<void> {
  report(`Waiting for ${count} nodes to be Ready.`);
  const deadline = startDeadline(timing.nodesDeadline, signal);
  try {
    await simulator.whenReady(undefined, deadline.signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(
      `The ${count} nodes are not all Ready after ${timing.nodesDeadline / 1000} s: see "kubectl get nodes".`,
      { cause: error },
    );
  } finally {
    deadline.clear();
  }
  report(`${count} nodes are Ready.`);
}
