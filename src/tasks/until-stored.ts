import { setTimeout as sleep } from "node:timers/promises";
import { StorageError } from "../storage/storage-error.ts";

/** Milliseconds before the first repetition; doubled each time, up to the limit. */
const firstPause = 500;
const longestPause = 30_000;

/**
 * Does work that can run twice, again and again while the database is away. Here rather than in the queue, whose own
 * word that a job failed would be lost in the same database, and the job with it for hours.
 * @param onError told each time
 * @throws what the work throws otherwise, or once the signal has fired
 */
export async function untilStored(
  work: () => Promise<void>,
  { signal, onError }: { signal: AbortSignal; onError: (error: StorageError) => void },
): Promise<void> {
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageError) || error.isRefusal || signal.aborted) throw error;
      onError(error);
    }
    await sleep(pause, undefined, { signal });
  }
}
