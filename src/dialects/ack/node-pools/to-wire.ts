import type { Cluster, ClusterState, NodePoolSpec } from "../../../core/clusters/cluster.ts";
import type { ClusterNode, NodePool } from "../../../core/nodes/nodes.ts";
import { keptValues } from "../../common/parameters/kept-values.ts";
import { createClusterParameters } from "../clusters/create/table/table.ts";
import { isDefault, scalingGroup } from "./scaling-group-to-wire.ts";

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
  securityGroupId: string | null;
}

type Block = Record<string, unknown>;

/** What a pool was asked to have and only its description shows. */
const recorded = [
  ...["max_nodes", "interconnect_mode", "interconnect_config", "host_network", "intranet", "auto_mode"],
  ...["node_config", "node_components", "eflo_node_group"],
];

/** A node pool as DescribeClusterNodePoolDetail and the list show it: in the words it was asked for, where it was. */
export function toAckNodePool(facts: NodePoolFacts) {
  const { cluster, pool } = facts;
  const { spec } = pool;
  const asked = keptValues(poolParameters, spec.request);
  return {
    ...Object.fromEntries(Object.entries(asked).filter(([name]) => recorded.includes(name))),
    nodepool_info: nodePoolInfo(cluster, pool, asked.nodepool_info),
    status: status(facts),
    scaling_group: {
      ...scalingGroup(spec, facts.securityGroupId),
      ...asked.scaling_group,
      scaling_group_id: facts.scalingGroupId ?? "",
      ram_policy: "",
      // Never in clear: whether there is one, the absence of a key pair tells.
      login_password: "",
    },
    auto_scaling: { ...autoScaling(spec), ...asked.auto_scaling },
    kubernetes_config: { ...kubernetesConfig(cluster, spec), ...asked.kubernetes_config },
    management: { ...unmanaged, ...asked.management },
    tee_config: { tee_enable: spec.confidential, ...asked.tee_config },
  };
}

const poolParameters = createClusterParameters.nodepools.items.members;

/** What a platform may do with a pool by itself: nothing of it is done here, so that it is on only where it was asked for. */
const unmanaged = {
  enable: false,
  auto_repair: false,
  auto_upgrade: false,
  auto_vul_fix: false,
  auto_fault_diagnosis: false,
  drift_enabled: false,
};

function nodePoolInfo(cluster: Cluster, pool: NodePool, asked: { type?: string; resource_group_id?: string } = {}) {
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

const autoScaling = ({ autoScaling: bounds }: NodePoolSpec): Block => ({
  enable: bounds !== undefined,
  min_instances: bounds?.min ?? 0,
  max_instances: bounds?.max ?? 0,
  type: "cpu",
  is_bond_eip: false,
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
    pre_user_data: "",
    user_data: Buffer.from(spec.userData ?? "").toString("base64"),
  };
}
