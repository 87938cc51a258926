import { existsSync } from "node:fs";
import { memberPaths } from "../../kubernetes/member-paths.ts";
import type { ClusterRecord, ResumeWay } from "../substrate.ts";
import type { LocalContext } from "./context.ts";
import {
  adoptControlPlane,
  ensureControlPlane,
  isControlPlaneThere,
  startControlPlane,
} from "./control-plane/control-plane.ts";
import { endStrayForwarders } from "./forwarder/running.ts";
import { ensureSimulator } from "./live/nodes.ts";
import { prepareRun } from "./site/run.ts";
import { type ClusterSite, ensureClusterFolder, requireSite } from "./site/site.ts";

/** As the only one there is. */
const alone: ResumeWay = { signal: new AbortController().signal, turn: (run) => run() };

/**
 * Takes a created cluster up again after a start of Sampan. Processes that still run are supervised from the first
 * moment, and the nodes report again before anything is waited for. Resolves when the whole control plane answers.
 * A control plane that hangs, but is there, takes no turn from those that have to boot.
 */
export async function resume(context: LocalContext, cluster: ClusterRecord, way: ResumeWay = alone): Promise<void> {
  const signal = AbortSignal.any([context.starts.signal, way.signal]);
  const progress = {
    report: (message: string) => context.log.info({ cluster: cluster.plan.id }, message),
    signal,
  };
  const site = requireSite(context.home, cluster);
  const { id, network } = site;
  await context.networks.keep({ cluster: id, folder: await ensureClusterFolder(context.home, id) }, network);
  await endStrayForwarders(context, site);
  const run = await prepareRun(context, cluster, progress);
  requireData(run.site);
  signal.throwIfAborted();
  await adoptControlPlane(context, run);
  await ensureSimulator(context, run.site, cluster, run.distribution.version);
  const start = () => startControlPlane(context, run, progress);
  try {
    await (isControlPlaneThere(context, run) ? start() : way.turn(start));
  } catch (error) {
    // A crowded machine may be late. Everything is there and looked after then, so the cluster comes up by itself.
    if (!signal.aborted) await ensureControlPlane(context, run);
    throw error;
  }
}

/** An etcd without its data would begin an empty cluster under the old one's name. */
function requireData({ controlPlane }: ClusterSite): void {
  const folders = controlPlane.members.map(({ directory }) => memberPaths(directory).etcdData);
  const gone = folders.find((folder) => !existsSync(folder));
  if (gone === undefined) return;
  throw new Error(`Its data is gone: there is no ${gone}. Put it back and start Sampan again, or delete the cluster.`);
}
