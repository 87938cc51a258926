import { vi } from "vitest";

/** How long a condition may take to come about, in milliseconds: for what hangs, never a measure of how fast is fast enough. */
const deadline = 240_000;
/** Pause between two looks, in milliseconds. */
const pauseMs = 100;

/**
 * Looks again and again until `assertion` does not throw any more, and gives what it returns.
 *
 * @param pause milliseconds between two looks
 * @throws what the last look threw, once the deadline has passed
 */
export function eventually<T>(assertion: () => T | Promise<T>, pause = pauseMs): Promise<T> {
  return vi.waitFor(assertion, { timeout: deadline, interval: pause });
}
