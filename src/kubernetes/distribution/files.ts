import { chmod, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Brings a file's content, or a folder's list of names, to the disk, so that it outlives a power cut. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A process that is just ending may still make a file in a folder that is being emptied: then once more. */
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };

/**
 * Removes a folder with all that is in it; nothing where there is none. Folders without write permission, which Go
 * makes for its caches, are given it first.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, REMOVE);
  } catch (error) {
    if (!isPermissionError(error)) throw error;
    await makeWritable(path);
    await rm(path, REMOVE);
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}

function isPermissionError(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
}
