import { describe, expect, it } from "vitest";
import type { StageRecord } from "../core/tasks/task.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { ClusterRecord, StageContext, SubstrateStage } from "../substrates/substrate.ts";
import { TaskInterruption } from "./interruptions.ts";
import { runStages, type StageRun } from "./run-stages.ts";
import { createStageRecorder } from "./stage-recorder.ts";

/** Three stages that note down what is done to them; `broken` ones fail. */
function threeStages(broken: { run?: string; undo?: string } = {}) {
  const done: string[] = [];
  const stages = ["one", "two", "three"].map(
    (name): SubstrateStage => ({
      name,
      kind: "etcd",
      title: `Stage ${name}`,
      async run() {
        done.push(`run ${name}`);
        if (broken.run === name) throw new Error(`${name} is broken.`);
      },
      undo: {
        title: `Undo ${name}`,
        async run() {
          done.push(`undo ${name}`);
          if (broken.undo === name) throw new Error(`${name} stays.`);
        },
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
    record: { secrets: {} } as ClusterRecord,
    rollback: false,
    signal: new AbortController().signal,
    takePause: async () => false,
    event: async () => undefined,
    ...rest,
  };
  return { run, states: () => run.recorder.stages.map(({ state }) => state) };
}

const succeeded = (name: string): StageRecord => ({ name, kind: "etcd", title: name, state: "succeeded" });

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
    expect(await runStages(run)).toEqual({ result: "failed", error: "Stage two: two is broken." });
    expect(done).toEqual(["run one", "run two"]);
    expect(states()).toEqual(["succeeded", "failed", "waiting"]);
  });

  it("are undone in reverse where the task rolls back", async () => {
    const { stages, done } = threeStages({ run: "two" });
    const { run, states } = runOf(stages, { rollback: true });
    expect(await runStages(run)).toMatchObject({
      result: "undone",
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
      result: "undone",
      error: expect.stringContaining("Stage three: three is broken."),
    });
    expect(done).toEqual(["undo three", "undo one"]);
  });

  it("say so where one cannot be undone, after the others were", async () => {
    const { stages, done } = threeStages({ run: "three", undo: "two" });
    const outcome = await runStages(runOf(stages, { rollback: true }).run);
    expect(outcome).toMatchObject({
      result: "failed",
      error: expect.stringContaining("Stage two: two stays."),
    });
    expect(done.slice(-1)).toEqual(["undo one"]);
  });

  it("wait where a pause is asked for", async () => {
    const { stages, done } = threeStages();
    const { run } = runOf(stages, { takePause: async () => done.length === 1 });
    expect(await runStages(run)).toEqual({ result: "paused" });
    expect(done).toEqual(["run one"]);
  });
});

describe("a database that is away", () => {
  const away = new StorageError("The database did not answer: connect ECONNREFUSED.", { code: "ECONNREFUSED" });
  const refusal = new StorageError("The database refused a statement (22P05): it does not take the data.", {
    code: "22P05",
  });
  const failing = (error: Error) => () => Promise.reject(error);
  const brokenRecord = (error: Error) =>
    ({ saveState: failing(error), secrets: { get: failing(error), put: failing(error) } }) as unknown as ClusterRecord;

  /** What a stage may do with its record and its events, and make of what that ends in. */
  const uses: [use: string, run: SubstrateStage["run"]][] = [
    ["notes", ({ cluster }) => cluster.saveState({})],
    ["reads a secret", async ({ cluster }) => void (await cluster.secrets.get("ca"))],
    ["keeps a secret", ({ cluster }) => cluster.secrets.put("ca", "PEM")],
    ["tells an event", ({ event }) => event("info", "Told", "Something.")],
    ["wraps the error", ({ cluster }) => cluster.saveState({}).catch(() => Promise.reject(new Error("No etcd.")))],
    ["swallows the error", ({ cluster }) => cluster.saveState({}).catch(() => undefined)],
  ];

  it.each(uses)("is no failure of a stage that %s: it stays where it is, and nothing is undone", async (_use, run) => {
    const { stages, done } = threeStages();
    const two = { ...(stages[1] as SubstrateStage), run };
    const record = brokenRecord(away);
    const parts = runOf([stages[0] as SubstrateStage, two], { rollback: true, record, event: failing(away) });
    await expect(runStages(parts.run)).rejects.toBe(away);
    expect(parts.states()).toEqual(["succeeded", "running"]);
    expect(done).toEqual(["run one"]);
  });

  it.each(["running", "succeeded"])("is no failure of a stage whose move to %s cannot be written", async (state) => {
    const { stages, done } = threeStages();
    const save = async (records: StageRecord[]) => {
      if (records[1]?.state === state) throw away;
    };
    const parts = runOf(stages, { rollback: true, recorder: createStageRecorder(stages, [], save) });
    await expect(runStages(parts.run)).rejects.toBe(away);
    expect(done).not.toContain("undo one");
  });

  it("is no failure of what is undone, either", async () => {
    const { stages } = threeStages({ run: "two" });
    const one = {
      ...(stages[0] as SubstrateStage),
      undo: { title: "Undo one", run: ({ cluster }: StageContext) => cluster.saveState({}) },
    };
    const parts = runOf([one, stages[1] as SubstrateStage], { rollback: true, record: brokenRecord(away) });
    await expect(runStages(parts.run)).rejects.toBe(away);
    expect(parts.states()).toEqual(["succeeded", "failed"]);
  });

  it("is another thing than one that will never take what a stage writes", async () => {
    const { stages } = threeStages();
    const one = { ...(stages[0] as SubstrateStage), run: ({ cluster }: StageContext) => cluster.saveState({}) };
    expect(await runStages(runOf([one], { record: brokenRecord(refusal) }).run)).toEqual({
      result: "failed",
      error: `Stage one: ${refusal.message}`,
    });
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
      result: "undone",
      error: expect.stringContaining("It was interrupted."),
    });
    expect(done).toEqual(["run one", "undo two", "undo one"]);
  });

  it("by a user cancels it, and leaves what was made to the removal that follows", async () => {
    const { run, done } = interrupted("cancelled", true);
    expect(await runStages(run)).toMatchObject({ result: "cancelled" });
    expect(done).toEqual(["run one"]);
  });

  it.each([
    ["cancelled", "cancelled"],
    ["deadline", "undone"],
  ] as const)(
    "(%s) ends the task as it was to end, also where Sampan died before that was written",
    async (cause, end) => {
      const first = interrupted(cause, true);
      const rest = new Error("Killed.");
      const dying = {
        ...first.run,
        stages: first.run.stages.map((stage) => ({
          ...stage,
          undo: { title: "Undo", run: () => Promise.reject(rest) },
        })),
      };
      await runStages(dying);
      const { stages, done } = threeStages();
      const second = runOf(stages, { recorded: structuredClone([...first.run.recorder.stages]), rollback: true });
      expect(await runStages(second.run)).toMatchObject({ result: end });
      expect(done).toEqual(end === "cancelled" ? [] : ["undo two", "undo one"]);
    },
  );

  it("by a stop of Sampan leaves the stage running, for the next start", async () => {
    const { run, states, done } = interrupted("shutdown", true);
    await expect(runStages(run)).rejects.toThrow(TaskInterruption);
    expect(states()).toEqual(["succeeded", "running", "waiting"]);
    expect(done).toEqual(["run one"]);
  });
});
