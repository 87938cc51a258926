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
