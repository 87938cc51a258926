import { type Cluster, usableStates } from "../core/clusters/cluster.ts";
import { clustersInStates } from "../core/clusters/clusters.ts";
import { addEvent } from "../core/events/events.ts";
import { loadClusterRecord } from "./cluster-record.ts";
import { createLimiter } from "./limiter.ts";
import { runTask, type Workshop } from "./run-task.ts";
import { untilStored } from "./until-stored.ts";

/** What the runner works with. */
export interface RunnerOptions extends Workshop {
  /** How many tasks this process works on at a time. */
  concurrency: number;
}

/** Works on tasks until it is stopped. */
export interface TaskRunner {
  /** Interrupts the tasks under way and waits until they have put down where they are. */
  stop(): Promise<void>;
}

/**
 * Takes the existing clusters up again, and works on the queue meanwhile. A task that an earlier process left goes on
 * at its first unfinished stage.
 */
export async function startTaskRunner(options: RunnerOptions): Promise<TaskRunner> {
  const { core, log } = options;
  const shutdown = new AbortController();
  const resumed = await resumeClusters(options);
  await core.queue.work(options.concurrency, async ({ taskId, clusterId }) => {
    // No task may touch a cluster that is still being taken up.
    await resumed.get(clusterId);
    const running = untilStored(() => runTask(options, taskId, shutdown.signal), {
      signal: shutdown.signal,
      onError: (error) => log.warn({ err: error, taskId, clusterId }, "The database is away; a task waits for it."),
    });
    await running.catch((error: unknown) => {
      // The queue keeps the reason to itself.
      if (!shutdown.signal.aborted)
        log.error({ err: error, taskId, clusterId }, "A task could not be worked on and is tried again.");
      throw error;
    });
  });
  return {
    async stop() {
      shutdown.abort();
      await core.queue.stop();
      log.debug("The task runner has stopped.");
    },
  };
}

/**
 * Begins to take up every cluster that has been made, as many at a time as tasks; one that is still being made is its
 * task's.
 * @returns what is under way, by cluster id. None of them rejects: a cluster that cannot be taken up says so in an event
 * and is left, since its neighbours, and the API, matter more.
 */
async function resumeClusters({
  core,
  substrate,
  log,
  versionPolicy,
  concurrency,
}: RunnerOptions): Promise<Map<string, Promise<void>>> {
  const clusters = await clustersInStates(core, usableStates);
  const limit = createLimiter(concurrency);
  const resume = async (cluster: Cluster) => {
    const { id: clusterId, accountId } = cluster;
    try {
      await substrate.resume(await loadClusterRecord(core, cluster, versionPolicy));
      log.info({ clusterId }, "A cluster was taken up again.");
    } catch (error) {
      log.error({ err: error, clusterId }, "A cluster could not be taken up again.");
      const message = `The cluster could not be taken up again: ${(error as Error).message}`;
      await addEvent(core, { accountId, clusterId, taskId: null, level: "error", reason: "ResumeFailed", message });
    }
  };
  const resumed = (cluster: Cluster) =>
    limit(() => resume(cluster)).catch((error: unknown) => log.error({ err: error }, "An event could not be written."));
  return new Map(clusters.map((cluster) => [cluster.id, resumed(cluster)]));
}
