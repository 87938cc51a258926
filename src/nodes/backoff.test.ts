import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelay } from "./backoff.ts";

describe("retryDelay", () => {
  it.each([
    ["at the first failure", 0, 100],
    ["after a second", 1_000, 100],
    ["after half a minute", 30_000, 600],
    ["after four minutes", 250_000, 5_000],
    ["after a day", 86_400_000, 5_000],
  ])("%s (%i ms of failing) is %i ms", (_when, failingMs, expected) => {
    expect(retryDelay(failingMs, 0.5)).toBe(expected);
  });

  it("is spread by a fifth either way, and never short enough to be a busy loop", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failingMs, random) => {
        const middle = retryDelay(failingMs, 0.5);
        const delay = retryDelay(failingMs, random);
        expect(delay).toBeGreaterThanOrEqual(middle * 0.79);
        expect(delay).toBeLessThanOrEqual(middle * 1.21);
        expect(delay).toBeGreaterThanOrEqual(79);
      }),
    );
  });
});
