import { cloudOf } from "../../src/core/clouds/index.ts";
import type { AddonSpec, ClusterSpec, NodePoolSpec } from "../../src/core/clusters/cluster.ts";
import type { Vswitch } from "../../src/core/inventory/inventory.ts";
import type { ClusterNode } from "../../src/core/nodes/nodes.ts";
import { plannedResources } from "../../src/core/resources/plan-resources.ts";
import type { ClusterResource, ResourcePlan } from "../../src/core/resources/resource.ts";
import { keptCluster, newNodePool } from "./new-cluster.ts";

/** The cluster of a plan, unless a test has its own. */
export const clusterId = "0123456789abcdef0123456789abcdef";
const at = new Date("2026-01-31T10:00:00.000Z");

/** What a test wants of a cluster; the rest is filled in. */
export interface Wanted {
  kind?: ClusterSpec["kind"];
  network?: Partial<ClusterSpec["network"]>;
  apiServer?: Partial<ClusterSpec["apiServer"]>;
  cloud?: Partial<ClusterSpec["cloud"]>;
  addons?: AddonSpec[];
  tags?: Record<string, string>;
  pools?: Partial<NodePoolSpec>[];
}

const vswitchesOf = (ids: readonly string[]): Vswitch[] =>
  ids.map((id, n) => ({ id, vpcId: "vpc-1", zone: `cn-beijing-${"abc"[n]}`, cidr: `192.168.${4 * n}.0/22` }));

/** A plan whose ids are counted, so that a test can name them: `lb-1`, `eip-2`. */
export function plan({ pools = [{}], ...wanted }: Wanted = {}, id = clusterId): ResourcePlan {
  const { spec } = keptCluster();
  const specs = pools.map((pool) => newNodePool({ size: 1, ...pool }));
  const ids = new Set([...spec.network.vswitchIds, ...specs.flatMap((pool) => pool.vswitchIds)]);
  const counts = new Map<string, number>();
  const written = specs.map((pool, n) => ({ id: `np${n + 1}`, clusterId: id, name: pool.name, spec: pool }));
  return {
    cluster: {
      id,
      spec: {
        ...spec,
        memberAddresses: [],
        kind: wanted.kind ?? "managed",
        network: { ...spec.network, ...wanted.network },
        apiServer: { ...spec.apiServer, ...wanted.apiServer },
        cloud: { ...spec.cloud, ...wanted.cloud },
        addons: wanted.addons ?? [],
        tags: wanted.tags ?? {},
      },
    },
    dialect: "ack",
    pools: written,
    nodes: written.flatMap((pool) => nodesOf(pool)).map((node, ordinal) => ({ ...node, ordinal })),
    vswitches: vswitchesOf([...ids]),
    at,
    newId(prefix) {
      const count = (counts.get(prefix) ?? 0) + 1;
      counts.set(prefix, count);
      return `${prefix}-${count}`;
    },
    nameInstance: (pool, node) => cloudOf("ack").instanceName({ id }, pool, node),
  };
}

const nodesOf = (pool: ResourcePlan["pools"][number]): Omit<ClusterNode, "createdAt">[] =>
  Array.from({ length: pool.spec.size }, (_, n) => ({
    clusterId: pool.clusterId,
    nodePoolId: pool.id,
    instanceId: pool.spec.instances[n] ?? `i-${pool.id}-${n}`,
    name: `node-${pool.id}-${n}`,
    address: `192.168.0.${55 + n}`,
    vswitchId: pool.spec.vswitchIds[0] ?? "",
    instanceType: pool.spec.instanceTypes[0] ?? "",
    existing: n < pool.spec.instances.length,
    ordinal: n,
  }));

/** The resources that are planned for a cluster. */
export const planned = (wanted?: Wanted) => plannedResources(plan(wanted));
/** Kind and id of each. */
export const references = (resources: readonly ClusterResource[]) => resources.map(({ kind, id }) => `${kind} ${id}`);
/** Those of one kind. */
export const ofKind = (resources: readonly ClusterResource[], kind: string) =>
  resources.filter((resource) => resource.kind === kind);
