import type { Cluster, NodePoolSpec } from "../clusters/cluster.ts";
import type { ClusterNode } from "./nodes.ts";

/** The name of a node's instance: one that was there before keeps its own, which is its id here; others get one. */
export function instanceName(cluster: Pick<Cluster, "id">, spec: NodePoolSpec, node: Omit<ClusterNode, "createdAt">) {
  if (node.existing && spec.keepInstanceNames) return node.instanceId;
  return `${spec.role === "worker" ? "worker" : "master"}-k8s-for-cs-c${cluster.id}-${node.ordinal}`;
}
