import { getCluster } from "../core/clusters/clusters.ts";
import { getTask } from "../core/tasks/tasks.ts";
import type { TaskJob } from "../storage/queue.ts";
import { runTask, type Workshop } from "./run-task.ts";
import { type TakingUp, takeUpClusters } from "./take-up.ts";
import { untilStored } from "./until-stored.ts";

/** What the runner works with. */
export interface RunnerOptions extends Workshop {
  /** How many tasks this process works on at a time, and how many clusters boot at a time when it starts. */
  concurrency: number;
}

/** Works on tasks until it is stopped. */
export interface TaskRunner {
  /** Interrupts the tasks under way and waits until they have put down where they are. */
  stop(): Promise<void>;
}

/** Hands a job back to the queue, which gives it out again a second later; the worker is free for others meanwhile. */
class ClusterBusyError extends Error {
  override readonly name = "ClusterBusyError";
}

/**
 * Takes the existing clusters up again, and works on the queue meanwhile. A task that an earlier process left goes on
 * at its first unfinished stage.
 */
export async function startTaskRunner(options: RunnerOptions): Promise<TaskRunner> {
  const { core, log } = options;
  const shutdown = new AbortController();
  const takingUp = await takeUpClusters(options, options.concurrency);
  const work = onceAtATime((job: TaskJob) => {
    const { signal } = shutdown;
    return untilStored(() => workOff(options, takingUp, job, signal), {
      signal,
      onError: (error) => log.warn({ err: error, ...job }, "The database is away; a task waits for it."),
    });
  });
  await core.queue.work(options.concurrency, async (job) => {
    const { signal } = shutdown;
    try {
      await work(job);
    } catch (error) {
      // The queue keeps the reason to itself.
      if (!signal.aborted && !(error instanceof ClusterBusyError))
        log.error({ err: error, ...job }, "A task could not be worked on and is tried again.");
      throw error;
    }
  });
  return {
    async stop() {
      shutdown.abort();
      await Promise.all([core.queue.stop(), takingUp.stop()]);
      log.debug("The task runner has stopped.");
    },
  };
}

/**
 * Has a task worked on by one at a time: the queue gives a job out again that has taken longer than a day, and whoever
 * gets it then waits with the one who works on it.
 */
export function onceAtATime(work: (job: TaskJob) => Promise<void>): (job: TaskJob) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  return (job) => {
    const running = underWay.get(job.taskId) ?? work(job).finally(() => underWay.delete(job.taskId));
    underWay.set(job.taskId, running);
    return running;
  };
}

/** What is to be removed needs not be taken up, also where a task that was asked for earlier has to end first. */
async function isToBeRemoved({ core }: Workshop, { taskId, clusterId }: TaskJob): Promise<boolean> {
  if ((await getTask(core, taskId))?.kind === "cluster-remove") return true;
  return (await getCluster(core, clusterId))?.state === "removing";
}

/**
 * Works on a job's task once its cluster is free for it.
 * @throws {ClusterBusyError} where the cluster is being taken up at the moment
 */
async function workOff(workshop: Workshop, takingUp: TakingUp, job: TaskJob, shutdown: AbortSignal): Promise<void> {
  if (await isToBeRemoved(workshop, job)) await takingUp.giveUp(job.clusterId);
  const giveBack = takingUp.lend(job.clusterId);
  if (!giveBack) throw new ClusterBusyError(`Cluster ${job.clusterId} is being taken up.`);
  try {
    await runTask(workshop, job.taskId, shutdown);
  } finally {
    giveBack();
  }
}
