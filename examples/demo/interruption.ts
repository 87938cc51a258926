/** Requests to stop that reach this process: Ctrl-C, SIGTERM, or the end of its terminal. Each signal fires once. */
export interface Interruption {
  /** The first request. */
  readonly stop: AbortSignal;
  /** The second one: the user does not want to wait. */
  readonly hurry: AbortSignal;
  /** The third one: now. */
  readonly kill: AbortSignal;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * One Ctrl-C comes more than once where npm, a shell and the terminal each pass it on: what follows this quickly, in
 * milliseconds, is the same request.
 */
const sameRequestMs = 1_000;

/** Takes over the signals that would end this process, from now on until it ends. */
export function watchInterruption(): Interruption {
  const levels = [new AbortController(), new AbortController(), new AbortController()] as const;
  let lastRequest = Number.NEGATIVE_INFINITY;
  const request = () => {
    const now = performance.now();
    const isSame = now - lastRequest < sameRequestMs;
    lastRequest = now;
    if (!isSame) levels.find(({ signal }) => !signal.aborted)?.abort(new Error("It was interrupted."));
  };
  for (const signal of signals) process.on(signal, request);
  // The terminal may be gone, or the reader of a pipe: cleaning up matters more than saying so.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const [stop, hurry, kill] = levels;
  return { stop: stop.signal, hurry: hurry.signal, kill: kill.signal };
}

/** Resolves when the signal fires. */
export function fired(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
