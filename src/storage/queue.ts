import { sql } from "drizzle-orm";
import { fromDrizzle } from "pg-boss";
import type { Database, Queryable } from "./database.ts";

/** Name of the one queue: every job is a task to work on. */
const queueName = "tasks";
/** A worker that sends no sign of life for so long is taken for dead, and another one takes its job. */
const heartbeatSeconds = 20;
/** The task itself knows its deadline; the job must only never be cut off or given up before it. */
const jobLimits = { expireInSeconds: 23 * 3600, retryLimit: 1_000_000, retryDelay: 1, deleteAfterSeconds: 3600 };

/** Milliseconds that jobs under way get to put down where they are when the queue stops. */
const stopTimeout = 30_000;

/** A task waiting to be worked on. */
export interface TaskJob {
  taskId: string;
  clusterId: string;
}

/** The queue of tasks. Jobs of one cluster come one at a time, in the order in which they were put in. */
export interface TaskQueue {
  /** Puts a task in, in the transaction that writes the task's row: both happen or neither. */
  enqueue(transaction: Queryable, taskId: string, clusterId: string): Promise<void>;
  /**
   * Begins to work: at most `concurrency` tasks at once. A handler that rejects gets the task again later, here or in
   * another process.
   */
  work(concurrency: number, handler: (job: TaskJob) => Promise<void>): Promise<void>;
  /** Takes no more jobs and waits until those under way have ended. */
  stop(): Promise<void>;
}

/** @param onError told of errors in the background, such as a database that does not answer */
export async function startTaskQueue(database: Database, onError: (error: Error) => void): Promise<TaskQueue> {
  const boss = database.createBoss();
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(queueName, { policy: "key_strict_fifo", notify: true, heartbeatSeconds, ...jobLimits });
  if (!database.shared) await releaseJobsOfLastRun();

  /** Nobody else can hold a job of an embedded database, so there is no need to wait for missed heartbeats. */
  async function releaseJobsOfLastRun() {
    for (const { id, state } of await boss.findJobs(queueName))
      if (state === "active") await boss.fail(queueName, id, { message: "The process that worked on it ended." });
  }

  let stopped: Promise<void> | undefined;
  return {
    async enqueue(transaction, taskId, clusterId) {
      // Drizzle types the result by driver, pg-boss by its union of drivers; both of ours are in that union.
      const db = fromDrizzle(transaction as Parameters<typeof fromDrizzle>[0], sql);
      await boss.send(queueName, { taskId, clusterId }, { singletonKey: clusterId, db });
    },
    async work(concurrency, handler) {
      const options = { localConcurrency: concurrency, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 };
      await boss.work<TaskJob>(queueName, options, async ([job]) => {
        if (job) await handler(job.data);
      });
    },
    stop: () => {
      stopped ??= boss.stop({ graceful: true, timeout: stopTimeout, close: true });
      return stopped;
    },
  };
}
