import { afterEach, describe, expect, test, vi } from "vitest";
import { pause, untilHang } from "./hang-detection.ts";

const timing = { healthPoll: 1, healthDeadline: 60_000, startGrace: -1 };
const onShortage = () => undefined;

/** Checks that fail, cannot be made or succeed as written, `x`, `-` and `.`; the signal fires during the last one. */
function checks(pattern: string) {
  const stop = new AbortController();
  let count = 0;
  const check = async () => {
    const step = pattern[count++];
    if (count === pattern.length) stop.abort();
    if (step === "x") throw new Error(`failure ${count}`);
    if (step === "-") throw Object.assign(new Error("connect EMFILE"), { code: "EMFILE" });
  };
  return { check, signal: stop.signal, count: () => count };
}

describe("a component counts as hanging after three failed checks in a row", () => {
  test.each([
    ["xxx.", "no health for 3 checks in a row, the last one: failure 3"],
    ["....xx.xxx.", "no health for 3 checks in a row, the last one: failure 10"],
    ["xx.xx.xx.", undefined],
    [".........", undefined],
    ["xxx", undefined],
    ["------.", undefined],
    ["xx--x.", "no health for 3 checks in a row, the last one: failure 5"],
  ])("%s", async (pattern, expected) => {
    const { check, signal } = checks(pattern);
    expect(await untilHang({ check, timing, onShortage, signal })).toBe(expected);
  });
});

test("what keeps this process from asking is told, also that it is over", async () => {
  const { check, signal } = checks(".--..");
  const told: (string | undefined)[] = [];
  await untilHang({ check, timing, onShortage: (shortage) => told.push(shortage), signal });
  const lack = expect.stringContaining("this process has as many files open as it may");
  expect(told).toEqual([undefined, lack, lack, undefined]);
});

test("failures while it starts do not count", async () => {
  const { check, signal, count } = checks("xxxxxxxxxx");
  expect(await untilHang({ check, timing: { ...timing, startGrace: 3_600_000 }, onShortage, signal })).toBeUndefined();
  expect(count()).toBe(10);
});

test("a wall clock that is set back puts the watch off by nothing", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { check, signal } = checks("xxx.");
  const watch = untilHang({ check, timing, onShortage, signal });
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(await watch).toContain("no health for 3 checks in a row");
});
afterEach(() => {
  vi.useRealTimers();
});

test("a check without an answer is a failed one", async () => {
  const never = (signal: AbortSignal) =>
    new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  const why = await untilHang({
    check: never,
    timing: { ...timing, healthDeadline: 5 },
    onShortage,
    signal: new AbortController().signal,
  });
  expect(why).toContain("no answer within 5 ms");
});

test("the signal ends the watch, also in the middle of a check", async () => {
  const stop = new AbortController();
  const check = (signal: AbortSignal) => {
    stop.abort();
    return new Promise<void>((_, reject) => (signal.aborted ? reject(signal.reason) : undefined));
  };
  expect(await untilHang({ check, timing, onShortage, signal: stop.signal })).toBeUndefined();
});

test("a pause tells whether it was cut short", async () => {
  const stop = new AbortController();
  expect(await pause(1, stop.signal)).toBe(true);
  stop.abort();
  expect(await pause(3_600_000, stop.signal)).toBe(false);
});
