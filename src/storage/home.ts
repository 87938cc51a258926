import { randomBytes } from "node:crypto";
import { chmod, readFile, realpath } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder, writeOnce } from "../machine/files.ts";
import { type FileSystemJudge, isHeld, type LockRefusal, tryLock } from "../machine/lock.ts";

/** The home folder while this process has it to itself. */
export interface Home {
  /** Absolute path, symbolic links resolved. */
  readonly path: string;
  /** 32 hexadecimal digits, made once: what a shared database knows this home by. */
  readonly id: string;
  /** Lets another process have it. */
  release(): Promise<void>;
}

/** Folder of the embedded database in a home. */
export const databaseFolder = (home: string): string => join(home, "database");

/** Thrown when another process serves the same home folder. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
}

/**
 * Makes the home folder where it is missing (mode 0700) and takes it for this process alone, whichever container, network
 * or PID namespace it runs in. No `kill -9` leaves a lock behind.
 * @param isOneMachines as {@link tryLock} has it
 * @throws {HomeInUseError} when another process has it, or one of another machine may have it.
 */
export async function takeHome(folder: string, isOneMachines?: FileSystemJudge): Promise<Home> {
  await makeFolder(folder, 0o700);
  await chmod(folder, 0o700);
  const path = await realpath(folder);
  const lockFolder = join(path, "lock");
  const lock = await tryLock(lockFolder, isOneMachines);
  if (!isHeld(lock)) throw new HomeInUseError(inUse(path, lockFolder, lock));
  try {
    return { path, id: await homeId(path), release: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function inUse(path: string, lockFolder: string, { holder, unknown }: LockRefusal): string {
  const { pid, host } = holder;
  if (unknown)
    return (
      `${path} is in use by a Sampan on another machine (process ${pid} on ${host}), or was when that machine went down, which ` +
      `cannot be told from here. Stop that one, or set SAMPAN_HOME to another folder. If it runs no longer, remove ${lockFolder}.`
    );
  const where = host === hostname() ? "" : ` on ${host}`;
  return `${path} is in use by another Sampan (process ${pid}${where}); stop that one, or set SAMPAN_HOME to another folder.`;
}

async function homeId(path: string): Promise<string> {
  const file = join(path, "id");
  await writeOnce(file, `${randomBytes(16).toString("hex")}\n`);
  const id = (await readFile(file, "utf8")).trim();
  if (!/^[0-9a-f]{32}$/.test(id))
    throw new Error(
      `${file} does not hold 32 hexadecimal digits; put the right file back, or start with an empty SAMPAN_HOME.`,
    );
  return id;
}
