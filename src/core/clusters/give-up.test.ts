import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { newCluster } from "../../../test/support/new-cluster.ts";
import { clusterResources, clusterSecrets, nodes } from "../../storage/schema.ts";
import { listEvents } from "../events/events.ts";
import { getTask, listTasks, writeTask } from "../tasks/tasks.ts";
import { getCluster } from "./clusters.ts";
import { createCluster } from "./create.ts";
import { giveUpPlacement, usedPlacements } from "./give-up.ts";
import { removeCluster } from "./remove.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

const create = (placement: string, name: string) =>
  createCluster({ ...test.core, placement }, newCluster({ name, secrets: { "login-password": "x" } }));

it("removes the clusters of a lost placement as a removal does, and leaves all others", async () => {
  const kept = await create("here", "kept");
  const made = await create("lost", "made");
  await writeTask(test.core, made.taskId, { state: "succeeded" });
  const making = await create("lost", "making");
  const cancelled = await create("lost", "cancelled");
  await writeTask(test.core, cancelled.taskId, { requested: "cancel" });
  const removing = await create("lost", "removing");
  await removeCluster(test.core, { id: removing.clusterId, accountId: test.accountId });
  expect(await usedPlacements(test.core)).toEqual([
    { placement: "here", clusters: 1, unfinishedTasks: 1 },
    { placement: "lost", clusters: 4, unfinishedTasks: 4 },
  ]);

  const givenUp = await giveUpPlacement(test.core, { placement: "lost", home: "abc" });
  expect(givenUp.clusters.map(({ name }) => name).toSorted()).toEqual(["cancelled", "made", "making", "removing"]);
  expect(givenUp.endedTasks).toBe(4);
  expect(await usedPlacements(test.core)).toEqual([{ placement: "here", clusters: 1, unfinishedTasks: 1 }]);
  for (const table of [nodes, clusterResources, clusterSecrets])
    expect(new Set((await test.core.db.select().from(table)).map(({ clusterId }) => clusterId))).toEqual(
      new Set([kept.clusterId]),
    );
  for (const { clusterId } of [made, making, cancelled, removing]) {
    expect(await getCluster(test.core, clusterId)).toBeUndefined();
    expect((await listEvents(test.core, clusterId)).at(-1)).toMatchObject({
      reason: "ClusterGivenUp",
      level: "warning",
      message: expect.stringContaining("given up with its home abc"),
    });
  }
  const error = expect.stringContaining("given up with its home abc");
  const [removal] = (await listTasks(test.core, removing.clusterId, { offset: 0, limit: 1 })).tasks;
  expect(await getTask(test.core, made.taskId)).toMatchObject({ state: "succeeded", error: null });
  expect(await getTask(test.core, making.taskId)).toMatchObject({ state: "failed", error, endedAt: expect.any(Date) });
  expect(await getTask(test.core, cancelled.taskId)).toMatchObject({ state: "cancelled", error });
  expect(removal).toMatchObject({ kind: "cluster-remove", state: "succeeded", endedAt: expect.any(Date) });
});

it("does nothing where nothing belongs to the placement", async () => {
  expect(await giveUpPlacement(test.core, { placement: "nobody's", home: "x" })).toEqual({
    clusters: [],
    endedTasks: 0,
  });
});
