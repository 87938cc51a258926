import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { openDatabase } from "../src/storage/database.ts";
import { openDurably } from "../src/storage/durable-files.ts";
import type { MeasureOptions } from "./creation.ts";
import { median, type Row } from "./report.ts";

/** Acknowledged writes of each round. */
const writes = 200;

/**
 * What it costs that an acknowledged write is on the disk: transactions of one row, one after the other, in the embedded
 * database as Sampan opens it and as it would be without fsync, in turns in one run.
 */
export async function measureDurability({ rounds, signal, note }: MeasureOptions): Promise<Row[]> {
  const home = await mkdtemp(join(tmpdir(), "sampan-bench-"));
  try {
    await (await openDatabase({ home, url: undefined })).close();
    const folder = join(home, "database");
    const durable: number[] = [];
    const relaxed: number[] = [];
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted();
      durable.push(await writesPerSecond(await openDurably(folder)));
      relaxed.push(await writesPerSecond(await PGlite.create({ dataDir: folder })));
      note(`round ${round + 1}: ${durable.at(-1)?.toFixed(0)} writes/s, ${relaxed.at(-1)?.toFixed(0)} without fsync`);
    }
    return [
      { what: "acknowledged writes, without fsync", value: median(relaxed), unit: "/s", samples: relaxed },
      { what: "acknowledged writes", value: median(durable), unit: "/s", samples: durable },
      { what: "a write, against one without fsync", value: median(relaxed) / median(durable), unit: "×" },
    ];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function writesPerSecond(database: PGlite): Promise<number> {
  try {
    await database.exec("create table if not exists bench (id serial primary key, text text)");
    const start = performance.now();
    for (let count = 0; count < writes; count++)
      await database.query("insert into bench (text) values ($1)", ["x".repeat(500)]);
    return (writes * 1000) / (performance.now() - start);
  } finally {
    await database.close();
  }
}
