import { setTimeout as sleep } from "node:timers/promises";
import type { Kubectl } from "../examples/demo/kubectl.ts";

/** Pause between two looks, the same for both sides of the comparison, in milliseconds. */
export const pollMs = 50;

/** A component that is not ready by then never will be, in milliseconds. */
const giveUpMs = 180_000;

/** Tries until it works. @throws what the last try threw, after three minutes; the signal's reason. */
export async function retry<T>(attempt: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  const giveUpAt = performance.now() + giveUpMs;
  while (true) {
    try {
      return await attempt(AbortSignal.any([signal, AbortSignal.timeout(giveUpMs)]));
    } catch (error) {
      signal.throwIfAborted();
      if (performance.now() > giveUpAt) throw error;
      await sleep(pollMs, undefined, { signal });
    }
  }
}

/** Waits until kubectl shows so many nodes as Ready. */
export async function untilNodesReady(kubectl: Kubectl, count: number, signal: AbortSignal): Promise<void> {
  await retry(async () => {
    const lines = (await kubectl.run(["get", "nodes", "--no-headers"], signal)).trim().split("\n");
    const ready = lines.filter((line) => line.split(/\s+/)[1] === "Ready").length;
    if (ready !== count) throw new Error(`${ready} of ${count} nodes are Ready.`);
  }, signal);
}
