import { setTimeout as sleep } from "node:timers/promises";
import { startDeadline } from "../../kubernetes/deadline.ts";
import { HEALTH_FAILURES, type Timing } from "./timing.ts";

/**
 * Watches a component's health from its start on.
 *
 * @param check - One health check; rejects where the component does not work.
 * @returns why the component counts as hanging, as soon as it does; undefined once the signal fires.
 */
export async function untilHang(
  check: (signal: AbortSignal) => Promise<void>,
  timing: Pick<Timing, "healthPoll" | "healthDeadline" | "startGrace">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const graceUntil = Date.now() + timing.startGrace;
  let failures = 0;
  while (await pause(timing.healthPoll, signal)) {
    const problem = await problemOf(check, timing.healthDeadline, signal);
    if (signal.aborted) return undefined;
    if (problem === undefined) failures = 0;
    else if (Date.now() > graceUntil) failures++;
    if (failures === HEALTH_FAILURES) return `no health for ${failures} checks in a row, the last one: ${problem}`;
  }
  return undefined;
}

/**
 * Waits without keeping this process alive.
 * @returns whether the time passed; false where the signal ended it.
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, true, { signal, ref: false }).catch(() => false);
}

async function problemOf(
  check: (signal: AbortSignal) => Promise<void>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = startDeadline(deadlineMs, signal);
  try {
    await check(deadline.signal);
    return undefined;
  } catch (error) {
    return (deadline.signal.reason as Error | undefined)?.message ?? (error as Error).message;
  } finally {
    deadline.clear();
  }
}
