/** Runs functions, at most so many at a time, in the order in which they were given. */
export type Limiter = <Result>(run: () => Promise<Result>) => Promise<Result>;

/** @param most how many may run at a time */
export function createLimiter(most: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  const leave = () => {
    running--;
    waiting.shift()?.();
  };
  return async (run) => {
    // A function that is let in takes the place at once, before another call can see it free.
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await run();
    } finally {
      leave();
    }
  };
}
