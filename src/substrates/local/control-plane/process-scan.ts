import { readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isNotShown, listPids, type ProcessIdentity, processIdentity } from "../../../machine/processes.ts";

/**
 * Environment variable that every component is started with. Its value is the path of the cluster's folder, a slash
 * and the component's name, and so it tells for sure whose process that is.
 */
export const marker = "SAMPAN_COMPONENT";

/** A component's process that runs now. */
export interface FoundProcess {
  /** The component's name, e.g. `etcd`. */
  component: string;
  identity: ProcessIdentity;
}

/**
 * Finds the components of one cluster among all processes of this machine. Sampan can be killed between the start of a
 * component and the writing of its pid file; the environment that the process carries cannot be lost.
 *
 * @param folder Absolute path of the cluster's folder.
 * @throws {Error} where not every process can be looked at for want of file descriptors: one that is not found then may
 *   run all the same.
 */
export async function scanProcesses(folder: string): Promise<FoundProcess[]> {
  const pids = listPids();
  const found: FoundProcess[] = [];
  while (pids.length > 0) {
    const some = pids.splice(0, atOnce).map((pid) => lookAt(pid, `${marker}=${folder}/`));
    found.push(...(await Promise.all(some)).filter((process) => process !== undefined));
  }
  return found;
}

/** Processes looked at together: each has a file open meanwhile, and a machine may run thousands. */
const atOnce = 64;

async function lookAt(pid: number, prefix: string): Promise<FoundProcess | undefined> {
  // Taken first: whatever has this identity later is the process whose environment is read now.
  const identity = processIdentity(pid);
  if (identity === undefined) return undefined;
  const variable = (await environmentOf(pid)).find((entry) => entry.startsWith(prefix));
  return variable === undefined ? undefined : { component: variable.slice(prefix.length), identity };
}

/** A process that is just replacing its program shows no environment for some microseconds: it is looked at again. */
const emptyTries = 10;
const emptyPauseMs = 3;

/** The environment that a process was started with; empty for other users' processes and those that have ended. */
async function environmentOf(pid: number): Promise<string[]> {
  for (let tries = 1; ; tries++) {
    const text = await readFile(`/proc/${pid}/environ`, "utf8").catch(emptyWhereNotShown);
    if (text !== "" || tries === emptyTries || !(await hasProgram(pid))) return text.split("\0");
    await sleep(emptyPauseMs);
  }
}

/** Whether it is a living program of this user, and not a thread of the kernel, a zombie, or another's process. */
async function hasProgram(pid: number): Promise<boolean> {
  return (await readlink(`/proc/${pid}/exe`).catch(emptyWhereNotShown)) !== "";
}

function emptyWhereNotShown(error: unknown): string {
  if (isNotShown(error)) return "";
  throw error;
}
