import type { Core } from "../core/core.ts";
import { getTask } from "../core/tasks/tasks.ts";

/** How often a task that runs is asked whether a user wants it to stop, in milliseconds. */
const pollInterval = 500;

/** Why a task leaves its stage before the end. */
export class TaskInterruption extends Error {
  override readonly name = "TaskInterruption";
  override readonly cause: "cancelled" | "deadline" | "shutdown";
  constructor(cause: TaskInterruption["cause"], message: string) {
    super(message);
    this.cause = cause;
  }
}

/** Watches what may end a task early, while it runs. */
export interface Interruptions {
  /** Its reason is a {@link TaskInterruption}. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * @param deadline when the task is out of time
 * @param shutdown fires when Sampan stops
 * @param onError told when the database could not be asked; the watch goes on
 */
export function watchInterruptions(
  core: Core,
  {
    taskId,
    deadline,
    shutdown,
    onError,
  }: { taskId: string; deadline: Deadline; shutdown: AbortSignal; onError: (error: unknown) => void },
): Interruptions {
  const controller = new AbortController();
  const interrupt = (cause: TaskInterruption["cause"], message: string) =>
    controller.abort(new TaskInterruption(cause, message));
  const stopping = () => interrupt("shutdown", "Sampan is stopping; the task goes on at its next start.");
  const check = async () => {
    try {
      if ((await getTask(core, taskId))?.requested === "cancel")
        interrupt("cancelled", "The task was cancelled on request.");
    } catch (error) {
      onError(error);
    }
    if (Date.now() >= deadline.at.getTime())
      interrupt("deadline", `The task took longer than its ${deadline.minutes} minutes (timeout_mins) and was ended.`);
    if (!controller.signal.aborted) timer = setTimeout(check, pollInterval);
  };
  let timer = setTimeout(check, 0);
  if (shutdown.aborted) stopping();
  shutdown.addEventListener("abort", stopping);
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(timer);
      shutdown.removeEventListener("abort", stopping);
      // A check that is under way must not start the timer again.
      controller.abort();
    },
  };
}

/** The end of the time that a task may take. */
export interface Deadline {
  at: Date;
  /** How long the task was given in all. */
  minutes: number;
}
