import { and, asc, eq, gt } from "drizzle-orm";
import { clusterResources } from "../../storage/schema.ts";
import { cloudOf } from "../clouds/index.ts";
import type { ClusterState } from "../clusters/cluster.ts";
import type { Core } from "../core.ts";
import { insertRows } from "../insert-rows.ts";
import { readInTurns } from "../read-in-turns.ts";
import { changedResources, type ResourceChange } from "./change-resources.ts";
import { plannedResources } from "./plan-resources.ts";
import type { ClusterResource, ResourcePlan } from "./resource.ts";

/**
 * Writes what a cloud would make for a new cluster. They go with the cluster's row.
 * @param plan the cluster with its pools, nodes and vSwitches, all of them written
 */
export async function writeClusterResources(
  core: Core,
  plan: Omit<ResourcePlan, "at" | "newId" | "nameInstance">,
): Promise<void> {
  const { newResourceId, instanceName } = cloudOf(plan.dialect);
  const planned = plannedResources({
    ...plan,
    at: new Date(),
    newId: newResourceId,
    nameInstance: (spec, node) => instanceName(plan.cluster, spec, node),
  });
  await insertResources(core, planned);
}

const insertResources = (core: Core, rows: readonly ClusterResource[]): Promise<void> =>
  insertRows(core, clusterResources, rows);

/** Writes what has become of a cluster's resources with a change of the cluster. */
export async function changeClusterResources(core: Core, change: Omit<ResourceChange, "at" | "newId">): Promise<void> {
  const { id } = change.cluster;
  const newId = cloudOf(change.dialect).newResourceId;
  const changed = changedResources(await listResources(core, id), { ...change, at: new Date(), newId });
  await core.db.delete(clusterResources).where(eq(clusterResources.clusterId, id));
  await insertResources(core, changed);
}

/** A cluster's resources, what each one is made of before it. */
export async function listResources({ db }: Core, clusterId: string): Promise<ClusterResource[]> {
  const rows = await readInTurns((after, limit) =>
    db
      .select()
      .from(clusterResources)
      .where(and(eq(clusterResources.clusterId, clusterId), gt(clusterResources.ordinal, after)))
      .orderBy(asc(clusterResources.ordinal))
      .limit(limit),
  );
  return rows as ClusterResource[];
}

/** The scaling group of each node pool of a cluster, by the pool's id. */
export async function scalingGroups(core: Core, clusterId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await core.db
    .select({ id: clusterResources.id, nodePoolId: clusterResources.nodePoolId })
    .from(clusterResources)
    .where(and(eq(clusterResources.clusterId, clusterId), eq(clusterResources.kind, "scaling-group")));
  return new Map(rows.map(({ id, nodePoolId }) => [nodePoolId ?? "", id]));
}

/** Where a resource is in its life, which follows its cluster's. */
export interface ResourceState {
  action: "create" | "remove";
  progress: "in-progress" | "complete" | "failed";
}

const states: Readonly<Record<ClusterState, ResourceState>> = {
  creating: { action: "create", progress: "in-progress" },
  running: { action: "create", progress: "complete" },
  changing: { action: "create", progress: "complete" },
  failed: { action: "create", progress: "failed" },
  removing: { action: "remove", progress: "in-progress" },
  "remove-failed": { action: "remove", progress: "failed" },
};

/** The state of a resource of a cluster in that state; what was there before is always complete. */
export const resourceState = (state: ClusterState, { existing }: Pick<ClusterResource, "existing">): ResourceState =>
  existing ? states.running : states[state];
