/** The pause before the first further try, and the least one. */
const shortestMs = 100;
/** The longest pause: a restarted API server is noticed within this time. */
const longestMs = 5_000;

/**
 * How long to wait before trying again what has failed for `failingMs` milliseconds already: a fiftieth of that time,
 * so a short outage is noticed at once (100 ms) and a long one costs little (5 s), spread by a fifth either way so
 * that many waiters do not come at the same moment.
 *
 * @param random a number from 0 to 1, 1 excluded.
 */
export function retryDelay(failingMs: number, random = Math.random()): number {
  const pause = Math.min(Math.max(failingMs / 50, shortestMs), longestMs);
  return pause * (0.8 + 0.4 * random);
}
