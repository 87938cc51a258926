import { and, eq, sql } from "drizzle-orm";
import { clusters } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";
import { addEvent } from "../events/events.ts";
import { newClusterId, newInstanceId, newNodePoolId } from "../ids.ts";
import { checkNetworks } from "../inventory/check-networks.ts";
import { ensureVswitches, type Vswitch } from "../inventory/inventory.ts";
import { NetworkConflictError } from "../inventory/network-conflict.ts";
import { NoRoomError } from "../inventory/no-room.ts";
import { ensureSecurityGroups } from "../inventory/security-groups.ts";
import { findInstanceType } from "../nodes/instance-types.ts";
import { memberAddresses, nextFree } from "../nodes/node-addresses.ts";
import { type ClusterNode, insertNodePool, insertNodes, type NodePool, usedAddresses } from "../nodes/nodes.ts";
import { placeNodes, type Taken } from "../nodes/place-nodes.ts";
import { writeClusterResources } from "../resources/resources.ts";
import { addTask } from "../tasks/tasks.ts";
import type { Cluster, ClusterSpec, NodePoolSpec } from "./cluster.ts";
import { insertCluster } from "./clusters.ts";
import { clusterSecretsOf } from "./secrets.ts";

/** A cluster as a dialect asks for it: without what is given out here. */
export type WantedSpec = Omit<ClusterSpec, "memberAddresses" | "apiServer"> & {
  apiServer: Omit<ClusterSpec["apiServer"], "serviceAccountIssuer" | "rrsa"> & {
    /** Undefined takes the address at which Sampan publishes the keys. */
    serviceAccountIssuer: string | undefined;
    rrsa: { audience: string } | undefined;
  };
};

/** What a dialect asks for when it makes a cluster. */
export interface NewCluster {
  accountId: string;
  dialect: Cluster["dialect"];
  name: string;
  region: string;
  spec: WantedSpec;
  /** The groups of its nodes; a dedicated cluster's members are the one with that role. */
  nodePools: NodePoolSpec[];
  /** The request as it was sent, secrets excepted. */
  request: Record<string, unknown>;
  /** Secrets of the request by name, e.g. `login-password`; kept encrypted. */
  secrets: Record<string, string>;
  /** What the user should know about how the request was taken. */
  remarks: string[];
  /** `strict` refuses networks that are not known, and ranges that overlap another cluster's in the VPC. */
  inventory: "implicit" | "strict";
}

/**
 * Writes a cluster with its node pools, nodes and secrets and puts its creation in the queue, all or nothing.
 * @returns the ids of the cluster and of its task
 * @throws {NetworkConflictError} where its networks cannot be as they were asked for
 * @throws {NoRoomError} where they have too few addresses left
 */
export async function createCluster(core: Core, wanted: NewCluster): Promise<{ clusterId: string; taskId: string }> {
  return core.db.transaction((tx) => writeCluster(within(core, tx), wanted));
}

async function writeCluster(core: Core, wanted: NewCluster): Promise<{ clusterId: string; taskId: string }> {
  const { accountId, dialect, name, region, request } = wanted;
  const id = newClusterId();
  const warnings = await checkWanted(core, wanted);
  const vswitches = await registerNetworks(core, wanted);
  const taken: Taken = { addresses: await takenAddresses(core, wanted), names: new Set() };
  const pools = wanted.nodePools.map((spec) => planPool(id, spec, { region, vswitches, taken }));
  const nodes = pools.flatMap((pool) => pool.nodes).map((node, ordinal) => ({ ...node, ordinal }));
  const spec = settleSpec(core, id, wanted.spec, membersOf(pools) ?? [freeMember(wanted.spec, vswitches, taken)]);
  const { placement } = core;
  await insertCluster(core, { id, accountId, dialect, name, region, state: "creating", placement, spec, request });
  for (const [secret, value] of Object.entries(wanted.secrets)) await clusterSecretsOf(core, id).put(secret, value);
  for (const { pool } of pools) await insertNodePool(core, pool);
  await insertNodes(core, nodes);
  await writeClusterResources(core, { cluster: { id, spec }, pools: pools.map(({ pool }) => pool), nodes, vswitches });
  const taskId = await addTask(core, {
    accountId,
    clusterId: id,
    clusterName: name,
    placement,
    kind: "cluster-create",
    rollback: spec.creation.rollback,
    timeoutMinutes: spec.creation.timeoutMinutes,
  });
  const subject = { accountId, clusterId: id, taskId };
  for (const message of wanted.remarks)
    await addEvent(core, { ...subject, level: "info", reason: "RequestTaken", message });
  for (const message of warnings)
    await addEvent(core, { ...subject, level: "warning", reason: "NetworkOverlaps", message });
  return { clusterId: id, taskId };
}

/** @returns what the user should know about the networks */
async function checkWanted(core: Core, { accountId, spec, nodePools, inventory }: NewCluster): Promise<string[]> {
  const { vpcId, podCidr, serviceCidr } = spec.network;
  const { conflicts, warnings } = await checkNetworks(core, {
    accountId,
    vpcId,
    podCidr,
    serviceCidr,
    vswitchIds: vswitchesOf(spec, nodePools),
    securityGroupIds: securityGroupsOf(spec, nodePools),
    policy: inventory,
  });
  if (conflicts.length > 0) throw new NetworkConflictError(conflicts);
  return warnings;
}

/** The vSwitches of the cluster, its pools and its pods, each once, the cluster's first one first. */
function vswitchesOf({ network }: WantedSpec, nodePools: readonly NodePoolSpec[]): string[] {
  const ofNodes = nodePools.flatMap((pool) => pool.vswitchIds);
  return [...new Set([...network.vswitchIds, ...ofNodes, ...network.podVswitchIds])];
}

/** The security groups that the cluster and its pools name. */
function securityGroupsOf({ network }: WantedSpec, nodePools: readonly NodePoolSpec[]): string[] {
  const ofCluster = network.securityGroupId ? [network.securityGroupId] : [];
  return [...ofCluster, ...nodePools.flatMap((pool) => pool.securityGroupIds)];
}

async function registerNetworks(core: Core, { accountId, region, spec, nodePools }: NewCluster): Promise<Vswitch[]> {
  const { vpcId, podCidr, serviceCidr } = spec.network;
  const vswitchIds = vswitchesOf(spec, nodePools);
  const avoid = [serviceCidr, ...(podCidr ? [podCidr] : [])];
  const vswitches = await ensureVswitches(core, { accountId, region, vpcId, vswitchIds, avoid });
  await ensureSecurityGroups(core, { accountId, vpcId, ids: securityGroupsOf(spec, nodePools) });
  return vswitches;
}

/** Addresses that nodes and control planes have in the VPC, whatever their cluster. */
async function takenAddresses(core: Core, { accountId, spec }: NewCluster): Promise<Set<string>> {
  const { vpcId } = spec.network;
  const rows = await core.db
    .select({ members: sql<string[]>`${clusters.spec}->'memberAddresses'` })
    .from(clusters)
    .where(and(eq(clusters.accountId, accountId), sql`${clusters.spec}->'network'->>'vpcId' = ${vpcId}`));
  const ofNodes = await usedAddresses(core, accountId, vpcId);
  return new Set([...rows.flatMap(({ members }) => members), ...ofNodes]);
}

/** The address of a control plane that no node stands for, in the cluster's first vSwitch. */
function freeMember({ network }: WantedSpec, vswitches: readonly Vswitch[], { addresses }: Taken): string {
  const vswitch = vswitches.find(({ id }) => id === network.vswitchIds[0]) ?? vswitches[0];
  if (!vswitch) throw new NoRoomError("A cluster needs a vSwitch for its control plane; name one.");
  return nextFree(memberAddresses(vswitch.cidr), (address) => !addresses.has(address), vswitch);
}

/** The addresses of the members that are nodes; undefined where the cluster hides its control plane. */
function membersOf(pools: readonly PlannedPool[]): string[] | undefined {
  return pools.find(({ pool }) => pool.spec.role === "control-plane")?.nodes.map(({ address }) => address);
}

/** Fills in what only is known once the cluster has an id. */
function settleSpec(core: Core, id: string, wanted: WantedSpec, members: string[]): ClusterSpec {
  const { rrsa, serviceAccountIssuer, ...apiServer } = wanted.apiServer;
  const issuer = core.tokenIssuer(id);
  return {
    ...wanted,
    apiServer: {
      ...apiServer,
      serviceAccountIssuer: serviceAccountIssuer ?? issuer,
      rrsa: rrsa && { ...rrsa, issuer },
    },
    memberAddresses: members,
  };
}

/** A pool and its nodes, not yet written; the nodes' order within the cluster is still open. */
interface PlannedPool {
  pool: Omit<NodePool, "createdAt">;
  nodes: Omit<ClusterNode, "createdAt" | "ordinal">[];
}

function planPool(clusterId: string, spec: NodePoolSpec, where: Parameters<typeof placeNodes>[1]): PlannedPool {
  const pool = { id: newNodePoolId(), clusterId, name: spec.name, spec };
  const nodes = placeNodes(spec, where).map((placed, index) => ({
    ...placed,
    clusterId,
    nodePoolId: pool.id,
    instanceId: spec.instances[index] ?? newInstanceId(),
    instanceType: instanceTypeOf(spec, index),
    existing: index < spec.instances.length,
  }));
  return { pool, nodes };
}

/** Workers have the first type that is known, in order of preference; member i has the type that is named for it. */
function instanceTypeOf({ role, instanceTypes }: NodePoolSpec, index: number): string {
  if (role === "control-plane") return instanceTypes[index] ?? instanceTypes.at(-1) ?? "";
  return instanceTypes.find(findInstanceType) ?? instanceTypes[0] ?? "";
}
