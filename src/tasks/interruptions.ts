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

/** What may end a task early. */
export interface Watched {
  isCancelRequested(): Promise<boolean>;
  /** Milliseconds that were worked on the task so far. */
  workedMs(): number;
  /** How many minutes of work the task is given. */
  minutes: number;
  /** Fires when Sampan stops. */
  shutdown: AbortSignal;
  /** Told when it could not be asked whether the task is cancelled; the watch goes on. */
  onError(error: unknown): void;
}

export function watchInterruptions({
  isCancelRequested,
  workedMs,
  minutes,
  shutdown,
  onError,
}: Watched): Interruptions {
  const controller = new AbortController();
  const interrupt = (cause: TaskInterruption["cause"], message: string) =>
    controller.abort(new TaskInterruption(cause, message));
  const stopping = () => interrupt("shutdown", "Sampan is stopping; the task goes on at its next start.");
  const check = async () => {
    try {
      if (await isCancelRequested()) interrupt("cancelled", "The task was cancelled on request.");
    } catch (error) {
      onError(error);
    }
    if (workedMs() >= minutes * 60_000)
      interrupt("deadline", `The task took longer than its ${minutes} minutes (timeout_mins) and was ended.`);
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
