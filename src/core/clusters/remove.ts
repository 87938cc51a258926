import { type Core, within } from "../core.ts";
import { makeWayForRemoval } from "../tasks/changes.ts";
import { addTask } from "../tasks/tasks.ts";
import type { Cluster } from "./cluster.ts";
import { lockedCluster, setClusterState } from "./clusters.ts";

/** Minutes that a removal may take. */
const timeoutMinutes = 30;

/** Thrown when a cluster with deletion protection is to be removed. */
export class DeletionProtectedError extends Error {
  override readonly name = "DeletionProtectedError";
}

/**
 * Puts the removal of a cluster in the queue and asks what else is under way on it to stop.
 * Asked for again while one is queued, it queues another, which finds nothing left to do.
 * @returns the id of the task; undefined where the cluster has gone meanwhile
 * @throws {DeletionProtectedError} where the cluster is protected; nothing is changed
 */
export async function removeCluster(
  core: Core,
  { id, accountId }: Pick<Cluster, "id" | "accountId">,
): Promise<string | undefined> {
  return core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    const cluster = await lockedCluster(inside, accountId, id);
    if (!cluster) return undefined;
    if (cluster.spec.deletionProtection)
      throw new DeletionProtectedError(
        `Cluster ${cluster.name} is protected against deletion; switch deletion protection off first.`,
      );
    await makeWayForRemoval(inside, id);
    await setClusterState(inside, id, "removing");
    return addTask(inside, cluster, { kind: "cluster-remove", rollback: false, timeoutMinutes, input: {} });
  });
}
