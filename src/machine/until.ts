import { setTimeout as sleep } from "node:timers/promises";
import { startDeadline } from "./deadline.ts";

/** An error that waiting does not cure: {@link until} passes it on at once. */
export class HopelessError extends Error {
  override readonly name = "HopelessError";
}

/** How to wait. */
export interface UntilOptions {
  /** What is waited for, to follow "waited for", e.g. `etcd to be ready`. */
  what: string;
  /** A sentence on where to look when it does not come about. */
  hint: string;
  /** Pause between two tries, in milliseconds. */
  pollMs: number;
  deadlineMs: number;
  /** Ends the wait by throwing its reason. */
  signal: AbortSignal;
}

/** Longest time that one try may take, so that one lost answer does not cost the whole wait. */
const tryMs = 5_000;

/**
 * Tries again and again until `attempt` resolves.
 * @throws {HopelessError} as `attempt` throws it.
 * @throws {Error} with the last problem, where the deadline passes first.
 */
export async function until<T>(attempt: (signal: AbortSignal) => Promise<T>, options: UntilOptions): Promise<T> {
  const giveUpAt = performance.now() + options.deadlineMs;
  while (true) {
    options.signal.throwIfAborted();
    const problem = await tryOnce(attempt, options.signal);
    if ("result" in problem) return problem.result;
    options.signal.throwIfAborted();
    if (problem.error instanceof HopelessError) throw problem.error;
    if (performance.now() > giveUpAt) throw deadlineError(options, problem.error);
    // Where the signal ends the pause, the next round throws its reason.
    await sleep(options.pollMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function tryOnce<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<{ result: T } | { error: unknown }> {
  const deadline = startDeadline(tryMs, signal);
  try {
    return { result: await attempt(deadline.signal) };
  } catch (error) {
    return { error };
  } finally {
    deadline.clear();
  }
}

function deadlineError({ what, hint, deadlineMs }: UntilOptions, cause: unknown): Error {
  const last = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Waited ${deadlineMs / 1000} s for ${what}, in vain. The last answer: ${last}. ${hint}`, { cause });
}
