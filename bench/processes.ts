import { readFile } from "node:fs/promises";
import { listPids } from "../src/machine/processes.ts";

/** Bytes of memory that a process has. */
export interface Memory {
  /** Resident, pages that it shares with other processes included (`VmRSS`). */
  resident: number;
  /** Resident, each shared page by its share (`Pss`). */
  proportional: number;
}

/** @throws {Error} where the process has ended. */
export async function memoryOf(pid: number): Promise<Memory> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(rollup)?.[1]) * 1024;
  return { resident: bytes("Rss"), proportional: bytes("Pss") };
}

/** The kernel tells processor time in hundredths of a second, whatever the machine (proc_pid_stat(5)). */
const ticksPerSecond = 100;

/** Seconds of processor time that a process has taken in all its threads, its children apart. */
export async function processorSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The second field, the command's name in brackets, may hold spaces; utime and stime are the 14th and 15th.
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) / ticksPerSecond;
}

/** The processes that a process has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean).map(Number);
}

/** Command lines of the processes that work in a folder, by process id. */
export async function commandsIn(folder: string): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const pid of listPids()) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (!environment.includes(`SAMPAN_COMPONENT=${folder}/`)) continue;
    const [executable = "", ...args] = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0").slice(0, -1);
    found.set(pid, [executable.split("/").at(-1) ?? "", ...args]);
  }
  return found;
}
