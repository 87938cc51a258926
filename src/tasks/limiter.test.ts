import { expect, it } from "vitest";
import { createLimiter } from "./limiter.ts";

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
