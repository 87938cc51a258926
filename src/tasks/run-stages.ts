import type { ClusterRecord, StageContext, SubstrateStage } from "../substrates/substrate.ts";
import { TaskInterruption } from "./interruptions.ts";
import type { StageRecorder } from "./stage-recorder.ts";

/** What a run of stages works with. */
export interface StageRun {
  stages: readonly SubstrateStage[];
  recorder: StageRecorder;
  record: ClusterRecord;
  /** Whether a failure undoes what was made. */
  rollback: boolean;
  /** Its reason, once it fires, is a {@link TaskInterruption}. */
  signal: AbortSignal;
  isPauseRequested(): Promise<boolean>;
  event: StageContext["event"];
}

/** How a run of stages ended. `undone` tells whether everything that was made has been removed again. */
export type StageOutcome =
  | { result: "succeeded" }
  | { result: "paused" }
  | { result: "failed" | "cancelled"; error: string; undone: boolean };

/**
 * Runs the stages that have not succeeded yet, in order.
 * @throws {TaskInterruption} when Sampan stops: nothing is undone, and the next run goes on at the same stage
 */
export async function runStages(run: StageRun): Promise<StageOutcome> {
  // A failure is final: a run that died while it rolled back goes on rolling back.
  const failed = run.stages.find(({ name }) => run.recorder.stateOf(name) === "failed");
  if (failed) return endFailed(run, "failed", failureMessage(run, failed));
  for (const stage of run.stages) {
    if (run.recorder.stateOf(stage.name) === "succeeded") continue;
    if (await run.isPauseRequested()) return { result: "paused" };
    try {
      await runStage(run, stage);
    } catch (error) {
      if (isShutdown(run.signal)) throw run.signal.reason;
      return endEarly(run, stage, error as Error);
    }
  }
  return { result: "succeeded" };
}

async function runStage(run: StageRun, stage: SubstrateStage): Promise<void> {
  run.signal.throwIfAborted();
  await run.recorder.move(stage.name, "running");
  await stage.run(contextOf(run, stage, run.signal));
  await run.recorder.move(stage.name, "succeeded");
}

async function endEarly(run: StageRun, stage: SubstrateStage, error: Error): Promise<StageOutcome> {
  const interruption = run.signal.aborted ? (run.signal.reason as TaskInterruption) : undefined;
  await run.recorder.move(stage.name, "failed", (interruption ?? error).message);
  return endFailed(run, interruption?.cause === "cancelled" ? "cancelled" : "failed", failureMessage(run, stage));
}

const failureMessage = (run: StageRun, { name, title }: SubstrateStage): string =>
  `${title}: ${run.recorder.stages.find((stage) => stage.name === name)?.message ?? "failed"}`;

async function endFailed(run: StageRun, result: "failed" | "cancelled", message: string): Promise<StageOutcome> {
  // A deletion is what usually cancels a creation, and removes everything itself.
  if (!run.rollback || result === "cancelled") return { result, error: message, undone: false };
  const failures = await undoStages(run);
  if (failures.length === 0) return { result, error: `${message} What had been made was removed again.`, undone: true };
  return { result, error: `${message} Rolling back failed as well: ${failures.join("; ")}`, undone: false };
}

/** Undoes every stage that began, the last one first. @returns what could not be undone */
async function undoStages(run: StageRun): Promise<string[]> {
  const failures: string[] = [];
  for (const stage of run.stages.toReversed()) {
    const state = run.recorder.stateOf(stage.name);
    if (state === "waiting" || state === "undone") continue;
    try {
      await stage.undo?.(contextOf(run, stage, AbortSignal.timeout(undoTimeout)));
      // The stage that failed goes on showing why.
      if (state !== "failed") await run.recorder.move(stage.name, "undone");
    } catch (error) {
      failures.push(`${stage.title}: ${(error as Error).message}`);
    }
  }
  return failures;
}

/** Milliseconds that undoing one stage may take. */
const undoTimeout = 60_000;

function contextOf(run: StageRun, stage: SubstrateStage, signal: AbortSignal): StageContext {
  const { record, event, recorder } = run;
  return { cluster: record, signal, event, report: (message) => recorder.report(stage.name, message) };
}

const isShutdown = (signal: AbortSignal): boolean =>
  signal.aborted && signal.reason instanceof TaskInterruption && signal.reason.cause === "shutdown";
