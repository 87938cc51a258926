import { and, count, desc, eq, inArray, isNull, ne, notInArray, sql } from "drizzle-orm";
import { tasks } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";
import { newTaskId } from "../ids.ts";
import { finalTaskStates, isFinal, type Task, type TaskKind } from "./task.ts";

type Row = typeof tasks.$inferSelect;
const toTask = (row: Row): Task => row as Task;

/** What is asked for when a task begins its life. */
export interface NewTask {
  accountId: string;
  /** Huawei Cloud project of the cluster; null for the account's first. */
  projectId: string | null;
  clusterId: string;
  clusterName: string;
  /** The queue whose workers can reach the cluster. */
  placement: string;
  kind: TaskKind;
  rollback: boolean;
  /** Minutes. */
  timeoutMinutes: number;
}

/**
 * Writes a task and its job, both in the transaction that `core` is in.
 * @returns the task's id
 */
export async function addTask(core: Core, task: NewTask): Promise<string> {
  const id = newTaskId();
  await core.db.insert(tasks).values({ ...task, id, state: "queued", stages: [] });
  await core.queue.enqueue(core.db, { ...task, taskId: id });
  return id;
}

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

/** What the runner may change of a task. */
export type TaskChange = Partial<
  Pick<Task, "state" | "error" | "startedAt" | "endedAt" | "requested" | "stages" | "workedMs">
>;

/** Records a change of a task. */
export async function updateTask(core: Core, id: string, change: TaskChange): Promise<void> {
  await core.db
    .update(tasks)
    .set({ ...change, updatedAt: new Date() })
    .where(eq(tasks.id, id));
}

/** Records the time worked on a task, in milliseconds. It never becomes less, in whatever order writes arrive. */
export async function noteWorkedTime(core: Core, id: string, workedMs: number): Promise<void> {
  await core.db
    .update(tasks)
    .set({ workedMs: sql`greatest(${tasks.workedMs}, ${workedMs})` })
    .where(eq(tasks.id, id));
}

/**
 * Asks the unfinished tasks of a cluster to make way for its deletion: to stop at the next chance, or not to begin.
 * Paused ones are put in the queue so that they can end. Deletions go on.
 */
export async function makeWayForDeletion(core: Core, clusterId: string): Promise<void> {
  const others = and(
    eq(tasks.clusterId, clusterId),
    ne(tasks.kind, "cluster-delete"),
    notInArray(tasks.state, [...finalTaskStates]),
  );
  for (const row of await core.db.update(tasks).set({ requested: "cancel" }).where(others).returning())
    if (row.state === "paused") await core.queue.enqueue(core.db, { ...row, taskId: row.id });
}

/** Asks a task to stop; false where it has ended already. A paused one is put in the queue so that it can end. */
export async function requestCancel(core: Core, task: Task): Promise<boolean> {
  if (isFinal(task)) return false;
  await core.db.transaction(async (tx) => {
    await tx.update(tasks).set({ requested: "cancel" }).where(eq(tasks.id, task.id));
    if (task.state === "paused") await core.queue.enqueue(tx, { ...task, taskId: task.id });
  });
  return true;
}

/** Asks a task to wait after its present stage; false where it has ended already. */
export async function requestPause(core: Core, task: Task): Promise<boolean> {
  if (isFinal(task)) return false;
  await core.db
    .update(tasks)
    .set({ requested: "pause" })
    .where(and(eq(tasks.id, task.id), isNull(tasks.requested)));
  return true;
}

/** Lets a paused task go on; false where it is not paused, nor about to be. */
export async function resumeTask(core: Core, task: Task): Promise<boolean> {
  return core.db.transaction(async (tx) => {
    const current = await getTask(within(core, tx), task.id);
    if (current?.requested === "pause") {
      await tx.update(tasks).set({ requested: null }).where(eq(tasks.id, task.id));
      return true;
    }
    if (current?.state !== "paused") return false;
    await tx.update(tasks).set({ state: "queued" }).where(eq(tasks.id, task.id));
    await core.queue.enqueue(tx, { ...task, taskId: task.id });
    return true;
  });
}
