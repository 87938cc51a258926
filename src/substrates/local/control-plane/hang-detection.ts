import { setTimeout as sleep } from "node:timers/promises";
import { startDeadline } from "../../../machine/deadline.ts";
import { healthFailures, type Timing } from "../timing.ts";
import { shortageOf } from "./shortage.ts";

/** What is watched, and how. */
export interface HealthWatch {
  /** One health check; rejects where the component does not work. */
  check(signal: AbortSignal): Promise<void>;
  timing: Pick<Timing, "healthPoll" | "healthDeadline" | "startGrace">;
  /** Told after each check why it could not be made for want of something here, or, with undefined, that it could. */
  onShortage(shortage: string | undefined): void;
  /** Ends the watch. */
  signal: AbortSignal;
}

/**
 * Watches a component's health from its start on. A check that this process cannot make, as without a free file
 * descriptor, tells nothing of the component: it counts neither for it nor against it.
 *
 * @returns why the component counts as hanging, as soon as it does; undefined once the signal fires.
 */
export async function untilHang({ check, timing, onShortage, signal }: HealthWatch): Promise<string | undefined> {
  const graceUntil = performance.now() + timing.startGrace;
  let failures = 0;
  while (await pause(timing.healthPoll, signal)) {
    const problem = await problemOf(check, timing.healthDeadline, signal);
    if (signal.aborted) return undefined;
    const shortage = shortageOf(problem);
    onShortage(shortage);
    if (shortage !== undefined) continue;
    if (problem === undefined) failures = 0;
    else if (performance.now() > graceUntil) failures++;
    if (failures === healthFailures)
      return `no health for ${failures} checks in a row, the last one: ${problem?.message}`;
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
): Promise<Error | undefined> {
  const deadline = startDeadline(deadlineMs, signal);
  try {
    await check(deadline.signal);
    return undefined;
  } catch (error) {
    return (deadline.signal.reason as Error | undefined) ?? (error as Error);
  } finally {
    deadline.clear();
  }
}
