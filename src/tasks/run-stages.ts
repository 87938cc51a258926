import type { ClusterRecord, StageContext, SubstrateStage } from "../substrates/substrate.ts";
import { TaskInterruption } from "./interruptions.ts";
import type { StageRecorder } from "./stage-recorder.ts";
import { guardStorage } from "./storage-guard.ts";

/** What a run of stages works with. */
export interface StageRun {
  stages: readonly SubstrateStage[];
  recorder: StageRecorder;
  record: ClusterRecord;
  /** Whether a failure undoes what was made. */
  rollback: boolean;
  /** Its reason, once it fires, is a {@link TaskInterruption}. */
  signal: AbortSignal;
  /** Pauses the task where that is asked for. @returns whether it is paused now */
  takePause(): Promise<boolean>;
  event: StageContext["event"];
}

/** How a run of stages ended. `undone`: a stage failed, and everything that was made has been removed again. */
export type StageOutcome =
  | { result: "succeeded" }
  | { result: "paused" }
  | { result: "failed" | "cancelled" | "undone"; error: string };

/**
 * Runs the stages that have not succeeded yet, in order.
 * @throws {TaskInterruption} when Sampan stops: nothing is undone, and the next run goes on at the same stage
 * @throws {StorageError} when the record cannot be kept, which is no stage's failure: the same holds
 */
export async function runStages(run: StageRun): Promise<StageOutcome> {
  // A failure is final: a run that died while it rolled back goes on rolling back.
  const failed = run.stages.find(({ name }) => run.recorder.stateOf(name) === "failed");
  if (failed) return endFailed(run, failed);
  for (const stage of run.stages) {
    if (run.recorder.stateOf(stage.name) === "succeeded") continue;
    if (await run.takePause()) return { result: "paused" };
    const failure = await runStage(run, stage);
    if (failure) return endEarly(run, stage, failure);
  }
  return { result: "succeeded" };
}

/** @returns why the stage failed: whatever rejects here is not the stage's */
async function runStage(run: StageRun, stage: SubstrateStage): Promise<Error | undefined> {
  if (run.signal.aborted) return interruptionOf(run);
  await run.recorder.move(stage.name, "running");
  const failure = await attempt(run, stage, stage, run.signal);
  if (failure && run.signal.aborted) return interruptionOf(run);
  if (!failure) await run.recorder.move(stage.name, "succeeded");
  return failure;
}

/** @throws {TaskInterruption} where it is Sampan that stops */
function interruptionOf({ signal }: StageRun): TaskInterruption {
  const interruption: TaskInterruption = signal.reason;
  if (interruption.cause === "shutdown") throw interruption;
  return interruption;
}

/**
 * Does what is a stage's own: what it runs, or what undoes that. @returns its failure
 * @throws {StorageError} where the record could not be kept meanwhile
 */
async function attempt(
  run: StageRun,
  stage: SubstrateStage,
  act: SubstrateStage["undo"],
  signal: AbortSignal,
): Promise<Error | undefined> {
  const { check, ...guarded } = guardStorage({ cluster: run.record, event: run.event });
  const report = (message: string) => run.recorder.report(stage.name, message);
  let failure: Error | undefined;
  try {
    await act?.run({ ...guarded, signal, report });
  } catch (error) {
    failure = error as Error;
  }
  check();
  return failure;
}

async function endEarly(run: StageRun, stage: SubstrateStage, failure: Error): Promise<StageOutcome> {
  const endedBy = failure instanceof TaskInterruption && failure.cause !== "shutdown" ? failure.cause : undefined;
  await run.recorder.move(stage.name, "failed", { message: failure.message, ...(endedBy && { endedBy }) });
  return endFailed(run, stage);
}

/** Goes by the record alone, so that a run which takes over from one that died ends the task in the same way. */
async function endFailed(run: StageRun, { name, title }: SubstrateStage): Promise<StageOutcome> {
  const stage = run.recorder.stages.find((candidate) => candidate.name === name);
  const error = `${title}: ${stage?.message ?? "failed"}`;
  // A removal is what usually cancels a creation, and removes everything itself.
  if (stage?.endedBy === "cancelled") return { result: "cancelled", error };
  if (!run.rollback) return { result: "failed", error };
  const failures = await undoStages(run);
  if (failures.length === 0) return { result: "undone", error: `${error} What had been made was removed again.` };
  return { result: "failed", error: `${error} Rolling back failed as well: ${failures.join("; ")}` };
}

/** Undoes every stage that began, the last one first. @returns what could not be undone */
async function undoStages(run: StageRun): Promise<string[]> {
  const failures: string[] = [];
  for (const stage of run.stages.toReversed()) {
    const state = run.recorder.stateOf(stage.name);
    if (state === "waiting" || state === "undone") continue;
    const failure = await attempt(run, stage, stage.undo, AbortSignal.timeout(undoTimeout));
    if (failure) failures.push(`${stage.title}: ${failure.message}`);
    // The stage that failed goes on showing why.
    else if (state !== "failed") await run.recorder.move(stage.name, "undone");
  }
  return failures;
}

/** Milliseconds that undoing one stage may take. */
const undoTimeout = 60_000;
