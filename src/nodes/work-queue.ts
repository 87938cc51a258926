import { retryDelay } from "./backoff.ts";

/** Work to be done for keys, e.g. names of objects that may have changed. */
export interface WorkQueue {
  /** Asks for the work on `key` now. Asked again before the work begins, it is done once; while it runs, once more. */
  add(key: string): void;
  /** Asks for the work on `key` in `milliseconds`, if nobody asks earlier. */
  addAfter(key: string, milliseconds: number): void;
  /** Takes back what is waiting for `key`. */
  forget(key: string): void;
  /** Starts no more work and resolves when none runs. */
  close(): Promise<void>;
}

/** What a queue does with its keys. */
export interface WorkQueueOptions {
  /** Largest number of keys worked on at a time. */
  concurrency: number;
  /**
   * The work. Gives the milliseconds after which to do it again, or undefined. Work that throws is tried again after
   * a growing pause, see {@link retryDelay}.
   */
  work(key: string): Promise<number | undefined>;
  onError(key: string, error: unknown): void;
}

/** A timer for longer than that (24.8 days) would fire at once: Node.js counts in 31 bits. */
const longestTimerMs = 2 ** 31 - 1;

/** Makes a queue that works on one key at a time never more than once, as Kubernetes controllers' queues do. */
export function createWorkQueue({ concurrency, work, onError }: WorkQueueOptions): WorkQueue {
  /** Keys that wait for their turn, in order. */
  const ready = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const timers = new Map<string, { timer: NodeJS.Timeout; due: number }>();
  /** When the work on a key began to fail. */
  const failingSince = new Map<string, number>();
  let closed = false;

  function add(key: string) {
    if (closed) return;
    cancelTimer(key);
    ready.add(key);
    startMore();
  }

  function addAfter(key: string, milliseconds: number) {
    const due = performance.now() + milliseconds;
    if (closed || ready.has(key) || (timers.get(key)?.due ?? Number.POSITIVE_INFINITY) <= due) return;
    cancelTimer(key);
    // One that is woken too early looks, and waits again.
    timers.set(key, { timer: setTimeout(() => add(key), Math.min(milliseconds, longestTimerMs)), due });
  }

  function cancelTimer(key: string) {
    clearTimeout(timers.get(key)?.timer);
    timers.delete(key);
  }

  function startMore() {
    for (const key of ready) {
      if (running.size >= concurrency) return;
      if (running.has(key)) continue;
      ready.delete(key);
      running.set(key, run(key));
    }
  }

  async function run(key: string) {
    try {
      // Begins a step later, when the key is known to be running: its work may ask for itself again.
      const again = await Promise.resolve(key).then(work);
      failingSince.delete(key);
      if (again !== undefined) addAfter(key, again);
    } catch (error) {
      // Closed meanwhile: whatever it was, it is no longer anybody's trouble.
      if (closed) return;
      onError(key, error);
      const since = failingSince.get(key) ?? performance.now();
      failingSince.set(key, since);
      addAfter(key, retryDelay(performance.now() - since));
    } finally {
      running.delete(key);
      if (!closed) startMore();
    }
  }

  function forget(key: string) {
    cancelTimer(key);
    ready.delete(key);
    failingSince.delete(key);
  }

  async function close() {
    closed = true;
    ready.clear();
    for (const key of timers.keys()) cancelTimer(key);
    await Promise.all(running.values());
  }

  return { add, addAfter, forget, close };
}
