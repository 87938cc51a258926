import { describe, expect, it } from "vitest";
import type { StageRecord } from "../core/tasks/task.ts";
import type { ClusterRecord, SubstrateStage } from "../substrates/substrate.ts";
import { TaskInterruption } from "./interruptions.ts";
import { runStages, type StageRun } from "./run-stages.ts";
import { createStageRecorder } from "./stage-recorder.ts";

/** Three stages that note down what is done to them; `broken` ones fail. */
function threeStages(broken: { run?: string; undo?: string } = {}) {
  const done: string[] = [];
  const stages = ["one", "two", "three"].map(
    (name): SubstrateStage => ({
      name,
      title: `Stage ${name}`,
      async run() {
        done.push(`run ${name}`);
        if (broken.run === name) throw new Error(`${name} is broken.`);
      },
      async undo() {
        done.push(`undo ${name}`);
        if (broken.undo === name) throw new Error(`${name} stays.`);
      },
    }),
  );
  return { stages, done };
}

function runOf(stages: SubstrateStage[], changes: Partial<StageRun> & { recorded?: StageRecord[] } = {}) {
  const { recorded = [], ...rest } = changes;
  const run: StageRun = {
    stages,
    recorder: createStageRecorder(stages, recorded, async () => undefined),
    record: {} as ClusterRecord,
    rollback: false,
    signal: new AbortController().signal,
    isPauseRequested: async () => false,
    event: async () => undefined,
    ...rest,
  };
  return { run, states: () => run.recorder.stages.map(({ state }) => state) };
}

const succeeded = (name: string): StageRecord => ({ name, title: name, state: "succeeded" });

describe("stages", () => {
  it("run in order", async () => {
    const { stages, done } = threeStages();
    const { run, states } = runOf(stages);
    expect(await runStages(run)).toEqual({ result: "succeeded" });
    expect(done).toEqual(["run one", "run two", "run three"]);
    expect(states()).toEqual(["succeeded", "succeeded", "succeeded"]);
  });

  it("go on at the first unfinished one", async () => {
    const { stages, done } = threeStages();
    await runStages(runOf(stages, { recorded: [succeeded("one"), { ...succeeded("two"), state: "running" }] }).run);
    expect(done).toEqual(["run two", "run three"]);
  });

  it("stop at a failure, and what was made stays", async () => {
    const { stages, done } = threeStages({ run: "two" });
    const { run, states } = runOf(stages);
    expect(await runStages(run)).toEqual({ result: "failed", error: "Stage two: two is broken.", undone: false });
    expect(done).toEqual(["run one", "run two"]);
    expect(states()).toEqual(["succeeded", "failed", "waiting"]);
  });

  it("are undone in reverse where the task rolls back", async () => {
    const { stages, done } = threeStages({ run: "two" });
    const { run, states } = runOf(stages, { rollback: true });
    expect(await runStages(run)).toMatchObject({
      result: "failed",
      undone: true,
      error: expect.stringContaining("removed again"),
    });
    expect(done).toEqual(["run one", "run two", "undo two", "undo one"]);
    expect(states()).toEqual(["undone", "failed", "waiting"]);
  });

  it("go on being undone after a crash in the middle of it", async () => {
    const { stages, done } = threeStages();
    const recorded: StageRecord[] = [
      succeeded("one"),
      { ...succeeded("two"), state: "undone" },
      { ...succeeded("three"), state: "failed", message: "three is broken." },
    ];
    expect(await runStages(runOf(stages, { rollback: true, recorded }).run)).toMatchObject({
      result: "failed",
      undone: true,
      error: expect.stringContaining("Stage three: three is broken."),
    });
    expect(done).toEqual(["undo three", "undo one"]);
  });

  it("say so where one cannot be undone, after the others were", async () => {
    const { stages, done } = threeStages({ run: "three", undo: "two" });
    const outcome = await runStages(runOf(stages, { rollback: true }).run);
    expect(outcome).toMatchObject({
      result: "failed",
      undone: false,
      error: expect.stringContaining("Stage two: two stays."),
    });
    expect(done.slice(-1)).toEqual(["undo one"]);
  });

  it("wait where a pause is asked for", async () => {
    const { stages, done } = threeStages();
    const { run } = runOf(stages, { isPauseRequested: async () => done.length === 1 });
    expect(await runStages(run)).toEqual({ result: "paused" });
    expect(done).toEqual(["run one"]);
  });
});

describe("an interruption", () => {
  /** Stages of which the second waits until it is interrupted. */
  function interrupted(cause: TaskInterruption["cause"], rollback: boolean) {
    const { stages, done } = threeStages();
    const controller = new AbortController();
    const second: SubstrateStage = {
      ...(stages[1] as SubstrateStage),
      async run({ signal }) {
        controller.abort(new TaskInterruption(cause, "It was interrupted."));
        signal.throwIfAborted();
      },
    };
    return {
      ...runOf([stages[0] as SubstrateStage, second, stages[2] as SubstrateStage], {
        signal: controller.signal,
        rollback,
      }),
      done,
    };
  }

  it("by the deadline fails the task, and rolls back where asked to", async () => {
    const { run, done } = interrupted("deadline", true);
    expect(await runStages(run)).toMatchObject({
      result: "failed",
      undone: true,
      error: expect.stringContaining("It was interrupted."),
    });
    expect(done).toEqual(["run one", "undo two", "undo one"]);
  });

  it("by a user cancels it, and leaves what was made to the deletion that follows", async () => {
    const { run, done } = interrupted("cancelled", true);
    expect(await runStages(run)).toMatchObject({ result: "cancelled", undone: false });
    expect(done).toEqual(["run one"]);
  });

  it("by a stop of Sampan leaves the stage running, for the next start", async () => {
    const { run, states, done } = interrupted("shutdown", true);
    await expect(runStages(run)).rejects.toThrow(TaskInterruption);
    expect(states()).toEqual(["succeeded", "running", "waiting"]);
    expect(done).toEqual(["run one"]);
  });
});
