import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { StageRecord } from "../core/tasks/task.ts";
import { createStageRecorder } from "./stage-recorder.ts";

const planned = [
  { name: "etcd", kind: "etcd", title: "Start etcd" },
  { name: "nodes", kind: "nodes", title: "Join the nodes" },
] as const;

/** A recorder, and what it has written so far. */
function recorderWith(recorded: StageRecord[] = [], save?: (stages: StageRecord[]) => Promise<void>) {
  const written: StageRecord[][] = [];
  const recorder = createStageRecorder(planned, recorded, save ?? (async (stages) => void written.push(stages)));
  return { recorder, written };
}

describe("the record of stages", () => {
  it("begins with every stage waiting", () => {
    expect(recorderWith().recorder.stages).toEqual([
      { name: "etcd", kind: "etcd", title: "Start etcd", state: "waiting" },
      { name: "nodes", kind: "nodes", title: "Join the nodes", state: "waiting" },
    ]);
  });

  it("goes on where an earlier run stopped", () => {
    const { recorder } = recorderWith([{ name: "etcd", kind: "etcd", title: "Start etcd", state: "succeeded" }]);
    expect([recorder.stateOf("etcd"), recorder.stateOf("nodes")]).toEqual(["succeeded", "waiting"]);
  });

  it("is written at every move, with times", async () => {
    const { recorder, written } = recorderWith();
    await recorder.move("etcd", "running");
    await recorder.move("etcd", "succeeded", { message: "etcd answers." });
    expect(written.map(([etcd]) => etcd?.state)).toEqual(["running", "succeeded"]);
    expect(written[0]?.[0]).toMatchObject({ startedAt: expect.any(String) });
    expect(written[0]?.[0]).not.toHaveProperty("endedAt");
    expect(written[1]?.[0]).toMatchObject({ endedAt: expect.any(String), message: "etcd answers." });
  });

  it("writes the newest of many messages, not each", async () => {
    const { recorder, written } = recorderWith();
    for (let percent = 0; percent <= 100; percent++) recorder.report("etcd", `${percent} %`);
    await recorder.flush();
    expect(written).toHaveLength(1);
    expect(written[0]?.[0]?.message).toBe("100 %");
  });

  it("never lets an older list overwrite a newer one", async () => {
    const order: (string | undefined)[] = [];
    const releases: (() => void)[] = [];
    const { recorder } = recorderWith([], async ([etcd]) => {
      await new Promise<void>((resolve) => releases.push(resolve));
      order.push(etcd?.state);
    });
    const first = recorder.move("etcd", "running");
    await expect.poll(() => releases.length).toBe(1);
    const second = recorder.move("etcd", "succeeded");
    releases[0]?.();
    await expect.poll(() => releases.length).toBe(2);
    releases[1]?.();
    await Promise.all([first, second]);
    expect(order).toEqual(["running", "succeeded"]);
  });

  it("tells of a write that failed", async () => {
    const { recorder } = recorderWith([], async () => {
      throw new Error("The database is gone.");
    });
    await expect(recorder.move("etcd", "running")).rejects.toThrow("The database is gone.");
  });

  it("writes nothing any more once it is stopped", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { recorder, written } = recorderWith();
    recorder.report("etcd", "Half way.");
    await recorder.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written).toEqual([]);
  });

  it("knows no stage that is not planned", () => {
    expect(() => recorderWith().recorder.stateOf("party")).toThrow('no stage "party"');
  });
});
