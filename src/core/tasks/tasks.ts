import { and, asc, count, desc, eq, inArray, ne, notInArray, or, sql } from "drizzle-orm";
import { tasks } from "../../storage/schema.ts";
import type { Cluster } from "../clusters/cluster.ts";
import type { Core } from "../core.ts";
import { newTaskId } from "../ids.ts";
import { storableText } from "../storable-text.ts";
import { finalTaskStates, type StageRecord, type Task, type TaskTarget } from "./task.ts";

type Row = typeof tasks.$inferSelect;
/** A task as it is kept. */
export const toTask = (row: Row): Task => row as Task;

/** What is to be done when a task begins its life. */
type NewTask = Pick<Task, "kind" | "rollback" | "timeoutMinutes" | "input">;

/**
 * Writes a task that is about a cluster, and its job, both in the transaction that `core` is in.
 * @returns the task's id
 */
export async function addTask(
  core: Core,
  { id: clusterId, name: clusterName, accountId, projectId, placement }: TaskCluster,
  { kind, rollback, timeoutMinutes, input }: NewTask,
): Promise<string> {
  const id = newTaskId();
  const target: TaskTarget = { type: "cluster", id: clusterId };
  await core.db.insert(tasks).values({
    ...{ id, accountId, projectId, clusterId, clusterName, placement },
    ...{ kind, target, input, rollback, timeoutMinutes },
    ...{ state: "queued", stages: [] },
  });
  await core.queue.enqueue(core.db, { placement, clusterId, taskId: id });
  return id;
}

/** What a task has of its cluster. */
type TaskCluster = Pick<Cluster, "id" | "name" | "accountId" | "projectId" | "placement">;

/** The account's task of that id, also after its cluster has gone. */
export async function findTask(core: Core, accountId: string, id: string): Promise<Task | undefined> {
  const [row] = await core.db
    .select()
    .from(tasks)
    .where(and(eq(tasks.id, id), eq(tasks.accountId, accountId)));
  return row && toTask(row);
}

/** The task of that id whoever owns it, for the runner. */
export async function getTask(core: Core, id: string): Promise<Task | undefined> {
  const [row] = await core.db.select().from(tasks).where(eq(tasks.id, id));
  return row && toTask(row);
}

/** A cluster's tasks, newest first. */
export async function listTasks(
  core: Core,
  clusterId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ tasks: Task[]; total: number }> {
  const where = eq(tasks.clusterId, clusterId);
  const rows = await core.db
    .select()
    .from(tasks)
    .where(where)
    .orderBy(desc(tasks.createdAt), tasks.id)
    .offset(offset)
    .limit(limit);
  const [counted] = await core.db.select({ total: count() }).from(tasks).where(where);
  return { tasks: rows.map(toTask), total: counted?.total ?? 0 };
}

/** The newest task of each cluster that works on it, or is about to, by the cluster's id. */
export async function currentTasks(core: Core, clusterIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (clusterIds.length === 0) return new Map();
  const rows = await core.db
    .select({ id: tasks.id, clusterId: tasks.clusterId })
    .from(tasks)
    .where(and(inArray(tasks.clusterId, [...clusterIds]), notInArray(tasks.state, [...finalTaskStates])))
    .orderBy(tasks.createdAt);
  // Of several the last one counts.
  return new Map(rows.map(({ id, clusterId }) => [clusterId, id]));
}

/** The newest task of each cluster, of those that failed or were cancelled, by the cluster's id. */
export async function failedTasks(
  core: Core,
  clusterIds: readonly string[],
): Promise<ReadonlyMap<string, Pick<Task, "id" | "error">>> {
  if (clusterIds.length === 0) return new Map();
  const rows = await core.db
    .select({ id: tasks.id, clusterId: tasks.clusterId, error: tasks.error })
    .from(tasks)
    .where(and(inArray(tasks.clusterId, [...clusterIds]), inArray(tasks.state, ["failed", "cancelled"])))
    .orderBy(tasks.createdAt);
  return new Map(rows.map(({ clusterId, ...task }) => [clusterId, task]));
}

/**
 * Puts the tasks that wait to be worked on here, or were left in the middle, in the queue again where it has lost them.
 * Paused ones wait for somebody, unless they were asked to stop. To be called before the queue is worked on.
 */
export async function enqueueLostTasks(core: Core): Promise<void> {
  const waiting = await core.db
    .select({ taskId: tasks.id, clusterId: tasks.clusterId })
    .from(tasks)
    .where(
      and(
        eq(tasks.placement, core.placement),
        notInArray(tasks.state, [...finalTaskStates]),
        or(ne(tasks.state, "paused"), eq(tasks.requested, "cancel")),
      ),
    )
    .orderBy(asc(tasks.createdAt), asc(tasks.id));
  await core.queue.enqueueMissing(waiting);
}

/** What the runner may change of a task. */
export type TaskChange = Partial<
  Pick<Task, "state" | "error" | "startedAt" | "endedAt" | "requested" | "stages" | "workedMs">
>;

/** Records a change of a task, whatever it is at the moment; see `changes.ts` for what depends on that. */
export async function writeTask(
  core: Pick<Core, "db">,
  id: string,
  { stages, error, ...change }: TaskChange,
): Promise<void> {
  await core.db
    .update(tasks)
    .set({
      ...change,
      ...(stages && { stages: stages.map(storableStage) }),
      ...(error !== undefined && { error: error && storableText(error) }),
      updatedAt: new Date(),
    })
    .where(eq(tasks.id, id));
}

const storableStage = (stage: StageRecord): StageRecord =>
  stage.message === undefined ? stage : { ...stage, message: storableText(stage.message) };

/** Records the time worked on a task, in milliseconds. It never becomes less, in whatever order writes arrive. */
export async function noteWorkedTime(core: Core, id: string, workedMs: number): Promise<void> {
  await core.db
    .update(tasks)
    .set({ workedMs: sql`greatest(${tasks.workedMs}, ${workedMs})` })
    .where(eq(tasks.id, id));
}
