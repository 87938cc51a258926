import { killAll, processesIn } from "../../machine/processes.ts";

/** What has not ended by then cannot be ended (another user's process), in milliseconds. */
const patienceMs = 3_000;

/**
 * Kills every process that works inside a folder: a build whose Sampan was killed runs on without it. The folder must
 * be one of Sampan's own, where nobody else has a reason to be.
 */
export async function endProcessesIn(folder: string): Promise<void> {
  await killAll(() => processesIn(folder), patienceMs);
}
