import { type NodeSimulator, startNodeSimulator } from "../../../nodes/index.ts";
import type { ClusterRecord } from "../../substrate.ts";
import { kubeletEndpoint, ownAccess, requireSecrets } from "../certificates/secrets.ts";
import type { LocalContext } from "../context.ts";
import type { ClusterSite } from "../site/site.ts";
import { liveCluster } from "./live-cluster.ts";

/**
 * Has the cluster's node simulator running, with every planned node registered or about to be.
 *
 * @param version Kubernetes version that the kubelets claim to be, e.g. `1.20.2`.
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
  const simulator = await liveCluster(context, site.id).simulator.get(async () => {
    const secrets = await requireSecrets(cluster.secrets);
    const [access, kubelet] = await Promise.all([ownAccess(site, secrets), kubeletEndpoint(site, secrets)]);
    const { innerLoadBalancer } = cluster.plan.network;
    const log = context.log.child({ cluster: site.id });
    return startNodeSimulator({ access, kubelet, nodes, innerLoadBalancer, log });
  });
  simulator.ensureNodes(nodes);
  return simulator;
}
