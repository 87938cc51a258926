import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";

/** How a file is written. */
export interface WriteOptions {
  /** Access of the new file, e.g. 0o600; the file never exists with more. */
  mode: number;
  /** Waits for the disk, so that the content outlives a loss of power. Costs milliseconds. */
  durable?: boolean;
}

/** Writes a file so that every reader sees either the old content or the new, whole. */
export async function writeFileAtomically(
  path: string,
  content: string,
  { mode, durable }: WriteOptions,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
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

/** Removes a file or a folder with everything in it; does nothing where there is none. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    // Nothing can be below a path that is a file itself.
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error;
  }
}
