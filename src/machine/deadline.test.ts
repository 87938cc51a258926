import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startDeadline } from "./deadline.ts";

describe("a deadline", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("fires after its time, and not before", () => {
    vi.useFakeTimers();
    const { signal } = startDeadline(1000);
    vi.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ name: "TimeoutError", message: "no answer within 1000 ms" });
  });

  it("fires with the other signal, for the same reason", () => {
    const controller = new AbortController();
    const deadline = startDeadline(60_000, controller.signal);
    controller.abort(new Error("cancelled"));
    expect(deadline.signal.reason).toEqual(new Error("cancelled"));
    deadline.clear();
  });

  it("has fired already where the other signal has", () => {
    const deadline = startDeadline(60_000, AbortSignal.abort(new Error("cancelled")));
    expect(deadline.signal.reason).toEqual(new Error("cancelled"));
    deadline.clear();
  });

  it("leaves neither timer nor listener behind once cleared", () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    startDeadline(1000, controller.signal).clear();
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});
