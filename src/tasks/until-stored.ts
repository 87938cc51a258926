import { setTimeout as sleep } from "node:timers/promises";
import { StorageError } from "../storage/storage-error.ts";
import { type BackOff, pausesOf } from "./back-off.ts";

/** A database that restarts is back within seconds; one that is away for hours must not be asked all the time. */
const backOff: BackOff = { first: 500, longest: 30_000 };

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
  for (const pause of pausesOf(backOff)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageError) || error.isRefusal || signal.aborted) throw error;
      onError(error);
    }
    await sleep(pause, undefined, { signal });
  }
}
