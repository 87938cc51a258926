import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { events } from "../../storage/schema.ts";
import { listEvents, shownEvents } from "./events.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

const numbers = (length: number) => Array.from({ length }, (_, n) => n);

it("shows the last events of a cluster, in order, and of one of its tasks the last of those", async () => {
  const { accountId } = test;
  const eventOf = (n: number, clusterId: string, taskId: string | null) =>
    ({ accountId, clusterId, taskId, level: "info", reason: "Counted", message: `${n}` }) as const;
  await test.core.db
    .insert(events)
    .values([
      ...numbers(3).map((n) => eventOf(n, "one", "T-1")),
      ...numbers(shownEvents + 5).map((n) => eventOf(n, "one", null)),
      eventOf(0, "two", "T-2"),
    ]);
  const shown = (await listEvents(test.core, "one")).map(({ message }) => Number(message));
  expect(shown).toEqual(numbers(shownEvents).map((n) => n + 5));
  expect((await listEvents(test.core, "one", "T-1")).map(({ message }) => message)).toEqual(["0", "1", "2"]);
});
