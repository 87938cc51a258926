import type { Cluster, ClusterState, Disk, NodePoolSpec } from "../../../core/clusters/cluster.ts";
import type { ClusterNode, NodePool } from "../../../core/nodes/nodes.ts";

/** A node pool and what else its description needs. */
export interface NodePoolFacts {
  cluster: Cluster;
  pool: NodePool;
  /** The pool's own. */
  nodes: readonly ClusterNode[];
  /** Readiness of nodes by their names; a node that is not there was not asked or did not answer. */
  readiness: ReadonlyMap<string, boolean>;
  scalingGroupId: string | undefined;
  /** The cluster's, which pools that name none have. */
  securityGroupId: string | undefined;
}

type Block = Record<string, unknown>;

/** What a pool was asked to have and only its description shows. */
const recorded = [
  ...["max_nodes", "interconnect_mode", "interconnect_config", "host_network", "intranet", "auto_mode"],
  ...["node_config", "node_components", "eflo_node_group"],
];

/** Clients that see one of these in a pool for which they did not ask for it plan to change the pool. */
const onlyWhereAskedFor = ["desired_size", "system_disk_size", "key_pair"];

/** A node pool as DescribeClusterNodePoolDetail and the list show it: in the words it was asked for, where it was. */
export function toAckNodePool(facts: NodePoolFacts) {
  const { cluster, pool } = facts;
  const { spec } = pool;
  const { request } = spec;
  return {
    ...Object.fromEntries(Object.entries(request).filter(([name]) => recorded.includes(name))),
    nodepool_info: nodePoolInfo(cluster, pool),
    status: status(facts),
    scaling_group: {
      ...scalingGroup(facts),
      ...sent(request, "scaling_group"),
      scaling_group_id: facts.scalingGroupId ?? "",
      ram_policy: "",
      // Never in clear: whether there is one, the absence of a key pair tells.
      login_password: "",
    },
    auto_scaling: { ...autoScaling(spec), ...sent(request, "auto_scaling") },
    kubernetes_config: { ...kubernetesConfig(cluster, spec), ...sent(request, "kubernetes_config") },
    management: { enable: false, auto_repair: false, ...sent(request, "management") },
    tee_config: { tee_enable: spec.confidential, ...sent(request, "tee_config") },
  };
}

/** A block of the pool as it was asked for; empty texts and nulls mean "not set". */
function sent(request: Block, name: string): Block {
  const block = request[name];
  if (typeof block !== "object" || block === null) return {};
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== null && value !== ""));
}

/** The pool that a cluster's own fields ask for was not asked for as such. */
const isDefault = ({ request }: NodePoolSpec): boolean => Object.keys(request).length === 0;

function nodePoolInfo(cluster: Cluster, pool: NodePool) {
  const asked = sent(pool.spec.request, "nodepool_info");
  const created = pool.createdAt.toISOString();
  return {
    nodepool_id: pool.id,
    name: pool.name,
    type: asked.type ?? "ess",
    is_default: isDefault(pool.spec),
    region_id: cluster.region,
    resource_group_id: asked.resource_group_id ?? cluster.spec.cloud.resourceGroupId ?? "",
    created,
    updated: created,
  };
}

/** `status.state` by the state of the cluster. */
const poolStates: Readonly<Record<ClusterState, string>> = {
  creating: "scaling",
  running: "active",
  changing: "active",
  failed: "active",
  removing: "deleting",
  "remove-failed": "active",
};

/** How many nodes are in which state: each is on its way in, on its way out, failed, or serving. */
function status({ cluster, nodes, readiness }: NodePoolFacts) {
  const ready = nodes.filter(({ name }) => readiness.get(name) === true).length;
  const others = nodes.length - ready;
  const { state } = cluster;
  const initial = state === "creating" ? others : 0;
  const failed = state === "failed" ? others : 0;
  const removing = state === "removing" ? nodes.length : 0;
  return {
    state: poolStates[state],
    total_nodes: nodes.length,
    serving_nodes: nodes.length - initial - failed - removing,
    healthy_nodes: removing > 0 ? 0 : ready,
    initial_nodes: initial,
    failed_nodes: failed,
    removing_nodes: removing,
    offline_nodes:
      initial + failed + removing > 0 ? 0 : nodes.filter(({ name }) => readiness.get(name) === false).length,
    conditions: [],
  };
}

/** The pool's instances, without what was not asked for and clients must not see. */
function scalingGroup(facts: NodePoolFacts): Block {
  const { spec } = facts.pool;
  const groups = spec.securityGroupIds.length > 0 ? spec.securityGroupIds : [facts.securityGroupId ?? ""];
  const { billing } = spec;
  const all: Block = {
    vswitch_ids: spec.vswitchIds,
    instance_types: spec.instanceTypes,
    desired_size: spec.size,
    instance_charge_type: billing.chargeType,
    ...(billing.months !== undefined && {
      period: billing.months,
      period_unit: "Month",
      auto_renew: billing.autoRenew,
      auto_renew_period: billing.renewMonths,
    }),
    image_id: spec.imageId ?? "",
    platform: spec.platform,
    key_pair: spec.keyPair ?? "",
    security_group_id: groups[0],
    security_group_ids: groups.filter((id) => id !== ""),
    ...systemDisk(spec.systemDisk),
    data_disks: spec.dataDisks.map((disk) => ({ ...dataDisk(disk), encrypted: String(disk.encrypted) })),
    multi_az_policy: spec.vswitchPolicy === "priority" ? "PRIORITY" : "BALANCE",
    scaling_policy: "release",
    spot_strategy: "NoSpot",
    tags: Object.entries(spec.instanceTags).map(([key, value]) => ({ key, value })),
    rds_instances: spec.rdsInstances,
    deploymentset_id: spec.deploymentSetId ?? "",
  };
  if (isDefault(spec)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !onlyWhereAskedFor.includes(name)));
}

const systemDisk = ({ category, sizeGiB, performanceLevel, snapshotPolicyId }: Disk): Block => ({
  system_disk_category: category,
  system_disk_size: sizeGiB,
  ...(performanceLevel && { system_disk_performance_level: performanceLevel }),
  ...(snapshotPolicyId && { system_disk_snapshot_policy_id: snapshotPolicyId }),
});

const dataDisk = ({ category, sizeGiB, performanceLevel, snapshotPolicyId }: Disk): Block => ({
  category,
  size: sizeGiB,
  ...(performanceLevel && { performance_level: performanceLevel }),
  ...(snapshotPolicyId && { auto_snapshot_policy_id: snapshotPolicyId }),
});

const autoScaling = ({ autoScaling: bounds }: NodePoolSpec): Block => ({
  enable: bounds !== undefined,
  min_instances: bounds?.min ?? 0,
  max_instances: bounds?.max ?? 0,
  type: "cpu",
});

function kubernetesConfig({ request }: Cluster, spec: NodePoolSpec): Block {
  return {
    cms_enabled: spec.monitoring,
    cpu_policy: spec.cpuPolicy,
    labels: Object.entries(spec.labels).map(([key, value]) => ({ key, value })),
    taints: spec.taints,
    node_name_mode: typeof request.node_name_mode === "string" ? request.node_name_mode : "",
    runtime: spec.runtime.name,
    runtime_version: spec.runtime.version,
    unschedulable: false,
    user_data: Buffer.from(spec.userData ?? "").toString("base64"),
  };
}
