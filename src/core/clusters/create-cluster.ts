import { sql } from "drizzle-orm";
import { clusters } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";
import { addEvent } from "../events/events.ts";
import { newClusterId, newInstanceId, newNodePoolId } from "../ids.ts";
import { ensureVswitches, type Vswitch } from "../inventory/inventory.ts";
import { findInstanceType } from "../nodes/instance-types.ts";
import { freeMemberAddresses, freeWorkerAddresses } from "../nodes/node-addresses.ts";
import { nodeName } from "../nodes/node-names.ts";
import { type ClusterNode, insertNodePool, insertNodes, usedAddresses } from "../nodes/nodes.ts";
import { addTask } from "../tasks/tasks.ts";
import type { Cluster, ClusterSpec, NodePoolSpec } from "./cluster.ts";
import { insertCluster } from "./clusters.ts";
import { clusterSecretsOf } from "./secrets.ts";

/** What a dialect asks for when it makes a cluster. */
export interface NewCluster {
  accountId: string;
  dialect: Cluster["dialect"];
  name: string;
  region: string;
  /** Without the addresses, which are given out here. */
  spec: Omit<ClusterSpec, "memberAddresses">;
  nodePools: NodePoolSpec[];
  /** The request as it was sent, secrets excepted. */
  request: Record<string, unknown>;
  /** Secrets of the request by name, e.g. `login-password`; kept encrypted. */
  secrets: Record<string, string>;
  /** What the user should know about how the request was taken. */
  remarks: string[];
}

/**
 * Writes a cluster with its node pools, nodes and secrets and puts its creation in the queue, all or nothing.
 * @returns the ids of the cluster and of its task
 * @throws {NoRoomError} where its networks have too few addresses left
 */
export async function createCluster(core: Core, wanted: NewCluster): Promise<{ clusterId: string; taskId: string }> {
  return core.db.transaction((tx) => writeCluster(within(core, tx), wanted));
}

async function writeCluster(core: Core, wanted: NewCluster): Promise<{ clusterId: string; taskId: string }> {
  const { accountId, dialect, name, region, request } = wanted;
  const id = newClusterId();
  const vswitches = await registerNetworks(core, wanted);
  const spec: ClusterSpec = { ...wanted.spec, memberAddresses: await takeMemberAddresses(core, vswitches[0]) };
  const { placement } = core;
  await insertCluster(core, { id, accountId, dialect, name, region, state: "creating", placement, spec, request });
  for (const [secret, value] of Object.entries(wanted.secrets)) await clusterSecretsOf(core, id).put(secret, value);
  let ordinal = 0;
  for (const pool of wanted.nodePools) ordinal += await writePool(core, { id, region, pool, vswitches, ordinal });
  const taskId = await addTask(core, {
    accountId,
    clusterId: id,
    clusterName: name,
    placement,
    kind: "cluster-create",
    rollback: spec.creation.rollback,
    timeoutMinutes: spec.creation.timeoutMinutes,
  });
  const remark = { accountId, clusterId: id, taskId, level: "info", reason: "RequestTaken" } as const;
  for (const message of wanted.remarks) await addEvent(core, { ...remark, message });
  return { clusterId: id, taskId };
}

/** The vSwitches of the cluster, its pools and its pods, the cluster's first one first. */
async function registerNetworks(core: Core, { accountId, region, spec, nodePools }: NewCluster): Promise<Vswitch[]> {
  const { vpcId, podCidr, podVswitchIds, serviceCidr } = spec.network;
  const ofNodes = [...spec.network.vswitchIds, ...nodePools.flatMap((pool) => pool.vswitchIds)];
  const vswitchIds = [...new Set([...ofNodes, ...podVswitchIds])];
  const avoid = [serviceCidr, ...(podCidr ? [podCidr] : [])];
  return ensureVswitches(core, { accountId, region, vpcId, vswitchIds, avoid });
}

/** One address for the control plane, as its VPC shows it; no two clusters of a vSwitch have the same. */
async function takeMemberAddresses(core: Core, vswitch: Vswitch | undefined): Promise<string[]> {
  if (!vswitch) throw new Error("A cluster needs a vSwitch; name one.");
  const rows = await core.db
    .select({ addresses: sql<string[]>`${clusters.spec}->'memberAddresses'` })
    .from(clusters)
    .where(sql`${clusters.spec}->'network'->'vswitchIds'->>0 = ${vswitch.id}`);
  return freeMemberAddresses(vswitch.cidr, new Set(rows.flatMap(({ addresses }) => addresses ?? [])), 1);
}

/** @returns how many nodes were written */
async function writePool(
  core: Core,
  {
    id,
    region,
    pool,
    vswitches,
    ordinal,
  }: { id: string; region: string; pool: NodePoolSpec; vswitches: Vswitch[]; ordinal: number },
): Promise<number> {
  const nodePoolId = newNodePoolId();
  await insertNodePool(core, { id: nodePoolId, clusterId: id, name: pool.name, spec: pool });
  const placed = await placeNodes(core, pool, vswitches);
  const instanceType = pool.instanceTypes.find(findInstanceType) ?? pool.instanceTypes[0] ?? "";
  await insertNodes(
    core,
    placed.map(
      ({ address, vswitchId }, index): Omit<ClusterNode, "createdAt"> => ({
        clusterId: id,
        nodePoolId,
        instanceId: pool.instances[index] ?? newInstanceId(),
        name: nodeName(pool.nodeName, region, address),
        address,
        vswitchId,
        instanceType,
        existing: index < pool.instances.length,
        ordinal: ordinal + index,
      }),
    ),
  );
  return placed.length;
}

/** Spreads a pool's nodes over its vSwitches in turn and gives each an address. */
async function placeNodes(
  core: Core,
  pool: NodePoolSpec,
  vswitches: Vswitch[],
): Promise<{ address: string; vswitchId: string }[]> {
  const own = vswitches.filter(({ id }) => pool.vswitchIds.includes(id));
  const shares = await Promise.all(
    own.map(async (vswitch, index) => {
      const share = Math.floor((pool.size - index - 1) / own.length) + 1;
      return freeWorkerAddresses(vswitch.cidr, await usedAddresses(core, vswitch.id), share);
    }),
  );
  return Array.from({ length: pool.size }, (_, n) => {
    const which = n % own.length;
    return { address: shares[which]?.[Math.floor(n / own.length)] ?? "", vswitchId: own[which]?.id ?? "" };
  });
}
