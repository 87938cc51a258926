import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A process as `/proc/<pid>/stat` tells of it. */
interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
}

const pauseMs = 50;

/** After this many looks what still runs cannot be ended, in about ten seconds. */
const looks = 200;

/**
 * Kills processes with everything that they have started: their descendants, whatever shares a session with one of
 * them (a compiler whose make has gone), and what works in `folder` (a component whose Sampan has gone).
 *
 * @param leaders process ids of sessions' leaders, which may be gone already.
 * @throws {Error} where something cannot be ended.
 */
export async function killTree(leaders: readonly number[], folder: string): Promise<void> {
  const sessions = new Set(leaders);
  for (let look = 0; look < looks; look++) {
    const found = await findTree(sessions, folder);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    // What was started between look and kill is found by the next look.
    await sleep(pauseMs);
  }
  throw new Error(
    `Processes that the service started could not be ended: ${(await findTree(sessions, folder)).join(", ")}.`,
  );
}

/** Adds the sessions that it finds to `sessions`, so that they are known after their leaders have gone. */
async function findTree(sessions: Set<number>, folder: string): Promise<number[]> {
  const entries = (await listProcesses()).filter(({ pid }) => pid !== process.pid);
  const tree = new Set(entries.filter(({ session }) => sessions.has(session)).map(({ pid }) => pid));
  for (let before = -1; before < tree.size; ) {
    before = tree.size;
    for (const { pid, parent, session } of entries) {
      if (!tree.has(parent) && !sessions.has(session)) continue;
      tree.add(pid);
      sessions.add(session);
    }
  }
  for (const { pid } of entries) if (!tree.has(pid) && (await worksIn(pid, folder))) tree.add(pid);
  return [...tree];
}

async function listProcesses(): Promise<ProcessEntry[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const entries = await Promise.all(pids.map(readEntry));
  return entries.filter((entry) => entry !== undefined);
}

async function readEntry(pid: number): Promise<ProcessEntry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat === undefined) return undefined;
  // The second field, the command's name in brackets, may hold spaces.
  const [state, parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined;
  return { pid, parent: Number(parent), session: Number(session) };
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
  return `${cwd}/`.startsWith(`${folder}/`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
