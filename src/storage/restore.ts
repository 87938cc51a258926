import { existsSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { flush, flushTree, removeTree } from "../machine/files.ts";
import { type Copy, momentName } from "./copies.ts";

/** The names beside a database's folder while a copy is taken back. */
const placesOf = (database: string) => ({
  /** Being unpacked. */
  draft: `${database}.restoring`,
  /** Unpacked, opened, on the disk: to become the database. */
  ready: `${database}.restored`,
});

/**
 * Takes a copy back in place of a database that no process has open. The copy is unpacked and opened first, so that one
 * that is damaged changes nothing. Killed at whatever line, it can be run again; where it was killed between the two
 * renames, {@link settleRestore} does the second.
 * @param database the database's folder; there may be none
 * @returns where the database is that was replaced; undefined where there was none
 * @throws {Error} where the copy cannot be read
 */
export async function restoreCopy(database: string, copy: Copy, now: Date): Promise<string | undefined> {
  await settleRestore(database);
  const { draft, ready } = placesOf(database);
  await unpack(copy, draft);
  await rename(draft, ready);
  await flush(dirname(database));
  const replaced = existsSync(database) ? `${database}.replaced-${momentName(now)}` : undefined;
  if (replaced !== undefined) await rename(database, replaced);
  await rename(ready, database);
  await flush(dirname(database));
  return replaced;
}

async function unpack({ name, file }: Copy, draft: string): Promise<void> {
  try {
    // PGlite's own unzipping of a truncated archive leaves a rejection that nobody can handle.
    const archive = new Blob([await promisify(gunzip)(await readFile(file))], { type: "application/x-tar" });
    const pglite = await PGlite.create({ dataDir: draft, loadDataDir: archive });
    await pglite.close();
  } catch (error) {
    await removeTree(draft);
    throw new Error(
      `The copy ${name} (${file}) cannot be read: ${(error as Error).message}. Nothing was changed; take another.`,
      { cause: error },
    );
  }
  await flushTree(draft);
}

/** Finishes a restore that was killed where the database had been moved away, and clears away one that had not come so far. */
export async function settleRestore(database: string): Promise<void> {
  const { draft, ready } = placesOf(database);
  await removeTree(draft);
  if (!existsSync(ready)) return;
  if (existsSync(database)) return removeTree(ready);
  await rename(ready, database);
  await flush(dirname(database));
}
