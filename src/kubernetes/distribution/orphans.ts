import { readdir, readlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const pauseMs = 50;

/** After this many looks what still runs cannot be ended (another user's process), in at most some seconds. */
const looks = 60;

/**
 * Kills every process that works inside a folder: a build whose Sampan was killed runs on without it. The folder must
 * be one of Sampan's own, where nobody else has a reason to be.
 */
export async function endProcessesIn(folder: string): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    const pids = await processesIn(folder);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    // What was started between look and kill is found by the next look.
    await delay(pauseMs);
  }
}

/** Processes whose working directory is the folder or below it (also where it was removed under their feet). */
async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const inside = pids.map(async (pid) => {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    return `${cwd}/`.startsWith(`${folder}/`) && pid !== process.pid ? pid : undefined;
  });
  return (await Promise.all(inside)).filter((pid) => pid !== undefined);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
