import { expect, it, onTestFinished, vi } from "vitest";
import { createLimiter } from "./limit.ts";

it("runs at most so many at a time, in order, and goes on after one that rejects", async () => {
  const limit = createLimiter(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const results = [0, 1, 2, 3, 4].map((n) =>
    limit(async () => {
      started.push(n);
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => {
        ends[n] = resolve;
      });
      running--;
      if (n === 1) throw new Error("One is broken.");
      return n;
    }),
  );
  for (const n of [0, 1, 2, 3, 4]) {
    await expect.poll(() => ends[n]).toBeDefined();
    ends[n]?.();
  }
  const settled = await Promise.allSettled(results);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
});

it("does not let one keep others waiting for longer than its patience", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const limit = createLimiter(1, 60_000);
  const started: string[] = [];
  const endless = () => new Promise<void>(() => void started.push("endless"));
  void limit(endless);
  void limit(async () => void started.push("second"));
  await vi.advanceTimersByTimeAsync(59_000);
  expect(started).toEqual(["endless"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(started).toEqual(["endless", "second"]);
});

it("lets one that waits give up, and goes on to the next", async () => {
  const limit = createLimiter(1);
  let end = () => {};
  const first = limit(() => new Promise<void>((resolve) => (end = resolve)));
  const giving = new AbortController();
  const second = limit(() => expect.fail("It was given up."), giving.signal);
  const third = limit(async () => "third");
  giving.abort(new Error("Given up."));
  await expect(second).rejects.toThrow("Given up.");
  end();
  expect(await Promise.all([first, third])).toEqual([undefined, "third"]);
});
