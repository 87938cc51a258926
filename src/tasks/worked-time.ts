/** How often the time worked is written, in milliseconds: a process that is killed loses at most that much of it. */
export const saveInterval = 5_000;

/** Measures how long a task is worked on, over all its runs, by a clock that nobody can set. */
export interface WorkedTime {
  /** Milliseconds so far. */
  read(): number;
  /** Ends the measuring and writes the sum. Never rejects. */
  stop(): Promise<void>;
}

/**
 * @param before milliseconds that earlier runs took
 * @param save writes the sum so far
 * @param onError told when it could not be written; the measuring goes on
 */
export function measureWorkedTime(
  before: number,
  save: (milliseconds: number) => Promise<void>,
  onError: (error: unknown) => void,
): WorkedTime {
  const begunAt = performance.now();
  const read = () => Math.round(before + performance.now() - begunAt);
  const write = () => save(read()).catch(onError);
  const timer = setInterval(write, saveInterval);
  return {
    read,
    stop() {
      clearInterval(timer);
      return write();
    },
  };
}
