import { and, eq, notInArray, sql } from "drizzle-orm";
import { clusters, tasks } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { addEvent } from "../events/events.ts";
import { finalTaskStates, type Task } from "../tasks/task.ts";
import { writeTask } from "../tasks/tasks.ts";
import { removeClusterRow } from "./clusters.ts";

/** The state alone: neither a secret is read here nor a task put in. */
type State = Pick<Core, "db">;

/** A placement that clusters, or tasks that have not ended, belong to. */
export interface UsedPlacement {
  placement: string;
  clusters: number;
  unfinishedTasks: number;
}

/** The placements that something belongs to, in the order of their names. */
export async function usedPlacements({ db }: State): Promise<UsedPlacement[]> {
  const ofClusters = await db
    .select({ placement: clusters.placement, total: sql<number>`count(*)::int` })
    .from(clusters)
    .groupBy(clusters.placement);
  const ofTasks = await db
    .select({ placement: tasks.placement, total: sql<number>`count(*)::int` })
    .from(tasks)
    .where(notInArray(tasks.state, [...finalTaskStates]))
    .groupBy(tasks.placement);
  const counts = (rows: typeof ofTasks) => new Map(rows.map(({ placement, total }) => [placement, total]));
  const [clusterCounts, taskCounts] = [counts(ofClusters), counts(ofTasks)];
  return [...new Set([...clusterCounts.keys(), ...taskCounts.keys()])].toSorted().map((placement) => ({
    placement,
    clusters: clusterCounts.get(placement) ?? 0,
    unfinishedTasks: taskCounts.get(placement) ?? 0,
  }));
}

/** What was given up. */
export interface GivenUp {
  clusters: { id: string; name: string }[];
  endedTasks: number;
}

/**
 * Gives up what belongs to a placement that nobody will work on any more. Its clusters go as a removal would end, with
 * their secrets, nodes and resources; their tasks end, and an event says why. Nothing else is told of it: what is left on
 * the machine stays there. Can run twice.
 * @param home what the user knows the placement by, for the messages
 */
export async function giveUpPlacement(
  { db }: State,
  { placement, home }: { placement: string; home: string },
): Promise<GivenUp> {
  return db.transaction(async (tx) => {
    const state = { db: tx };
    const lost = await tx
      .select({ id: clusters.id, name: clusters.name, accountId: clusters.accountId })
      .from(clusters)
      .where(eq(clusters.placement, placement))
      .orderBy(clusters.id)
      .for("update");
    const unfinished = await tx
      .select()
      .from(tasks)
      .where(and(eq(tasks.placement, placement), notInArray(tasks.state, [...finalTaskStates])));
    for (const task of unfinished) await writeTask(state, task.id, endOf(task as Task, home));
    for (const { id, name, accountId } of lost) {
      const message = `Cluster ${name} was given up with its home ${home}. What is left of it is on that home's machine.`;
      const subject = { accountId, clusterId: id, taskId: null };
      await addEvent(state, { ...subject, level: "warning", reason: "ClusterGivenUp", message });
      await removeClusterRow(state, id);
    }
    return { clusters: lost.map(({ id, name }) => ({ id, name })), endedTasks: unfinished.length };
  });
}

/** As tasks end whose cluster has gone: a removal has reached its aim, and so has a request to cancel. */
function endOf({ kind, requested, clusterName }: Task, home: string) {
  const endedAt = new Date();
  if (kind === "cluster-remove") return { state: "succeeded", endedAt } as const;
  const error = `Cluster ${clusterName} was given up with its home ${home}.`;
  return { state: requested === "cancel" ? "cancelled" : "failed", error, endedAt } as const;
}
