import { and, eq, sql } from "drizzle-orm";
import { clusters, projects } from "../../storage/schema.ts";
import { cloudOf } from "../clouds/index.ts";
import { type Core, within } from "../core.ts";
import { addEvent } from "../events/events.ts";
import { newClusterId, newInstanceId, newNodePoolId } from "../ids.ts";
import { type ClusterNode, insertNodePool, insertNodes, type NodePool, usedAddresses } from "../nodes/nodes.ts";
import { placeNodes, type Taken } from "../nodes/place-nodes.ts";
import { writeClusterResources } from "../resources/resources.ts";
import { addTask } from "../tasks/tasks.ts";
import type { ClusterNetwork, ClusterSpec, DialectName, NodePoolSpec } from "./cluster.ts";
import { insertCluster } from "./clusters.ts";
import { withMadeNetwork } from "./make-network.ts";
import type { NewCluster } from "./new-cluster.ts";
import { hiddenMembers, nodeMembers, type PlacedMember } from "./place-members.ts";
import { clusterSecretsOf } from "./secrets.ts";
import { settleNetwork } from "./settle-network.ts";

/**
 * Writes a cluster with its node pools, nodes and secrets and puts its creation in the queue, all or nothing.
 * @returns the ids of the cluster and of its task
 * @throws {NetworkConflictError} where its networks cannot be as they were asked for
 * @throws {NoRoomError} where they have too few addresses left
 * @throws {NoPodRangeError} where a Pod range is to be chosen and none is free
 * @throws {ProjectGoneError} where its project was removed meanwhile
 */
export async function createCluster(core: Core, wanted: NewCluster): Promise<{ clusterId: string; taskId: string }> {
  return core.db.transaction((tx) => writeCluster(within(core, tx), withMadeNetwork(wanted)));
}

async function writeCluster(core: Core, wanted: NewCluster): Promise<{ clusterId: string; taskId: string }> {
  const { accountId, projectId, dialect, name, region, request } = wanted;
  await keepProject(core, projectId);
  const id = newClusterId();
  const { network, vswitches, notices } = await settleNetwork(core, wanted);
  const taken: Taken = { addresses: await takenAddresses(core, wanted), names: new Set() };
  const pools = wanted.nodePools.map((spec) => planPool(id, dialect, spec, { region, vswitches, taken }));
  const nodes = pools.flatMap((pool) => pool.nodes).map((node, ordinal) => ({ ...node, ordinal }));
  const masters = pools.find(({ pool }) => pool.spec.role === "control-plane");
  const members = masters ? nodeMembers(masters.nodes, vswitches) : hiddenMembers(wanted, vswitches, taken);
  const spec = settleSpec(core, id, wanted, { network, members });
  const { placement } = core;
  const cluster = {
    id,
    accountId,
    projectId,
    dialect,
    name,
    region,
    state: "creating",
    placement,
    spec,
    request,
  } as const;
  await insertCluster(core, cluster);
  for (const [secret, value] of Object.entries(wanted.secrets)) await clusterSecretsOf(core, id).put(secret, value);
  for (const { pool } of pools) await insertNodePool(core, pool);
  await insertNodes(core, nodes);
  await writeClusterResources(core, { cluster, dialect, pools: pools.map(({ pool }) => pool), nodes, vswitches });
  const taskId = await addTask(core, cluster, { kind: "cluster-create", ...spec.creation, input: {} });
  const subject = { accountId, clusterId: id, taskId };
  const remarks = wanted.remarks.map((message) => ({ level: "info" as const, reason: "RequestTaken", message }));
  for (const notice of [...remarks, ...notices]) await addEvent(core, { ...subject, ...notice });
  return { clusterId: id, taskId };
}

/** Thrown where the project that a cluster is to be in is not there any more. */
export class ProjectGoneError extends Error {
  override readonly name = "ProjectGoneError";
}

/** Has the removal of a project wait until the cluster is in it. */
async function keepProject({ db }: Core, id: string | null): Promise<void> {
  if (id === null) return;
  const rows = await db.select({ id: projects.id }).from(projects).where(eq(projects.id, id)).for("key share");
  if (rows.length === 0) throw new ProjectGoneError(`The project ${id} was deleted meanwhile.`);
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

/** Fills in what only is known once the cluster has an id and a place. */
function settleSpec(
  core: Core,
  id: string,
  { spec, spellId }: NewCluster,
  { network, members }: { network: ClusterNetwork; members: readonly PlacedMember[] },
): ClusterSpec {
  const { rrsa, serviceAccountIssuer, ...apiServer } = spec.apiServer;
  const issuer = core.tokenIssuer(id);
  return {
    ...spec,
    vendorId: spellId(id),
    network,
    apiServer: {
      ...apiServer,
      serviceAccountIssuer: serviceAccountIssuer ?? issuer,
      rrsa: rrsa && { ...rrsa, issuer },
    },
    memberAddresses: members.map(({ address }) => address),
    memberZones: members.map(({ zone }) => zone),
  };
}

/** A pool and its nodes, not yet written; the nodes' order within the cluster is still open. */
interface PlannedPool {
  pool: Omit<NodePool, "createdAt">;
  nodes: Omit<ClusterNode, "createdAt" | "ordinal">[];
}

function planPool(
  clusterId: string,
  dialect: DialectName,
  spec: NodePoolSpec,
  where: Parameters<typeof placeNodes>[1],
): PlannedPool {
  const pool = { id: newNodePoolId(), clusterId, name: spec.name, spec };
  const nodes = placeNodes(spec, where).map((placed, index) => ({
    ...placed,
    clusterId,
    nodePoolId: pool.id,
    instanceId: spec.instances[index] ?? newInstanceId(),
    instanceType: instanceTypeOf(dialect, spec, index),
    existing: index < spec.instances.length,
  }));
  return { pool, nodes };
}

/** Workers have the first type that is known, in order of preference; member i has the type that is named for it. */
function instanceTypeOf(dialect: DialectName, { role, instanceTypes }: NodePoolSpec, index: number): string {
  if (role === "control-plane") return instanceTypes[index] ?? instanceTypes.at(-1) ?? "";
  return instanceTypes.find(cloudOf(dialect).findInstanceType) ?? instanceTypes[0] ?? "";
}
