import { afterEach, describe, expect, it, vi } from "vitest";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

let queue: WorkQueue;

afterEach(() => queue.close());

/** A queue whose work lasts until the test says so. */
function controlledQueue(concurrency: number) {
  const begun: string[] = [];
  const open = new Map<string, () => void>();
  queue = createWorkQueue({
    concurrency,
    onError: () => {},
    work: async (key) => {
      begun.push(key);
      await new Promise<void>((resolve) => open.set(key, resolve));
      return undefined;
    },
  });
  const finish = (key: string) => {
    open.get(key)?.();
    open.delete(key);
  };
  return { begun, finish, until: (expected: string[]) => vi.waitFor(() => expect(begun).toEqual(expected)) };
}

describe("createWorkQueue", () => {
  it("works in the order of asking, on so many keys at a time", async () => {
    const { begun, finish, until } = controlledQueue(2);
    for (const key of ["a", "b", "c", "d"]) queue.add(key);
    await until(["a", "b"]);
    finish("b");
    await until(["a", "b", "c"]);
    finish("a");
    await until(["a", "b", "c", "d"]);
    for (const key of begun) finish(key);
  });

  it("does the work once for keys asked for several times before it begins", async () => {
    const { finish, until } = controlledQueue(1);
    for (const key of ["a", "b", "b", "b", "c"]) queue.add(key);
    await until(["a"]);
    finish("a");
    await until(["a", "b"]);
    finish("b");
    await until(["a", "b", "c"]);
    finish("c");
  });

  it("does it once more, never at the same time, for a key asked for during its work", async () => {
    const { begun, finish, until } = controlledQueue(5);
    queue.add("a");
    await until(["a"]);
    queue.add("a");
    queue.add("a");
    queue.add("b");
    await until(["a", "b"]);
    finish("a");
    await until(["a", "b", "a"]);
    for (const key of begun) finish(key);
  });

  it("does the work again after the time that it gives", async () => {
    let runs = 0;
    queue = createWorkQueue({
      concurrency: 1,
      onError: () => {},
      work: async () => {
        runs += 1;
        return runs < 3 ? 1 : undefined;
      },
    });
    queue.add("a");
    await vi.waitFor(() => expect(runs).toBe(3));
  });

  it("tries failed work again until it succeeds, and reports each failure", async () => {
    const errors: unknown[] = [];
    let runs = 0;
    queue = createWorkQueue({
      concurrency: 1,
      onError: (key, error) => errors.push([key, (error as Error).message]),
      work: async () => {
        runs += 1;
        if (runs < 3) throw new Error(`no ${runs}`);
        return undefined;
      },
    });
    queue.add("a");
    await vi.waitFor(() => expect(runs).toBe(3));
    expect(errors).toEqual([
      ["a", "no 1"],
      ["a", "no 2"],
    ]);
  });

  describe("with fake time", () => {
    afterEach(() => vi.useRealTimers());

    it("keeps the earlier of two times, and forgets a key on request", async () => {
      vi.useFakeTimers();
      const begun: string[] = [];
      const work = async (key: string) => void begun.push(key) as undefined;
      queue = createWorkQueue({ concurrency: 5, onError: () => {}, work });
      queue.addAfter("a", 1000);
      queue.addAfter("a", 500);
      queue.addAfter("a", 2000);
      queue.addAfter("b", 600);
      queue.forget("b");
      await vi.advanceTimersByTimeAsync(499);
      expect(begun).toEqual([]);
      await vi.advanceTimersByTimeAsync(5000);
      expect(begun).toEqual(["a"]);
    });

    it("does not take a time of months for one of none", async () => {
      vi.useFakeTimers();
      const begun: string[] = [];
      const work = async (key: string) => void begun.push(key) as undefined;
      queue = createWorkQueue({ concurrency: 5, onError: () => {}, work });
      queue.addAfter("a", 2 ** 31);
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(begun).toEqual([]);
    });

    it("leaves no timer once closed, and takes nothing more", async () => {
      vi.useFakeTimers();
      const begun: string[] = [];
      const work = async (key: string) => void begun.push(key) as undefined;
      queue = createWorkQueue({ concurrency: 5, onError: () => {}, work });
      queue.addAfter("a", 1000);
      await queue.close();
      queue.add("b");
      queue.addAfter("c", 1);
      expect(vi.getTimerCount()).toBe(0);
      await vi.advanceTimersByTimeAsync(5000);
      expect(begun).toEqual([]);
    });
  });

  it("waits on closing for the work under way, whose error is then nobody's any more", async () => {
    const errors: unknown[] = [];
    let fail = (_error: Error) => {};
    queue = createWorkQueue({
      concurrency: 1,
      onError: (_key, error) => errors.push(error),
      work: () => new Promise<undefined>((_resolve, reject) => (fail = reject)),
    });
    queue.add("a");
    await Promise.resolve().then(() => {});
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    await Promise.resolve();
    expect(closed).toBe(false);
    fail(new Error("stopped"));
    await closing;
    expect(errors).toEqual([]);
  });
});
