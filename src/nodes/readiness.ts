/** Waits until a set of names is ready, told of each change from outside. */
export interface ReadinessWaiters {
  /**
   * Resolves when all names are ready at the same moment.
   *
   * @throws the signal's reason, where it fires first.
   */
  wait(names: readonly string[], signal?: AbortSignal): Promise<void>;
  /** To be called whenever `name` may have become ready. */
  changed(name: string): void;
  /** Rejects every wait. */
  close(reason: Error): void;
}

interface Waiter {
  names: readonly string[];
  /** Names that have not been seen ready yet. */
  missing: Set<string>;
  settle(error?: unknown): void;
}

/** Makes the waiters. `isReady` looks a name up as it is now. */
export function createReadinessWaiters(isReady: (name: string) => boolean): ReadinessWaiters {
  const waiters = new Set<Waiter>();

  function check(waiter: Waiter) {
    if (waiter.missing.size > 0) return;
    // One that was ready earlier may not be any more.
    waiter.missing = new Set(waiter.names.filter((name) => !isReady(name)));
    if (waiter.missing.size === 0) waiter.settle();
  }

  return {
    async wait(names, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => waiter.settle(signal?.reason);
        const waiter: Waiter = {
          names,
          missing: new Set(),
          settle(error) {
            waiters.delete(waiter);
            signal?.removeEventListener("abort", onAbort);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        waiters.add(waiter);
        signal?.addEventListener("abort", onAbort, { once: true });
        check(waiter);
      });
    },
    changed(name) {
      for (const waiter of [...waiters]) {
        if (!waiter.missing.has(name) || !isReady(name)) continue;
        waiter.missing.delete(name);
        check(waiter);
      }
    },
    close(reason) {
      for (const waiter of [...waiters]) waiter.settle(reason);
    },
  };
}
