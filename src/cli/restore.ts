import { Command } from "commander";
import type { Config } from "../config.ts";
import { type Copy, copiesFolder, listCopies } from "../storage/copies.ts";
import { databaseFolder, takeHome } from "../storage/home.ts";

/**
 * The command `sampan restore`: lists the copies of the database, or takes one back.
 *
 * @param settings read when the command runs
 */
export function restoreCommand(
  settings: () => Config,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Command {
  return new Command("restore")
    .description("take a copy of the database back, or show which there are")
    .argument("[copy]", "name of a copy; without it, they are listed")
    .option("--latest", "take the newest")
    .action(async (name: string | undefined, { latest = false }: { latest?: boolean }) => {
      const { home, databaseUrl } = settings();
      if (databaseUrl !== undefined)
        throw new Error(
          "SAMPAN_DATABASE_URL names a PostgreSQL server: its copies are its operator's to take and to restore.",
        );
      const copies = await listCopies(home);
      if (name === undefined && !latest) return write(listText(home, copies));
      await restore(home, chosen(home, copies, name), write);
    });
}

/** @throws {Error} where there is no such copy. */
function chosen(home: string, copies: readonly Copy[], name: string | undefined): Copy {
  const copy = name === undefined ? copies[0] : copies.find((one) => one.name === name);
  if (copy !== undefined) return copy;
  if (copies.length === 0) throw new Error(`${copiesFolder(home)} holds no copy.`);
  throw new Error(
    `${copiesFolder(home)} holds no copy ${name}; there are ${copies.map((one) => one.name).join(", ")}.`,
  );
}

async function restore(folder: string, copy: Copy, write: (text: string) => void): Promise<void> {
  // Loaded here, so that the other commands start without PostgreSQL.
  const { restoreCopy } = await import("../storage/restore.ts");
  const home = await takeHome(folder);
  try {
    const replaced = await restoreCopy(databaseFolder(home.path), copy, new Date());
    write(`The database is as it was at ${copy.takenAt.toISOString()}.\n`);
    if (replaced !== undefined) write(`What it replaced is in ${replaced}; remove that when it is not needed.\n`);
  } finally {
    await home.release();
  }
}

function listText(home: string, copies: readonly Copy[]): string {
  if (copies.length === 0)
    return `${copiesFolder(home)} holds no copy yet: one is made each day and before each migration.\n`;
  const names = copies.map(({ name }) => `${name}\n`).join("");
  return `${names}Take one back with: sampan restore <copy>, or the newest with: sampan restore --latest\n`;
}
