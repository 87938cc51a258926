/**
 * Runs functions, at most so many at a time, in the order in which they were given.
 * @throws the reason of the signal where it fires before the function's turn
 */
export type Limiter = <Result>(run: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

/**
 * @param most how many may run at a time
 * @param patience milliseconds after which one that still runs no longer counts, so that it does not keep others waiting
 */
export function createLimiter(most: number, patience?: number): Limiter {
  const waiting = new Set<() => void>();
  let running = 0;
  const leave = () => {
    const [next] = waiting;
    // The place is handed on: nobody who comes in between can take it.
    if (next) next();
    else running--;
  };
  const untilTurn = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const enter = () => {
        waiting.delete(enter);
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.delete(enter);
        reject(signal?.reason);
      };
      waiting.add(enter);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  return async (run, signal) => {
    signal?.throwIfAborted();
    if (running >= most) await untilTurn(signal);
    else running++;
    let hasLeft = false;
    const leaveOnce = () => {
      if (!hasLeft) leave();
      hasLeft = true;
    };
    const timer = patience === undefined ? undefined : setTimeout(leaveOnce, patience);
    try {
      return await run();
    } finally {
      clearTimeout(timer);
      leaveOnce();
    }
  };
}
