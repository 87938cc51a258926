import { describe, expect, it } from "vitest";
import { createReadinessWaiters } from "./readiness.ts";

function waitersOf(...names: string[]) {
  const ready = new Set(names);
  const waiters = createReadinessWaiters((name) => ready.has(name));
  const set = (name: string, isReady: boolean) => {
    if (isReady) ready.add(name);
    else ready.delete(name);
    waiters.changed(name);
  };
  return { waiters, set };
}

const settled = async (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);

describe("createReadinessWaiters", () => {
  it("resolves at once for what is ready, and for nothing", async () => {
    const { waiters } = waitersOf("a", "b");
    await waiters.wait(["a", "b"]);
    await waiters.wait([]);
  });

  it("resolves when the last one becomes ready", async () => {
    const { waiters, set } = waitersOf("a");
    const waiting = waiters.wait(["a", "b", "c"]);
    set("c", true);
    expect(await settled(waiting)).toBe(false);
    set("b", true);
    await waiting;
  });

  it("does not count one that was ready and no longer is", async () => {
    const { waiters, set } = waitersOf("a");
    const waiting = waiters.wait(["a", "b"]);
    set("a", false);
    set("b", true);
    expect(await settled(waiting)).toBe(false);
    set("a", true);
    await waiting;
  });

  it("rejects with the signal's reason, before and during the wait", async () => {
    const { waiters } = waitersOf();
    const controller = new AbortController();
    const waiting = waiters.wait(["a"], controller.signal);
    controller.abort(new Error("cancelled"));
    await expect(waiting).rejects.toThrow("cancelled");
    await expect(waiters.wait(["a"], controller.signal)).rejects.toThrow("cancelled");
  });

  it("rejects every wait when closed", async () => {
    const { waiters } = waitersOf();
    const waiting = [waiters.wait(["a"]), waiters.wait(["b"])];
    waiters.close(new Error("stopped"));
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
