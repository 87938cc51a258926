import { readdirSync, readFileSync } from "node:fs";
import { readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

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
  const stat = processStat(pid);
  if (stat === undefined) return undefined;
  const { startTime } = stat;
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

/** What `/proc/<pid>/stat` tells of a process. */
export interface ProcessStat {
  /** One letter; `Z` is a zombie, which only waits for its parent to notice, and `X` one that is just gone. */
  state: string;
  parent: number;
  /** The process id of its session's leader, which may have ended. */
  session: number;
  /** In clock ticks since the machine booted. */
  startTime: number;
}

/**
 * Reads the text of `/proc/<pid>/stat` (proc_pid_stat(5)). The second field, the command's name in parentheses, may
 * itself hold spaces and parentheses, so fields are counted from the last one.
 *
 * @throws {Error} for any other text
 */
export function parseProcessStat(stat: string): ProcessStat {
  const [state = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [parent, , session] = rest.map(Number);
  const startTime = Number(rest[18]);
  if (parent === undefined || session === undefined || !Number.isSafeInteger(startTime))
    throw new Error(`This is not the text of a /proc/<pid>/stat file: ${stat}`);
  return { state, parent, session, startTime };
}

/** What the kernel tells of a living process; undefined where there is none, a zombie being none. */
export function processStat(pid: number): ProcessStat | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const stat = parseProcessStat(text);
  return stat.state === "Z" || stat.state === "X" ? undefined : stat;
}

/** The ids of all processes that this one can see, zombies too. */
export function listPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The ids of this machine's processes, but for this one, that work in a folder or below it, even where it was removed. */
export async function processesIn(folder: string): Promise<number[]> {
  const inside = listPids().map(async (pid) => {
    const works = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    // So the kernel writes of a folder that was removed.
    return `${works.replace(/ \(deleted\)$/, "")}/`.startsWith(`${folder}/`) && pid !== process.pid ? pid : undefined;
  });
  return (await Promise.all(inside)).filter((pid) => pid !== undefined);
}

/** Pause between two looks for processes that were killed, in milliseconds. */
const lookMs = 50;

/**
 * Kills (SIGKILL) what `find` finds, again and again until it finds none: what was started between a look and the kill is
 * found by the next look.
 *
 * @param patienceMs after that time what still runs cannot be ended, as another user's process
 * @returns what still runs
 */
export async function killAll(find: () => Promise<number[]>, patienceMs: number): Promise<number[]> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const found = await find();
    if (found.length === 0 || performance.now() > giveUpAt) return found;
    for (const pid of found) kill(pid);
    await sleep(lookMs);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself, or it is another user's: the next look tells.
  }
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
