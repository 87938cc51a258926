import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { listPids } from "../../../machine/processes.ts";

/** How much of something this user may have, and has. */
export interface Supply {
  limit: number;
  used: number;
}

/** What this machine has only so much of. Tests replace it: nobody's limits are changed for them. */
export interface Supplies {
  /** The user's inotify instances; undefined where the kernel tells no limit. */
  inotifyInstances(): Promise<Supply | undefined>;
}

/** What the kernel tells of this machine. */
export const machineSupplies: Supplies = {
  async inotifyInstances() {
    const limit = numberIn("/proc/sys/fs/inotify/max_user_instances");
    return limit === undefined ? undefined : { limit, used: await countInotifyInstances() };
  },
};

/**
 * Makes sure that inotify instances are left for processes that are to be started: where there are none, one of them would
 * end with "too many open files", in the middle of a creation.
 *
 * @param needed How many of them the processes take.
 * @throws {Error} with the setting to raise.
 */
export async function requireInotifyInstances(supplies: Supplies, needed: number): Promise<void> {
  if (needed === 0) return;
  const supply = await supplies.inotifyInstances();
  if (supply === undefined || supply.used + needed <= supply.limit) return;
  const { limit, used } = supply;
  throw new Error(
    `The control plane needs ${needed} more inotify instances, and this user has ${used} of the ${limit} that one may have. ` +
      `Raise the limit with "sysctl fs.inotify.max_user_instances=${enough(limit)}" (and in /etc/sysctl.d, for the next boot), or delete a cluster.`,
  );
}

/** Enough for the next hundreds of control planes: the kernel asks for memory only when an instance is made. */
function enough(limit: number): number {
  return Math.max(8192, limit * 2);
}

/** Instances that processes of this user hold, as far as they can be seen. */
async function countInotifyInstances(): Promise<number> {
  const user = process.getuid?.();
  let count = 0;
  for (const pid of listPids()) {
    count += countOf(pid, user);
    // A hundred clusters have tens of thousands of open files: other work goes on in between.
    await nextTurn();
  }
  return count;
}

/** Zero for another user's process and for one that has ended. */
function countOf(pid: number, user: number | undefined): number {
  const folder = `/proc/${pid}/fd`;
  try {
    if (statSync(`/proc/${pid}`).uid !== user) return 0;
    return readdirSync(folder).filter((descriptor) => isInotify(`${folder}/${descriptor}`)).length;
  } catch {
    return 0;
  }
}

function isInotify(path: string): boolean {
  try {
    return readlinkSync(path) === "anon_inode:inotify";
  } catch {
    return false;
  }
}

function numberIn(path: string): number | undefined {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
