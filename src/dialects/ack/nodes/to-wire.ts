import { instanceName } from "../../../core/clouds/alibaba/names.ts";
import { addMonths } from "../../../core/clusters/billing.ts";
import type { Cluster } from "../../../core/clusters/cluster.ts";
import type { ClusterNode, NodePool } from "../../../core/nodes/nodes.ts";

/** What the living cluster says of a node: undefined where it was not asked or did not answer. */
export type NodeReadiness = boolean | undefined;

/** A worker as DescribeClusterNodes shows it. */
export function toAckNode(cluster: Cluster, node: ClusterNode, pool: NodePool | undefined, ready: NodeReadiness) {
  const running = cluster.state !== "creating" || ready === true;
  return {
    instance_id: node.instanceId,
    instance_name: pool ? instanceName(cluster, pool.spec, node) : node.name,
    instance_role: pool?.spec.role === "control-plane" ? "Master" : "Worker",
    instance_status: running ? "Running" : "Pending",
    instance_type: node.instanceType,
    instance_type_family: node.instanceType.split(".").slice(0, 2).join("."),
    instance_charge_type: pool?.spec.billing.chargeType ?? "PostPaid",
    image_id: pool?.spec.imageId ?? "",
    host_name: node.name,
    ip_address: [node.address],
    is_aliyun_node: true,
    node_name: node.name,
    node_status: ready === undefined ? "Unknown" : ready ? "Ready" : "NotReady",
    nodepool_id: pool?.spec.role === "control-plane" ? "" : node.nodePoolId,
    source: node.existing ? "ess_attach" : "ess",
    spot_strategy: spotStrategy(pool),
    state: running ? "running" : "pending",
    creation_time: node.createdAt.toISOString(),
    expired_time: expiry(node, pool).toISOString(),
    error_message: "",
  };
}

/** How the pool's instances are bought: it is only recorded, as the pool was asked to have it. */
function spotStrategy(pool: NodePool | undefined): string {
  const group = pool?.spec.request.scaling_group as { spot_strategy?: unknown } | null | undefined;
  return typeof group?.spot_strategy === "string" && group.spot_strategy ? group.spot_strategy : "NoSpot";
}

/** What the vendor has for the end of what has none. */
const never = new Date("2099-12-31T15:59:00Z");

/** The end of a subscription, that many months after the instance was made; what is paid for by use has none. */
function expiry(node: ClusterNode, pool: NodePool | undefined): Date {
  const { months } = pool?.spec.billing ?? {};
  return months === undefined ? never : addMonths(node.createdAt, months);
}
