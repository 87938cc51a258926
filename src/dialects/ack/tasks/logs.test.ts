import { afterAll, beforeAll, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes } from "../../../../test/support/ack-routes.ts";
import { createTestCore, type TestCore } from "../../../../test/support/core.ts";
import { newCluster } from "../../../../test/support/new-cluster.ts";
import { createCluster } from "../../../core/clusters/create.ts";
import { addEvent } from "../../../core/events/events.ts";
import { clusterRoutes } from "../clusters/routes.ts";
import { taskRoutes } from "./routes.ts";

let test: TestCore;
let routes: RoutesUnderTest;
beforeAll(async () => {
  test = await createTestCore();
  routes = await serveRoutes(
    (app, context) => {
      clusterRoutes(app, context);
      taskRoutes(app, context);
    },
    { core: test.core },
  );
});
afterAll(async () => {
  await routes.close();
  await test.close();
});

it("gives a cluster's log the newest first, each line led by the cluster, and a task's events in order", async () => {
  const { clusterId, taskId } = await createCluster(test.core, newCluster());
  const subject = { accountId: test.accountId, clusterId, level: "info" } as const;
  for (const [message, of] of [
    ["One.", taskId],
    ["Two.", taskId],
    ["Three.", null],
  ] as const)
    await addEvent(test.core, { ...subject, taskId: of, reason: "Told", message });
  const log = (await routes.get(`/clusters/c${clusterId}/logs`)).body as { cluster_log: string }[];
  expect(log.map((line) => line.cluster_log)).toEqual(
    ["Three.", "Two.", "One."].map((text) => `c${clusterId} | [INFO] Told: ${text}`),
  );
  const task = (await routes.get(`/tasks/${taskId}`)).body as { events: { message: string }[] };
  expect(task.events.map(({ message }) => message)).toEqual(["One.", "Two."]);
});
