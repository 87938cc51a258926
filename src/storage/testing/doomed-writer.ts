/**
 * A program for tests: writes into the embedded database of a home, keeps what a loss of power would leave at four moments
 * (`record-syncs.ts`), each in a folder of its own, prints how many rows were acknowledged then, and is killed.
 *
 *     node --import record-syncs.ts?record=<folder>/record doomed-writer.ts <folder>
 */

import { join } from "node:path";
import { sql } from "drizzle-orm";
import { makeFolder } from "../../machine/files.ts";
import { openDatabase } from "../database.ts";
import type { Queryable } from "../queryable.ts";
import { accounts } from "../schema.ts";
import { rebuild } from "./record-syncs.ts";

const [folder = ""] = process.argv.slice(2);
const home = join(folder, "home");

/** What of the unsynced is lost: all, or only PostgreSQL's log of what it wrote elsewhere. */
const losses = {
  "all unsynced lost": () => false,
  "only the unsynced log lost": (path: string) => !path.startsWith("database/pg_wal"),
};

let written = 0;
async function write(db: Queryable, count: number): Promise<void> {
  for (const end = written + count; written < end; written++)
    await db.insert(accounts).values({
      id: `account-${written}`,
      alibabaUid: `${written}`,
      huaweiDomainId: `${written}`,
      huaweiDomainName: `${written}`,
    });
}

/** What has been written so far counts as acknowledged: keeps what a loss of power at this moment would leave. */
function moment(name: string): void {
  for (const [loss, survives] of Object.entries(losses))
    rebuild({ record: join(folder, "record"), folder: home, target: join(folder, `${loss}, ${name}`) }, survives);
  process.stdout.write(`${name} ${written}\n`);
}

await makeFolder(home, 0o700);
const { db } = await openDatabase({ home, url: undefined });
await write(db, 30);
moment("rows");

await db.execute(sql`create table notes (id int primary key, text text)`);
await db.execute(sql`insert into notes select n, repeat('x', 200) from generate_series(1, 20000) n`);
await db.execute(sql`checkpoint`);
await write(db, 5);
moment("checkpoint");

await db.execute(sql`vacuum full accounts`);
await db.execute(sql`truncate notes`);
await write(db, 5);
moment("rewritten table");

await db.execute(sql`begin`);
await db.execute(sql`insert into notes select n, repeat('y', 200) from generate_series(1, 20000) n`);
await db.execute(sql`checkpoint`);
moment("open transaction");
process.kill(process.pid, "SIGKILL");
