/** Lets work start until Sampan stops, and knows what is under way then. */
export interface StartGate {
  /** Fires when the gate closes. */
  readonly signal: AbortSignal;
  /**
   * Runs the work.
   * @throws {Error} where the gate is closed.
   */
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Closes the gate; returns once nothing that went through is under way any more. */
  close(): Promise<void>;
}

/** Makes an open gate. */
export function createStartGate(): StartGate {
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  return {
    signal: closing.signal,
    async pass(work) {
      closing.signal.throwIfAborted();
      const started = work();
      underWay.add(started);
      try {
        return await started;
      } finally {
        underWay.delete(started);
      }
    },
    async close() {
      closing.abort(new Error("Sampan is stopping: nothing is started any more."));
      await Promise.allSettled(underWay);
    },
  };
}
