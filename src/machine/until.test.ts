import { afterEach, expect, test, vi } from "vitest";
import { HopelessError, until } from "./until.ts";

const options = {
  what: "etcd to be ready",
  hint: "Its log is etcd.log.",
  pollMs: 1,
  deadlineMs: 60_000,
  signal: new AbortController().signal,
};

test("tries until it succeeds, and gives the result", async () => {
  let tries = 0;
  const attempt = async () => {
    if (++tries < 4) throw new Error("not yet");
    return "ready";
  };
  expect(await until(attempt, options)).toBe("ready");
  expect(tries).toBe(4);
});

test("after the deadline, the error says what was waited for, the last problem, and where to look", async () => {
  await expect(until(() => Promise.reject(new Error("no leader")), { ...options, deadlineMs: 5 })).rejects.toThrow(
    "Waited 0.005 s for etcd to be ready, in vain. The last answer: no leader. Its log is etcd.log.",
  );
});

test.each([
  ["back, it does not go on for longer", -3_600_000, { deadlineMs: 20 }, /^Waited 0\.02 s/],
  ["forward, it is not over at once", 3_600_000, { deadlineMs: 1_800_000 }, "done"],
])("when the wall clock is set %s", async (_, jump, more, expected) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  let tries = 0;
  const attempt = async () => {
    if (tries++ === 0) vi.setSystemTime(Date.now() + jump);
    if (expected === "done" && tries === 3) return "done";
    throw new Error("not yet");
  };
  const outcome = await until(attempt, { ...options, ...more }).catch((error: Error) => error.message);
  expect(outcome).toMatch(expected);
});
afterEach(() => {
  vi.useRealTimers();
});

test("an error that waiting does not cure ends the wait", async () => {
  await expect(until(() => Promise.reject(new HopelessError("etcd does not start")), options)).rejects.toThrow(
    "etcd does not start",
  );
});

test("the signal ends the wait, also in the middle of a try", async () => {
  const stop = new AbortController();
  const attempt = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      stop.abort(new Error("cancelled"));
    });
  await expect(until(attempt, { ...options, signal: stop.signal })).rejects.toThrow("cancelled");
});

test("the signal ends the wait, also between two tries", async () => {
  const stop = new AbortController();
  const attempt = async () => {
    setImmediate(() => stop.abort(new Error("cancelled")));
    throw new Error("not yet");
  };
  const waiting = until(attempt, { ...options, pollMs: 3_600_000, deadlineMs: 7_200_000, signal: stop.signal });
  await expect(waiting).rejects.toThrow("cancelled");
});

test("nothing is tried where the signal has fired already", async () => {
  let tries = 0;
  const attempt = async () => ++tries;
  await expect(until(attempt, { ...options, signal: AbortSignal.abort(new Error("cancelled")) })).rejects.toThrow(
    "cancelled",
  );
  expect(tries).toBe(0);
});
