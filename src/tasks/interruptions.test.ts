import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Interruptions, type TaskInterruption, type Watched, watchInterruptions } from "./interruptions.ts";
import { measureWorkedTime } from "./worked-time.ts";

const minute = 60_000;
/** A moment in which every check that is due has been made. */
const aMoment = 1_000;

let watch: Interruptions;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

/** Watches a task that is given an hour. @returns why it is interrupted, once it is */
function watched(changes: Partial<Watched> = {}): () => TaskInterruption["cause"] | undefined {
  watch = watchInterruptions({
    isCancelRequested: async () => false,
    workedMs: measured(0),
    minutes: 60,
    shutdown: new AbortController().signal,
    onError: () => undefined,
    ...changes,
  });
  return () => (watch.signal.reason as TaskInterruption | undefined)?.cause;
}

const measured = (before: number) =>
  measureWorkedTime(
    before,
    async () => undefined,
    () => undefined,
  ).read;

describe("the watch over a task", () => {
  it("ends it when as long was worked on it as it is given", async () => {
    const cause = watched();
    await vi.advanceTimersByTimeAsync(60 * minute - aMoment);
    expect(cause()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(2 * aMoment);
    expect(cause()).toBe("deadline");
  });

  it("counts what earlier runs took", async () => {
    const cause = watched({ workedMs: measured(59 * minute) });
    await vi.advanceTimersByTimeAsync(minute + aMoment);
    expect(cause()).toBe("deadline");
  });

  it.each([
    ["forward", 24 * 60 * minute],
    ["back", -24 * 60 * minute],
  ])("does not care for a clock that is put %s by a day", async (_, jump) => {
    const cause = watched();
    vi.setSystemTime(Date.now() + jump);
    await vi.advanceTimersByTimeAsync(59 * minute);
    expect(cause()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(minute + aMoment);
    expect(cause()).toBe("deadline");
  });

  it("ends it on request, also after it could not be asked", async () => {
    const answers = [() => Promise.reject(new Error("The database is away.")), async () => false, async () => true];
    const errors: unknown[] = [];
    const cause = watched({
      isCancelRequested: () => (answers.shift() as () => Promise<boolean>)(),
      onError: (error) => void errors.push(error),
    });
    await vi.advanceTimersByTimeAsync(2 * aMoment);
    expect(cause()).toBe("cancelled");
    expect(errors).toEqual([new Error("The database is away.")]);
  });

  it("ends it when Sampan stops", () => {
    const shutdown = new AbortController();
    const cause = watched({ shutdown: shutdown.signal });
    shutdown.abort();
    expect(cause()).toBe("shutdown");
  });
});
