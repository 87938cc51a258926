import { sql } from "drizzle-orm";
import { fromDrizzle } from "pg-boss";
import type { Database } from "./database.ts";
import type { Queryable } from "./queryable.ts";

/** A home may be away for long: pg-boss would drop what has waited for a fortnight. Seconds of ten years. */
const retentionSeconds = 10 * 365 * 86_400;

/** The task itself knows its deadline; the job must only never be cut off or given up before it. */
const jobLimits = {
  ...{ expireInSeconds: 23 * 3600, retryLimit: 1_000_000, retryDelay: 1 },
  ...{ deleteAfterSeconds: 3600, retentionSeconds },
};

/** Milliseconds that jobs under way get to put down where they are when the queue stops: less than the stop gives it. */
const stopTimeout = 2_000;

/** A task waiting to be worked on. */
export interface TaskJob {
  taskId: string;
  clusterId: string;
}

/** A job and where it is put. */
interface PlacedJob extends TaskJob {
  /** Name of the queue whose workers can do it. */
  placement: string;
}

/** The queues of tasks. Jobs of one cluster come one at a time, in the order in which they were put in. */
export interface TaskQueue {
  /** Puts a task in, in the transaction that writes the task's row: both happen or neither. */
  enqueue(transaction: Queryable, job: PlacedJob): Promise<void>;
  /** Puts those of the tasks in that this process' own queue has no job for, in order. To be called before `work`. */
  enqueueMissing(tasks: readonly TaskJob[]): Promise<void>;
  /**
   * Begins to work on this process' own queue: at most `concurrency` tasks at once. A handler that rejects gets the task
   * again later.
   */
  work(concurrency: number, handler: (job: TaskJob) => Promise<void>): Promise<void>;
  /**
   * Gives out again what counts as under way and is not: an embedded database that has ended meanwhile may not have been
   * told that its work is done.
   */
  releaseAbandoned(): Promise<void>;
  /** Takes no more jobs and waits until those under way have ended. */
  stop(): Promise<void>;
}

/** Whether a job is yet to be done. */
const isAhead = (state: string): boolean => ["created", "retry", "active"].includes(state);

/** Removes a queue that nobody works on any more, with its jobs. */
export async function removeTaskQueue(database: Database, placement: string): Promise<void> {
  const boss = database.createBoss();
  await boss.start();
  try {
    if (await boss.getQueue(placement)) await boss.deleteQueue(placement);
  } finally {
    await boss.stop({ graceful: false, close: true });
  }
}

/**
 * @param own name of the queue that this process alone works on
 * @param onError told of errors in the background, such as a database that does not answer
 */
export async function startTaskQueue(
  database: Database,
  own: string,
  onError: (error: Error) => void,
): Promise<TaskQueue> {
  const boss = database.createBoss();
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(own, { policy: "key_strict_fifo", notify: true, ...jobLimits });
  // A queue that is there keeps the limits that it was made with.
  await boss.updateQueue(own, jobLimits);
  /** Ids of the jobs that this process works on. */
  const underWay = new Set<string>();
  await releaseAbandoned();

  /** Nobody else works on this queue, so another job that is under way was left by a process that has ended. */
  async function releaseAbandoned() {
    for (const { id, state } of await boss.findJobs(own))
      if (state === "active" && !underWay.has(id))
        await boss.fail(own, id, { message: "Nobody works on it any more." });
  }

  let stopped: Promise<void> | undefined;
  return {
    async enqueue(transaction, { placement, taskId, clusterId }) {
      // Drizzle types the result by driver, pg-boss by its union of drivers; both of ours are in that union.
      const db = fromDrizzle(transaction as Parameters<typeof fromDrizzle>[0], sql);
      // The other home's queue may have been made with other limits.
      await boss.send(placement, { taskId, clusterId }, { singletonKey: clusterId, retentionSeconds, db });
    },
    async enqueueMissing(tasks) {
      const jobs = await boss.findJobs<TaskJob>(own);
      const held = new Set(jobs.filter(({ state }) => isAhead(state)).map(({ data }) => data.taskId));
      for (const { taskId, clusterId } of tasks)
        if (!held.has(taskId)) await boss.send(own, { taskId, clusterId }, { singletonKey: clusterId });
    },
    async work(concurrency, handler) {
      const options = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 };
      for (let n = 0; n < concurrency; n++) {
        let worker = "";
        worker = await boss.work<TaskJob>(own, options, async ([job]) => {
          // After a job a worker rests until its next poll, also where more are waiting: this makes it look at once.
          boss.notifyWorker(worker);
          if (!job) return;
          underWay.add(job.id);
          try {
            await handler(job.data);
          } finally {
            underWay.delete(job.id);
          }
        });
      }
    },
    releaseAbandoned,
    stop: () => {
      stopped ??= boss.stop({ graceful: true, timeout: stopTimeout, close: true });
      return stopped;
    },
  };
}
