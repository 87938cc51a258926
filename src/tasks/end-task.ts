import type { Cluster } from "../core/clusters/cluster.ts";
import { lockedCluster, removeClusterRow, setClusterState } from "../core/clusters/clusters.ts";
import { type Core, within } from "../core/core.ts";
import { addEvent } from "../core/events/events.ts";
import { finishTask } from "../core/tasks/changes.ts";
import type { Task } from "../core/tasks/task.ts";
import { nextState } from "./kinds/index.ts";
import type { TaskEnd } from "./kinds/kind.ts";

/** How a task ended, and why where it did not succeed. */
export interface EndOfTask {
  result: TaskEnd;
  error: string | null;
}

/**
 * Writes down the end of a task, with what it means for the cluster and what is told of it: all of it or nothing, and
 * once, however often it is called.
 */
export async function endTask(core: Core, task: Task, { result, error }: EndOfTask): Promise<void> {
  await core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    const cluster = await lockedCluster(inside, task.accountId, task.clusterId);
    const state = result === "undone" ? "failed" : result;
    if (!(await finishTask(inside, task.id, { state, error }))) return;
    if (cluster) await moveCluster(inside, task, cluster, result);
    if (error !== null)
      await addEvent(inside, { ...subjectOf(task), level: "error", reason: "TaskFailed", message: error });
  });
}

async function moveCluster(core: Core, task: Task, cluster: Cluster, result: TaskEnd): Promise<void> {
  const next = nextState(task.kind, result, cluster.state);
  if (next === cluster.state) return;
  if (next === "gone") return removeClusterRow(core, cluster.id);
  await setClusterState(core, cluster.id, next);
  const message = `Cluster ${cluster.name} is running.`;
  if (next === "running")
    await addEvent(core, { ...subjectOf(task), level: "info", reason: "ClusterRunning", message });
}

/** Whom an event of a task concerns. */
export const subjectOf = ({ accountId, clusterId, id }: Task) => ({ accountId, clusterId, taskId: id });

/** A removal that finds nothing has reached its aim, and so has a request to cancel; anything else has lost its object. */
export async function endWithoutCluster(core: Core, task: Task): Promise<void> {
  if (task.kind === "cluster-remove")
    return void (await finishTask(core, task.id, { state: "succeeded", error: null }));
  const error = `Cluster ${task.clusterName} does not exist any more.`;
  const state = task.requested === "cancel" ? "cancelled" : "failed";
  await finishTask(core, task.id, { state, error });
}
