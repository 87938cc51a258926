import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * The longest time for which the event loop was held while something went on, in milliseconds of this thread's processor time:
 * what other programs and threads do at the same time does not count, and neither does waiting.
 */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let measuring = true;
  let last = process.threadCpuUsage();
  const measureTurn = () => {
    const { user, system } = process.threadCpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.threadCpuUsage();
    if (measuring) setImmediate(measureTurn);
  };
  setImmediate(measureTurn);
  await nextTurn();
  try {
    await work();
    await nextTurn();
  } finally {
    measuring = false;
  }
  return longest;
}

/** How often work is done that seems to hold the loop for too long. */
const attempts = 6;

/**
 * The longest hold of the same work, done again while that is above a bound. What holds the loop does so every time; a garbage
 * collection, or code that is compiled at its first uses, does not.
 */
export async function steadyHold(bound: number, work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts && least > bound; attempt++)
    least = Math.min(least, await longestHold(work));
  return least;
}
