import { and, eq, notInArray } from "drizzle-orm";
import { tasks } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";
import { finalTaskStates, isFinal, type Task } from "./task.ts";
import { type TaskChange, toTask, writeTask } from "./tasks.ts";

/** What is to become of a task as it is at the moment; undefined where it is past that, and is left alone. */
type Decision = (task: Task) => TaskChange | undefined;

/**
 * Decides on a task and writes what was decided. Nothing else changes the task between the two, so no request that was
 * answered is lost. A paused one that is to go on is put in the queue.
 * @returns the task as it is now; undefined where it was left alone, or is not there
 */
function changeTask(core: Core, id: string, decide: Decision): Promise<Task | undefined> {
  return core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    const [row] = await tx.select().from(tasks).where(eq(tasks.id, id)).for("update");
    const change = row && decide(toTask(row));
    if (!change) return undefined;
    const task = toTask(row);
    await writeTask(inside, id, change);
    if (task.state === "paused" && change.state === "queued") await core.queue.enqueue(tx, { ...task, taskId: id });
    return { ...task, ...change };
  });
}

const isPaused = ({ state }: Task): boolean => state === "paused";

/** A task that is to stop: at the next chance, or, where it is paused, when the queue gives it out. */
const cancel: Decision = (task) =>
  isFinal(task) ? undefined : { requested: "cancel", ...(isPaused(task) && { state: "queued" }) };

/** A task that is to wait after its present stage; a request to cancel goes first. */
const pause: Decision = (task) => {
  if (isFinal(task) || task.requested === "cancel") return undefined;
  return isPaused(task) ? {} : { requested: "pause" };
};

/** A task that is to go on, where it waits or is about to. */
const resume: Decision = (task) => {
  if (isPaused(task)) return { state: "queued" };
  return task.requested === "pause" && !isFinal(task) ? { requested: null } : undefined;
};

/** Asks a task to stop; false where it has ended already. */
export const requestCancel = async (core: Core, { id }: Pick<Task, "id">): Promise<boolean> =>
  (await changeTask(core, id, cancel)) !== undefined;

/** Asks a task to wait after its present stage; false where it has ended already, or is about to. */
export const requestPause = async (core: Core, { id }: Pick<Task, "id">): Promise<boolean> =>
  (await changeTask(core, id, pause)) !== undefined;

/** Lets a paused task go on; false where it is not paused, nor about to be. */
export const resumeTask = async (core: Core, { id }: Pick<Task, "id">): Promise<boolean> =>
  (await changeTask(core, id, resume)) !== undefined;

/**
 * Asks the unfinished tasks of a cluster to make way for its removal: to stop at the next chance, or not to begin.
 * Removals go on, one that was paused as well: whoever asks for another does not want it to wait.
 */
export async function makeWayForRemoval(core: Core, clusterId: string): Promise<void> {
  const isUnfinished = and(eq(tasks.clusterId, clusterId), notInArray(tasks.state, [...finalTaskStates]));
  const columns = { id: tasks.id, kind: tasks.kind };
  for (const task of await core.db.select(columns).from(tasks).where(isUnfinished).orderBy(tasks.id))
    if (task.kind === "cluster-remove") await resumeTask(core, task);
    else await requestCancel(core, task);
}

/** Begins, or goes on with, a task that the queue has given out; undefined for one that has ended or is paused. */
export const beginTask = (core: Core, id: string): Promise<Task | undefined> =>
  changeTask(core, id, (task) =>
    isFinal(task) || isPaused(task) ? undefined : { state: "running", startedAt: task.startedAt ?? new Date() },
  );

/** Pauses a task where that is still asked for. @returns whether it is paused now */
export const takePause = async (core: Core, id: string): Promise<boolean> =>
  (await changeTask(core, id, ({ requested, state }) =>
    requested === "pause" && state === "running" ? { state: "paused", requested: null } : undefined,
  )) !== undefined;

/** Ends a task. @returns false where it had ended already */
export const finishTask = async (core: Core, id: string, end: Pick<Task, "state" | "error">): Promise<boolean> =>
  (await changeTask(core, id, (task) => (isFinal(task) ? undefined : { ...end, endedAt: new Date() }))) !== undefined;
