import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { newCluster } from "../../../test/support/new-cluster.ts";
import type { TaskJob } from "../../storage/queue.ts";
import { createCluster } from "../clusters/create.ts";
import type { Task } from "./task.ts";
import { enqueueLostTasks, writeTask } from "./tasks.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

const cases: [what: string, change: Partial<Pick<Task, "state" | "requested">>, placement: string, isLost: boolean][] =
  [
    ["waits", {}, "here", true],
    ["was left under way", { state: "running" }, "here", true],
    ["is paused", { state: "paused" }, "here", false],
    ["is paused and asked to stop", { state: "paused", requested: "cancel" }, "here", true],
    ["has succeeded", { state: "succeeded" }, "here", false],
    ["has failed", { state: "failed" }, "here", false],
    ["was cancelled", { state: "cancelled" }, "here", false],
    ["waits elsewhere", {}, "elsewhere", false],
  ];

it("the tasks that have to be in the queue are those that somebody has to work on here, in order", async () => {
  const expected: string[] = [];
  for (const [what, change, placement, isLost] of cases) {
    const { taskId } = await createCluster(
      { ...test.core, placement },
      newCluster({ name: what.replaceAll(" ", "-") }),
    );
    await writeTask(test.core, taskId, change);
    if (isLost) expected.push(taskId);
  }
  const given: TaskJob[] = [];
  const queue = { ...test.core.queue, enqueueMissing: async (tasks: readonly TaskJob[]) => void given.push(...tasks) };
  await enqueueLostTasks({ ...test.core, queue });
  expect(given.map(({ taskId }) => taskId)).toEqual(expected);
});
