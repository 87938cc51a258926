import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { newCluster } from "../../../test/support/new-cluster.ts";
import { createCluster } from "../clusters/create.ts";
import {
  beginTask,
  finishTask,
  makeWayForRemoval,
  requestCancel,
  requestPause,
  resumeTask,
  takePause,
} from "./changes.ts";
import type { Task } from "./task.ts";
import { getTask } from "./tasks.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

/** What users and the runner do with a task, each by its word. */
const acts = {
  begin: ({ id }: Task) => beginTask(test.core, id),
  cancel: (task: Task) => requestCancel(test.core, task),
  pause: (task: Task) => requestPause(test.core, task),
  resume: (task: Task) => resumeTask(test.core, task),
  takePause: ({ id }: Task) => takePause(test.core, id),
  finish: ({ id }: Task) => finishTask(test.core, id, { state: "succeeded", error: null }),
  makeWay: ({ clusterId }: Task) => makeWayForRemoval(test.core, clusterId),
};
type Act = keyof typeof acts;

/** Does one after the other, each with what was read of the task at the very beginning. */
async function after(...done: Act[]) {
  const { taskId } = await createCluster(test.core, newCluster());
  const read = (await getTask(test.core, taskId)) ?? expect.fail("There is no task.");
  const before = test.enqueued.length;
  let last: unknown;
  for (const act of done) last = await acts[act](read);
  const { state, requested } = (await getTask(test.core, taskId)) ?? expect.fail("There is no task.");
  return { last, state, requested, enqueued: test.enqueued.slice(before).filter((id) => id === taskId).length };
}

describe("what is asked of a task", () => {
  it.each<[acts: Act[], end: Partial<Awaited<ReturnType<typeof after>>>]>([
    // Each goes by how the task is, not by how it was when the request was read.
    [["begin", "pause"], { last: true, state: "running", requested: "pause" }],
    [["begin", "pause", "takePause"], { last: true, state: "paused", requested: null }],
    [["begin", "pause", "takePause", "cancel"], { last: true, state: "queued", requested: "cancel", enqueued: 1 }],
    [["begin", "pause", "takePause", "cancel", "cancel"], { last: true, state: "queued", enqueued: 1 }],
    [["begin", "pause", "takePause", "makeWay"], { state: "queued", requested: "cancel", enqueued: 1 }],
    [["begin", "pause", "takePause", "resume"], { last: true, state: "queued", requested: null, enqueued: 1 }],
    [["begin", "pause", "takePause", "pause", "resume"], { last: true, state: "queued", requested: null, enqueued: 1 }],
    // A pause that is taken back, or gives way to a cancellation, is not taken any more.
    [["begin", "pause", "resume", "takePause"], { last: false, state: "running", requested: null, enqueued: 0 }],
    [["begin", "pause", "cancel", "takePause"], { last: false, state: "running", requested: "cancel", enqueued: 0 }],
    [["begin", "cancel", "pause"], { last: false, state: "running", requested: "cancel" }],
    [["begin", "resume"], { last: false, state: "running", requested: null }],
    // A paused task does not begin by itself, and one that has ended stays so.
    [["begin", "pause", "takePause", "begin"], { last: undefined, state: "paused" }],
    [["begin", "finish", "begin"], { last: undefined, state: "succeeded" }],
    [["begin", "finish", "cancel"], { last: false, state: "succeeded", requested: null }],
    [["begin", "finish", "pause"], { last: false, state: "succeeded", requested: null }],
    [["begin", "pause", "finish", "resume"], { last: false, state: "succeeded", enqueued: 0 }],
    [["begin", "finish", "finish"], { last: false, state: "succeeded" }],
    [["begin", "finish", "makeWay"], { state: "succeeded", requested: null }],
  ])("%j: %j", async (done, end) => {
    expect(await after(...done)).toMatchObject(end);
  });
});
