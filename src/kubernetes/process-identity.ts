import { readFileSync } from "node:fs";

/**
 * What tells one process from every other, also from a later one that was given the same pid. Plain data: it can be
 * kept as JSON and compared after a restart of Sampan.
 */
export interface ProcessIdentity {
  pid: number;
  /** When the process started, in clock ticks since the machine booted (field 22 of `/proc/<pid>/stat`). */
  startTime: number;
  /** The kernel's id of this boot, since pid and ticks begin anew with each; absent where the kernel shows none. */
  bootId?: string;
}

/**
 * Reads the identity of a living process; undefined when there is none. A zombie counts as dead: it does no work any
 * more, only its parent has not noticed.
 *
 * @throws {Error} where this process cannot look, as without a free file descriptor (EMFILE): the other may well live.
 */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const { state, startTime } = parseProcessStat(stat);
  if (state === "Z" || state === "X") return undefined;
  const bootId = readText("/proc/sys/kernel/random/boot_id")?.trim();
  return bootId ? { pid, startTime, bootId } : { pid, startTime };
}

/**
 * Whether the process with this identity is still alive (and is not another one with the same pid).
 *
 * @throws {Error} as {@link processIdentity} does.
 */
export function isSameProcess(identity: ProcessIdentity): boolean {
  const living = processIdentity(identity.pid);
  if (living === undefined || living.startTime !== identity.startTime) return false;
  return identity.bootId === undefined || living.bootId === undefined || living.bootId === identity.bootId;
}

/**
 * Takes state and start time out of the text of `/proc/<pid>/stat` (proc_pid_stat(5)). The second field, the command's
 * name in parentheses, may itself hold spaces and parentheses, so fields are counted from the last one.
 */
export function parseProcessStat(stat: string): { state: string; startTime: number } {
  const [state = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTime = Number(rest[18]);
  if (!Number.isSafeInteger(startTime)) throw new Error(`This is not the text of a /proc/<pid>/stat file: ${stat}`);
  return { state, startTime };
}

/** What the kernel answers of a process that is gone, also between open and read (ESRCH), or that it does not show. */
const notShown: ReadonlySet<string | undefined> = new Set(["ENOENT", "ESRCH", "ENOTDIR", "EACCES", "EPERM"]);

/** Whether a file of /proc cannot be read because of the process that it tells of, and not for want of anything here. */
export function isNotShown(error: unknown): boolean {
  return notShown.has((error as NodeJS.ErrnoException).code);
}

/** A small file's text; undefined where the kernel does not show it. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isNotShown(error)) return undefined;
    throw error;
  }
}
