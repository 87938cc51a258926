import type { Logger } from "pino";
import type { Cluster } from "../core/clusters/cluster.ts";
import { getCluster } from "../core/clusters/clusters.ts";
import type { Core } from "../core/core.ts";
import { addEvent } from "../core/events/events.ts";
import { beginTask, takePause } from "../core/tasks/changes.ts";
import type { Task } from "../core/tasks/task.ts";
import { getTask, noteWorkedTime, writeTask } from "../core/tasks/tasks.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { ClusterPlan, Substrate } from "../substrates/substrate.ts";
import { loadClusterRecord } from "./cluster-record.ts";
import { endTask, endWithoutCluster, subjectOf } from "./end-task.ts";
import { watchInterruptions } from "./interruptions.ts";
import { kinds } from "./kinds/index.ts";
import { runStages, type StageOutcome } from "./run-stages.ts";
import { createStageRecorder } from "./stage-recorder.ts";
import { measureWorkedTime } from "./worked-time.ts";

/** What a task is worked on with. */
export interface Workshop {
  core: Core;
  substrate: Substrate;
  log: Logger;
  versionPolicy: ClusterPlan["versionPolicy"];
}

/**
 * Works on a task until it ends, is paused, or Sampan stops. It can be called again at any time: what has ended is left
 * alone, and what has not goes on at its first unfinished stage.
 * @param shutdown fires when Sampan stops
 * @throws {TaskInterruption} when Sampan stops
 * @throws {StorageError} where the database is away
 */
export async function runTask(workshop: Workshop, taskId: string, shutdown: AbortSignal): Promise<void> {
  const { core, log } = workshop;
  const task = await beginTask(core, taskId);
  if (!task) return;
  const cluster = await getCluster(core, task.clusterId);
  if (!cluster) return endWithoutCluster(core, task);
  const { clusterId, kind } = task;
  log.info({ taskId, clusterId, kind }, "Working on a task.");
  const outcome = await workOn(workshop, task, cluster, shutdown);
  if (outcome.result === "paused") return log.info({ taskId, clusterId }, "A task is paused.");
  const { result, error } = { error: null, ...outcome };
  await endTask(core, task, { result, error });
  log.info({ taskId, clusterId, result, error }, "A task has ended.");
}

/**
 * What cannot be read today cannot be read tomorrow, so that the task ends.
 * @throws {StorageError} where the database is away: then it may
 */
function unusable(error: unknown): Error {
  if (error instanceof StorageError && !error.isRefusal) throw error;
  return error as Error;
}

/** Runs the stages of a task, on record and under watch. */
async function workOn(
  { core, substrate, log, versionPolicy }: Workshop,
  task: Task,
  cluster: Cluster,
  shutdown: AbortSignal,
): Promise<StageOutcome> {
  const stages = kinds[task.kind].stages(substrate.work, cluster);
  const warn = (message: string) => (error: unknown) => log.warn({ err: error, taskId: task.id }, message);
  const worked = measureWorkedTime(
    task.workedMs,
    (workedMs) => noteWorkedTime(core, task.id, workedMs),
    warn("The time worked on a task could not be written."),
  );
  const recorder = createStageRecorder(stages, task.stages, (records) =>
    writeTask(core, task.id, { stages: records, workedMs: worked.read() }),
  );
  const interruptions = watchInterruptions({
    isCancelRequested: async () => (await getTask(core, task.id))?.requested === "cancel",
    workedMs: worked.read,
    minutes: task.timeoutMinutes,
    shutdown,
    onError: warn("A task could not be asked whether it is cancelled."),
  });
  try {
    const record = await loadClusterRecord(core, cluster, versionPolicy).catch(unusable);
    if (record instanceof Error)
      return { result: "failed", error: `What is kept of the cluster cannot be worked with: ${record.message}` };
    return await runStages({
      stages,
      recorder,
      record,
      rollback: task.rollback,
      signal: interruptions.signal,
      async takePause() {
        // Nothing of this run may be written after the next one has begun.
        await recorder.flush();
        return takePause(core, task.id);
      },
      event: (level, reason, message) => addEvent(core, { ...subjectOf(task), level, reason, message }),
    });
  } finally {
    interruptions.stop();
    await recorder.stop();
    await worked.stop();
  }
}
