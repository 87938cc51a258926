import type { Logger } from "pino";
import { type Cluster, usableStates } from "../core/clusters/cluster.ts";
import { clustersInStates, getCluster } from "../core/clusters/clusters.ts";
import type { Core } from "../core/core.ts";
import { addEvent } from "../core/events/events.ts";
import { isFinal, type Task, type TaskKind } from "../core/tasks/task.ts";
import { getTask, noteWorkedTime, updateTask } from "../core/tasks/tasks.ts";
import type { ClusterPlan, Substrate } from "../substrates/substrate.ts";
import { loadClusterRecord } from "./cluster-record.ts";
import { createClusterTask } from "./create-cluster.ts";
import { deleteClusterTask } from "./delete-cluster.ts";
import { watchInterruptions } from "./interruptions.ts";
import { createLimiter } from "./limiter.ts";
import { modifyClusterTask } from "./modify-cluster.ts";
import { runStages } from "./run-stages.ts";
import { createStageRecorder } from "./stage-recorder.ts";
import type { TaskKindDefinition } from "./task-kind.ts";
import { measureWorkedTime } from "./worked-time.ts";

const kinds: Readonly<Record<TaskKind, TaskKindDefinition>> = {
  "cluster-create": createClusterTask,
  "cluster-modify": modifyClusterTask,
  "cluster-delete": deleteClusterTask,
};

/** What the runner works with. */
export interface RunnerOptions {
  core: Core;
  substrate: Substrate;
  log: Logger;
  versionPolicy: ClusterPlan["versionPolicy"];
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
    await runTask(options, taskId, shutdown.signal).catch((error: unknown) => {
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

async function runTask(options: RunnerOptions, taskId: string, shutdown: AbortSignal): Promise<void> {
  const { core, log } = options;
  const task = await getTask(core, taskId);
  if (!task || isFinal(task)) return;
  const cluster = await getCluster(core, task.clusterId);
  if (!cluster) return endWithoutCluster(core, task);
  const startedAt = task.startedAt ?? new Date();
  await updateTask(core, taskId, { state: "running", startedAt });
  log.info({ taskId, clusterId: cluster.id, kind: task.kind }, "Working on a task.");
  await workOn(options, task, cluster, shutdown);
}

/** A deletion that finds nothing has reached its aim, and so has a request to cancel; anything else has lost its object. */
async function endWithoutCluster(core: Core, task: Task): Promise<void> {
  const endedAt = new Date();
  if (task.kind === "cluster-delete") return updateTask(core, task.id, { state: "succeeded", endedAt });
  const error = `Cluster ${task.clusterName} does not exist any more.`;
  const state = task.requested === "cancel" ? "cancelled" : "failed";
  await updateTask(core, task.id, { state, error, endedAt });
}

async function workOn(options: RunnerOptions, task: Task, cluster: Cluster, shutdown: AbortSignal): Promise<void> {
  const { core, substrate, log, versionPolicy } = options;
  const kind = kinds[task.kind];
  const stages = kind.stages(substrate, cluster);
  const worked = measureWorkedTime(
    task.workedMs,
    (workedMs) => noteWorkedTime(core, task.id, workedMs),
    (error) => log.warn({ err: error, taskId: task.id }, "The time worked on a task could not be written."),
  );
  const recorder = createStageRecorder(stages, task.stages, (records) =>
    updateTask(core, task.id, { stages: records, workedMs: worked.read() }),
  );
  const interruptions = watchInterruptions({
    isCancelRequested: async () => (await getTask(core, task.id))?.requested === "cancel",
    workedMs: worked.read,
    minutes: task.timeoutMinutes,
    shutdown,
    onError: (error) => log.warn({ err: error, taskId: task.id }, "A task could not be asked whether it is cancelled."),
  });
  const subject = { accountId: cluster.accountId, clusterId: cluster.id, taskId: task.id };
  try {
    const outcome = await runStages({
      stages,
      recorder,
      record: await loadClusterRecord(core, cluster, versionPolicy),
      rollback: task.rollback,
      signal: interruptions.signal,
      isPauseRequested: async () => (await getTask(core, task.id))?.requested === "pause",
      event: (level, reason, message) => addEvent(core, { ...subject, level, reason, message }),
    });
    const current = (await getCluster(core, cluster.id)) ?? cluster;
    const scope = { core, substrate, task, cluster: current };
    if (outcome.result === "paused") return await updateTask(core, task.id, { state: "paused", requested: null });
    if (outcome.result === "succeeded") await kind.succeeded(scope);
    else if (outcome.undone) await kind.rolledBack(scope);
    else await kind.failed(scope);
    const error = outcome.result === "succeeded" ? null : outcome.error;
    if (error) await addEvent(core, { ...subject, level: "error", reason: "TaskFailed", message: error });
    await updateTask(core, task.id, { state: outcome.result, error, endedAt: new Date() });
    log.info({ taskId: task.id, clusterId: cluster.id, state: outcome.result, error }, "A task has ended.");
  } finally {
    interruptions.stop();
    await worked.stop();
  }
}
