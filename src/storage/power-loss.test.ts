import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { accounts } from "./schema.ts";

let folder: string;
/** How many rows had been acknowledged at each moment. */
let acknowledged: Map<string, number>;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-power-loss-")));
  const record = join(folder, "record");
  await mkdir(record);
  const recorder = new URL("./testing/record-syncs.ts", import.meta.url);
  recorder.searchParams.set("record", record);
  const writer = fileURLToPath(new URL("./testing/doomed-writer.ts", import.meta.url));
  const { stdout, signal } = await execa(process.execPath, ["--import", recorder.href, writer, folder], {
    reject: false,
    stderr: "inherit",
  });
  expect(signal).toBe("SIGKILL");
  acknowledged = new Map(
    stdout.split("\n").map((line) => [line.replace(/ \d+$/, ""), Number(line.match(/\d+$/)?.[0])]),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const moments = ["rows", "checkpoint", "rewritten table", "open transaction"];
const losses = ["all unsynced lost", "only the unsynced log lost"];

test.each(losses.flatMap((loss) => moments.map((moment) => ({ loss, moment }))))(
  "every acknowledged row is there after a loss of power ($loss, $moment)",
  async ({ loss, moment }) => {
    const database = await openDatabase({ home: join(folder, `${loss}, ${moment}`), url: undefined });
    try {
      const rows = await database.db.select({ id: accounts.id }).from(accounts);
      const expected = Array.from(
        { length: acknowledged.get(moment) ?? Number.NaN },
        (_, number) => `account-${number}`,
      );
      expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(expected));
      expect(rows).toHaveLength(expected.length);
      if (moment === "open transaction")
        expect(await database.db.execute(sql`select count(*)::int as count from notes`)).toMatchObject({
          rows: [{ count: 0 }],
        });
    } finally {
      await database.close();
    }
  },
);
