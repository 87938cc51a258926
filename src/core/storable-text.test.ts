import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { newCluster } from "../../test/support/new-cluster.ts";
import { createCluster } from "./clusters/create.ts";
import { addEvent, listEvents } from "./events/events.ts";
import { getTask, writeTask } from "./tasks/tasks.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

it.each([
  ["a\0b", "a\ufffdb"],
  ["a\ud800", "a\ufffd"],
  ["x".repeat(20_000), "x".repeat(16_384)],
])("takes whatever a program's last words hold (%#)", async (message, kept) => {
  const { clusterId, taskId } = await createCluster(test.core, newCluster());
  const { accountId } = test;
  await addEvent(test.core, { accountId, clusterId, taskId, level: "error", reason: "Died", message });
  await writeTask(test.core, taskId, {
    error: message,
    stages: [{ name: "etcd", kind: "etcd", title: "Start etcd", state: "failed", message }],
  });
  expect(await getTask(test.core, taskId)).toMatchObject({ error: kept, stages: [{ message: kept }] });
  expect((await listEvents(test.core, clusterId, taskId)).at(-1)).toMatchObject({ reason: "Died", message: kept });
});
