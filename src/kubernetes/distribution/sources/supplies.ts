import { readFile, statfs } from "node:fs/promises";
import { type InstallProgress, SourceUnavailableError } from "../distribution.ts";
import type { SourceCosts } from "./source.ts";

/**
 * Says what a build will take, and makes sure that it is there.
 * @param folder on the file system that is built on
 * @throws {SourceUnavailableError} where disk or memory are too small, with what there is
 */
export async function requireSupplies(
  { minutes, disk, memory }: SourceCosts,
  folder: string,
  { report }: Pick<InstallProgress, "report">,
): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = { disk: bavail * bsize, memory: await availableMemory() };
  report(
    `This takes about ${minutes} min on two cores, up to ${gigabytes(disk)} GB of disk (${gigabytes(free.disk)} GB are free) ` +
      `and ${gigabytes(memory)} GB of memory (${gigabytes(free.memory)} GB are free)`,
  );
  if (free.disk < disk)
    throw new SourceUnavailableError(
      `building needs ${gigabytes(disk)} GB of free disk and ${folder} has ${gigabytes(free.disk)} GB; make room or choose another folder with SAMPAN_DISTRIBUTION_DIR`,
    );
  if (free.memory < memory)
    throw new SourceUnavailableError(
      `building needs ${gigabytes(memory)} GB of free memory and this machine has ${gigabytes(free.memory)} GB; end something that takes much of it`,
    );
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/** What programs can still take without swapping (`MemAvailable`, proc(5)), in bytes. */
async function availableMemory(): Promise<number> {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
  return kilobytes === undefined ? Number.POSITIVE_INFINITY : Number(kilobytes) * 1024;
}
