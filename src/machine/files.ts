import { randomBytes } from "node:crypto";
import { chmod, constants, copyFile, link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

/** How a file is written. */
export interface WriteOptions {
  /** Access of the new file, e.g. 0o600; the file never exists with more. */
  mode: number;
  /** Waits for the disk, so that content and name outlive a loss of power. Costs milliseconds. */
  durable?: boolean;
}

/** Writes a file so that every reader sees either the old content or the new, whole. */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  { mode, durable }: WriteOptions,
): Promise<void> {
  const draft = await writeDraft(path, content, mode, durable === true);
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  if (durable) await flush(dirname(path));
}

/** Writes a file (mode 0600) that must appear whole or not at all, and keeps the one that is there; either outlives a loss of power. */
export async function writeOnce(path: string, content: string): Promise<void> {
  const draft = await writeDraft(path, content, 0o600, true);
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  // Also where the file is there: who wrote it may have been killed before this line.
  await flush(dirname(path));
}

/** Writes the content under a name of its own beside the file, to be put into place as a whole. */
async function writeDraft(path: string, content: string | Uint8Array, mode: number, durable: boolean): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(draft, "wx", mode);
    try {
      await file.writeFile(content);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return draft;
}

/** A file's text; undefined where there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Brings a file's content, or a folder's list of names, to the disk, so that it outlives a loss of power. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and what is missing of those above it; the names of all outlive a loss of power. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = resolve(path); made.length >= first.length; made = dirname(made)) await flush(dirname(made));
}

/** Files that are flushed or copied together: a disk takes many requests in the time of one. */
const together = 64;

/** Brings a folder with all that is in it to the disk; its own name is its parent's, which is left to the caller. */
export async function flushTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  paths.push(folder);
  while (paths.length > 0) await Promise.all(paths.splice(0, together).map(flush));
}

/**
 * Copies a folder with all that is in it to a place where nothing is; without waiting for the disk.
 * @throws the signal's reason when it fires meanwhile
 */
export async function copyTree(from: string, to: string, signal?: AbortSignal): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const places = entries.map((entry) => {
    const source = join(entry.parentPath, entry.name);
    return { entry, source, target: join(to, relative(from, source)) };
  });
  for (const { target } of places.filter(({ entry }) => entry.isDirectory()))
    await mkdir(target, { recursive: true, mode: 0o700 });
  const files = places.filter(({ entry }) => entry.isFile());
  while (files.length > 0) {
    signal?.throwIfAborted();
    // A file system that can shares the blocks until one of the two changes.
    await Promise.all(
      files.splice(0, together).map(({ source, target }) => copyFile(source, target, constants.COPYFILE_FICLONE)),
    );
  }
}

/** A process that is just ending may still make a file in a folder that is being emptied: then once more. */
const removal = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };

/**
 * Removes a file, or a folder with all that is in it; does nothing where there is none. Folders without write
 * permission, which Go makes for its caches, are given it first.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, removal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Nothing can be below a path that is a file itself.
    if (code === "ENOTDIR") return;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    await makeWritable(path);
    await rm(path, removal);
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}
