import { readdir, writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * How much a booting control plane gives way to everything else: it keeps every core busy for seconds. With five of
 * them booting on 2 busy cores, a request to this process took 2.3 times as long as otherwise, and 1.7 times with 3;
 * with 10 it took no longer, but a control plane that booted beside a compiler needed minutes.
 */
const bootingNiceness = 3;
const normal = 0;

/** Without root's rights the kernel takes one change of a session's niceness in 100 ms, for all sessions together. */
const triesLimit = 20;
const retryMs = 110;

/**
 * Makes a process give way to others while it boots, or ends that, so that Sampan's API stays quick meanwhile. A help
 * and no more: what the machine forbids is left as it is. Never rejects.
 */
export async function setBooting(pid: number, booting: boolean): Promise<void> {
  const niceness = booting ? bootingNiceness : normal;
  // Without root's rights a thread's niceness can only be raised, for good: then it is better left alone.
  if (process.getuid?.() === 0) await setThreadNiceness(pid, niceness);
  await setSessionNiceness(pid, niceness);
}

/** Niceness belongs to threads; a new thread takes over that of the one which starts it. */
async function setThreadNiceness(pid: number, niceness: number): Promise<void> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  for (const thread of threads) {
    try {
      setPriority(Number(thread), niceness);
    } catch {
      // The thread has ended, or a container forbids it.
    }
  }
}

/**
 * Where the kernel groups tasks by session (`sched_autogroup`), a component is a group of its own, and the niceness of
 * its threads does not count outside of the group: the group's does.
 */
async function setSessionNiceness(pid: number, niceness: number): Promise<void> {
  for (let tries = 0; tries < triesLimit; tries++) {
    try {
      return await writeFile(`/proc/${pid}/autogroup`, String(niceness));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      await sleep(retryMs * (1 + Math.random()));
    }
  }
}
