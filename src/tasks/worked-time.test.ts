import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { measureWorkedTime, saveInterval } from "./worked-time.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the time worked on a task", () => {
  it("goes on from what earlier runs took, and is written at intervals and at the end", async () => {
    const written: number[] = [];
    const time = measureWorkedTime(
      1_000,
      async (worked) => void written.push(worked),
      (error) => expect.fail(String(error)),
    );
    await vi.advanceTimersByTimeAsync(saveInterval + 100);
    expect(time.read()).toBe(1_000 + saveInterval + 100);
    expect(written).toEqual([1_000 + saveInterval]);
    await time.stop();
    expect(written.at(-1)).toBe(1_000 + saveInterval + 100);
    await vi.advanceTimersByTimeAsync(10 * saveInterval);
    expect(written).toHaveLength(2);
  });

  it("is by no clock that can be set", () => {
    const time = measureWorkedTime(
      0,
      async () => undefined,
      () => undefined,
    );
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(time.read()).toBe(0);
  });

  it("goes on where it could not be written", async () => {
    const errors: unknown[] = [];
    const time = measureWorkedTime(
      0,
      () => Promise.reject(new Error("The database is away.")),
      (error) => void errors.push(error),
    );
    await vi.advanceTimersByTimeAsync(saveInterval);
    await time.stop();
    expect(errors).toHaveLength(2);
    expect(time.read()).toBe(saveInterval);
  });
});
