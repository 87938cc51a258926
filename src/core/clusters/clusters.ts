import { and, count, desc, eq, getTableColumns, ilike, inArray, type SQL, sql } from "drizzle-orm";
import { prepared } from "../../storage/prepared.ts";
import { clusters, nodes } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { removeMadeVpc } from "../inventory/inventory.ts";
import { type MainResources, mainResourceColumns } from "../resources/main-resources.ts";
import type { Cluster, ClusterState, WorkerKind } from "./cluster.ts";
import { inProject } from "./projects.ts";

/** Which clusters of an account to list; an undefined or empty member does not restrict. */
export interface ClusterFilter {
  ids?: string[];
  /** Part of the name, upper and lower case alike. */
  namePart?: string;
  region?: string;
  kind?: string;
  /** A Huawei Cloud project. */
  projectId?: string;
  states?: readonly ClusterState[];
  workerKinds?: readonly WorkerKind[];
  resourceGroupId?: string;
  /** Number of clusters to leave out. */
  offset?: number;
  /** The most to return; undefined returns all, as a list without pages must not leave any out. */
  limit?: number;
}

/** A cluster with the number of its workers, and with what a cloud made for it that its description names. */
export type SizedCluster = Cluster & { size: number } & MainResources;

type Row = typeof clusters.$inferSelect;
const toCluster = (row: Row): Cluster => row as Cluster;

/** One query for all: every description needs all, and clients ask for descriptions again and again. */
const sizedColumns = ({ db }: Pick<Core, "db">) => ({
  ...getTableColumns(clusters),
  ...mainResourceColumns({ db }),
  size: db.$count(nodes, eq(nodes.clusterId, clusters.id)),
});
const toSizedCluster = (row: Row & { size: number } & MainResources): SizedCluster => row as SizedCluster;

/** Writes a new cluster. */
export async function insertCluster(
  core: Core,
  cluster: Omit<Cluster, "createdAt" | "updatedAt" | "substrateState">,
): Promise<void> {
  await core.db.insert(clusters).values(cluster);
}

const selectCluster = prepared("find_cluster", (db) =>
  db
    .select(sizedColumns({ db }))
    .from(clusters)
    .where(and(eq(clusters.id, sql.placeholder("id")), eq(clusters.accountId, sql.placeholder("accountId")))),
);

/** The account's cluster of that id; undefined where there is none, or it is another account's. */
export async function findCluster({ db }: Core, accountId: string, id: string): Promise<SizedCluster | undefined> {
  const [row] = await selectCluster(db, { id, accountId });
  return row && toSizedCluster(row);
}

/**
 * {@link findCluster}, while changes of the cluster wait for each other until the end of the transaction: what is read of
 * it is still so when the transaction writes, and none undoes another's change.
 */
export async function lockedCluster(core: Core, accountId: string, id: string): Promise<SizedCluster | undefined> {
  await core.db.select({ id: clusters.id }).from(clusters).where(eq(clusters.id, id)).for("update");
  return findCluster(core, accountId, id);
}

/** The cluster of that id whoever owns it, for the tasks that work on it. */
export async function getCluster(core: Core, id: string): Promise<Cluster | undefined> {
  const [row] = await core.db.select().from(clusters).where(eq(clusters.id, id));
  return row && toCluster(row);
}

/** The account's clusters that pass the filter, newest first, and how many there are without offset and limit. */
export async function listClusters(
  core: Core,
  accountId: string,
  filter: ClusterFilter,
): Promise<{ clusters: SizedCluster[]; total: number }> {
  const where = and(eq(clusters.accountId, accountId), ...conditions(core, filter));
  const { offset = 0, limit } = filter;
  const all = core.db
    .select(sizedColumns(core))
    .from(clusters)
    .where(where)
    .orderBy(desc(clusters.createdAt), clusters.id);
  if (limit === undefined) {
    const rows = await all;
    return { clusters: rows.slice(offset).map(toSizedCluster), total: rows.length };
  }
  const rows = await all.offset(offset).limit(limit);
  const [counted] = await core.db.select({ total: count() }).from(clusters).where(where);
  return { clusters: rows.map(toSizedCluster), total: counted?.total ?? 0 };
}

function conditions(core: Core, filter: ClusterFilter): (SQL | undefined)[] {
  const { ids, namePart, region, kind, projectId, states, workerKinds, resourceGroupId } = filter;
  const found: (SQL | undefined)[] = [];
  if (ids?.length) found.push(inArray(clusters.id, ids));
  if (namePart) found.push(ilike(clusters.name, `%${namePart.replace(/[\\%_]/g, "\\$&")}%`));
  if (region) found.push(eq(clusters.region, region));
  if (kind) found.push(sql`${clusters.spec}->>'kind' = ${kind}`);
  if (projectId) found.push(inProject(core, projectId));
  if (states?.length) found.push(inArray(clusters.state, [...states]));
  if (workerKinds?.length) found.push(inArray(sql`${clusters.spec}->>'workerKind'`, [...workerKinds]));
  if (resourceGroupId) found.push(sql`${clusters.spec}->'cloud'->>'resourceGroupId' = ${resourceGroupId}`);
  return found;
}

/** Every cluster that is placed here and in one of the states, whoever owns it, oldest first. */
export async function clustersInStates(core: Core, states: readonly ClusterState[]): Promise<Cluster[]> {
  const rows = await core.db
    .select()
    .from(clusters)
    .where(and(inArray(clusters.state, states), eq(clusters.placement, core.placement)))
    .orderBy(clusters.createdAt);
  return rows.map(toCluster);
}

/** Moves a cluster to another state. */
export async function setClusterState(core: Core, id: string, state: ClusterState): Promise<void> {
  await core.db.update(clusters).set({ state, updatedAt: new Date() }).where(eq(clusters.id, id));
}

/** Replaces what is wanted of a cluster, its name, and the request that is kept. */
export async function writeClusterSpec(
  core: Core,
  { id, name, spec, request }: Pick<Cluster, "id" | "name" | "spec" | "request">,
): Promise<void> {
  await core.db.update(clusters).set({ name, spec, request, updatedAt: new Date() }).where(eq(clusters.id, id));
}

/** Adds to what the substrate noted down about a cluster. */
export async function patchSubstrateState(core: Core, id: string, patch: Record<string, unknown>): Promise<void> {
  await core.db
    .update(clusters)
    .set({ substrateState: sql`${clusters.substrateState} || ${JSON.stringify(patch)}::jsonb` })
    .where(eq(clusters.id, id));
}

/**
 * Removes a cluster with its secrets, node pools and nodes, and with the networks that were made for it. Its tasks and
 * events stay as history.
 */
export async function removeClusterRow({ db }: Pick<Core, "db">, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [gone] = await tx.delete(clusters).where(eq(clusters.id, id)).returning();
    if (!gone) return;
    const { vpcId, madeIn } = (gone as Cluster).spec.network;
    if (madeIn) await removeMadeVpc({ db: tx }, gone.accountId, vpcId);
  });
}
