import { killAll, listPids, processesIn, processStat } from "../../src/machine/processes.ts";

/** What has not ended by then cannot be ended, in milliseconds. */
const patienceMs = 10_000;

/**
 * Kills processes with everything that they have started: their descendants, whatever shares a session with one of
 * them (a compiler whose make has gone), and what works in `folder` (a component whose Sampan has gone).
 *
 * @param leaders process ids of sessions' leaders, which may be gone already.
 * @throws {Error} where something cannot be ended.
 */
export async function killTree(leaders: readonly number[], folder: string): Promise<void> {
  const sessions = new Set(leaders);
  const left = await killAll(() => findTree(sessions, folder), patienceMs);
  if (left.length > 0) throw new Error(`Processes that the service started could not be ended: ${left.join(", ")}.`);
}

/** Adds the sessions that it finds to `sessions`, so that they are known after their leaders have gone. */
async function findTree(sessions: Set<number>, folder: string): Promise<number[]> {
  const entries = listProcesses();
  const tree = new Set(entries.filter(({ session }) => sessions.has(session)).map(({ pid }) => pid));
  for (let before = -1; before < tree.size; ) {
    before = tree.size;
    for (const { pid, parent, session } of entries) {
      if (!tree.has(parent) && !sessions.has(session)) continue;
      tree.add(pid);
      sessions.add(session);
    }
  }
  return [...new Set([...tree, ...(await processesIn(folder))])];
}

/** Every living process but this one. */
function listProcesses() {
  return listPids().flatMap((pid) => {
    const stat = pid === process.pid ? undefined : processStat(pid);
    return stat === undefined ? [] : [{ pid, ...stat }];
  });
}
