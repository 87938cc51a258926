import { type NodeSimulator, startNodeSimulator } from "../../nodes/index.ts";
import type { ClusterRecord } from "../substrate.ts";
import { kubeletEndpoint, ownAccess, requireSecrets } from "./certificates.ts";
import type { ClusterSite } from "./cluster-site.ts";
import type { LocalContext } from "./local-context.ts";

/**
 * Has the cluster's node simulator running, with every planned node registered or about to be.
 *
 * @param version - Kubernetes version that the kubelets claim to be, e.g. `1.20.2`.
 */
export async function ensureSimulator(
  context: LocalContext,
  site: ClusterSite,
  cluster: ClusterRecord,
  version: string,
): Promise<NodeSimulator> {
  return context.starts.pass(() => startOrExtend(context, site, cluster, version));
}

async function startOrExtend(
  context: LocalContext,
  site: ClusterSite,
  cluster: ClusterRecord,
  version: string,
): Promise<NodeSimulator> {
  const nodes = cluster.plan.nodes.map((node) => ({
    ...node,
    system: { ...node.system, kubeletVersion: `v${version}` },
  }));
  const running = context.simulators.get(site.id);
  if (running !== undefined) {
    running.ensureNodes(nodes);
    return running;
  }
  const secrets = await requireSecrets(cluster.secrets);
  const [access, kubelet] = await Promise.all([ownAccess(site, secrets), kubeletEndpoint(site, secrets)]);
  const log = context.log.child({ cluster: site.id });
  const simulator = await startNodeSimulator({ access, kubelet, nodes, log });
  context.simulators.set(site.id, simulator);
  return simulator;
}

/** Ends the cluster's node simulator, whose nodes then become NotReady; does nothing where none runs. */
export async function stopSimulator({ simulators }: LocalContext, id: string): Promise<void> {
  const simulator = simulators.get(id);
  simulators.delete(id);
  await simulator?.stop();
}
