import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execaNode } from "execa";
import { copyTree, makeFolder, removeTree } from "../machine/files.ts";
import type { Embedded } from "./embedded.ts";
import { databaseFolder } from "./home.ts";

/** A copy of the embedded database, as it was at one moment. */
export interface Copy {
  /** The moment, in UTC, as in `2026-11-28T23-54-14Z`. */
  name: string;
  /** Absolute path of the compressed tar archive. */
  file: string;
  takenAt: Date;
}

const day = 24 * 60 * 60_000;

/** How long a copy is kept, in milliseconds; the newest is always kept. */
const keptFor = 7 * day;

const suffix = ".tar.gz";
/** Folders of copies under way, and what a killed process left of one. */
const draftPrefix = ".draft-";

/** Folder of the copies in a home. */
export const copiesFolder = (home: string): string => join(home, "copies");

/** A home's copies, the newest first; none where there is no folder of copies. */
export async function listCopies(home: string): Promise<Copy[]> {
  const folder = copiesFolder(home);
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const copies = files.map((file) => copyOf(folder, file)).filter((copy) => copy !== undefined);
  return copies.sort((one, other) => other.takenAt.getTime() - one.takenAt.getTime());
}

/** A copy by its file's name; undefined for a file that is none. */
function copyOf(folder: string, file: string): Copy | undefined {
  const [, name = "", date, hour, minute, second] =
    /^((\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z)\.tar\.gz$/.exec(file) ?? [];
  const takenAt = new Date(`${date}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(takenAt.getTime()) ? undefined : { name, file: join(folder, file), takenAt };
}

/** The name of what is made at a moment, which may be part of a path. */
export const momentName = (moment: Date): string =>
  moment
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");

/**
 * Whether no copy is of the last day. Where there is none the database's own age counts: a new one holds little. A copy of
 * the future, as a clock leaves it that was set back, does not count for those that are made after it.
 */
export async function isCopyDue(home: string, now: Date): Promise<boolean> {
  const copies = await listCopies(home);
  const moments = copies.map(({ takenAt }) => takenAt);
  if (copies.length === 0) moments.push((await stat(join(databaseFolder(home), "PG_VERSION"))).birthtime);
  return moments.every((moment) => Math.abs(now.getTime() - moment.getTime()) > day);
}

/**
 * Copies an open embedded database, and removes copies that are older than a week. Queries wait while its files are
 * copied as they are, about a second; a process of its own then opens that, so that a copy is known to be good, and
 * packs it. A copy appears whole or not at all, with mode 0600.
 * @param exclusively keeps the database's files as they are meanwhile
 * @param signal gives up; nothing is left then
 */
export async function takeCopy(
  home: string,
  exclusively: Embedded["exclusively"],
  now: Date,
  signal?: AbortSignal,
): Promise<Copy> {
  const folder = copiesFolder(home);
  const name = momentName(now);
  const file = join(folder, `${name}${suffix}`);
  await makeFolder(folder, 0o700);
  await removeDrafts(folder);
  const draft = join(folder, `${draftPrefix}${name}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await exclusively(() => copyTree(databaseFolder(home), join(draft, "database"), signal));
    const script = fileURLToPath(new URL("./pack-copy.ts", import.meta.url));
    await execaNode(script, [join(draft, "database"), file], { env: {}, extendEnv: false, cancelSignal: signal });
  } finally {
    await removeTree(draft);
  }
  await removeOld(home, now);
  return { name, file, takenAt: now };
}

/** Only one process has the home, and it takes one copy at a time: what is there was left. */
async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(draftPrefix) || name.endsWith(".tmp")) await removeTree(join(folder, name));
}

async function removeOld(home: string, now: Date): Promise<void> {
  const [, ...older] = await listCopies(home);
  for (const { file, takenAt } of older) if (now.getTime() - takenAt.getTime() > keptFor) await rm(file);
}
