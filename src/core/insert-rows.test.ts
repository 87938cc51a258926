import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { events } from "../storage/schema.ts";
import { insertRows } from "./insert-rows.ts";

describe("rows that are written together", () => {
  let test: TestCore;
  beforeAll(async () => {
    test = await createTestCore();
  });
  afterAll(() => test.close());

  const written = async (clusterId: string, messages: readonly string[]) => {
    const rows = messages.map((message) => ({
      accountId: "default",
      clusterId,
      level: "info",
      reason: "Written",
      message,
    }));
    await insertRows(test.core, events, rows);
    return test.core.db.select().from(events).where(eq(events.clusterId, clusterId)).orderBy(events.id);
  };

  it.each([
    ["none", []],
    ["one", ["'; drop table events; --"]],
    ["texts of any kind", ['"', "\\", "{}", "null", "\n\t", "\u{1f6a3}", "云"]],
    // PostgreSQL takes no more than 65,535 parameters in a statement.
    ["more than a statement has parameters for", Array.from({ length: 20_000 }, (_, n) => `${n}`)],
    ["some that are long", Array.from({ length: 5 }, () => "a".repeat(100_000))],
  ])("are all there, in order: %s", async (name, messages) => {
    expect((await written(name, messages)).map(({ message }) => message)).toEqual(messages);
  });

  it("have what the table gives a column that is left out, and null where that is said", async () => {
    await insertRows(test.core, events, [
      { accountId: "default", clusterId: "nulls", taskId: null, level: "info", reason: "Written", message: "" },
    ]);
    const [row] = await test.core.db.select().from(events).where(eq(events.clusterId, "nulls"));
    expect(row).toMatchObject({ taskId: null, at: expect.any(Date), id: expect.any(Number) });
  });
});
