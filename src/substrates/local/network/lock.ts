import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Pause between two tries: holders need a few milliseconds. */
const retryMs = 15;

/**
 * Runs `work` while no other process of this machine runs anything under the same `name`.
 *
 * The lock is a listening socket in the kernel's abstract namespace, which only one process can hold and which the
 * kernel frees when that process ends in whatever way. So there is no lock file to go stale. Its reach is the network
 * namespace, the same as that of the loopback addresses that it guards.
 *
 * @throws {Error} where another process keeps the lock for `deadlineMs`.
 */
export async function withMachineLock<T>(name: string, deadlineMs: number, work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + deadlineMs;
  let lock = await tryLock(name);
  while (lock === undefined) {
    if (performance.now() > giveUpAt)
      throw new Error(
        `Another process has held the lock on ${name} for ${deadlineMs / 1000} s: is a Sampan stopped (state T in ps)? Continue or end it.`,
      );
    // Spread out, so that many waiting processes do not try in step.
    await sleep(retryMs * (0.5 + Math.random()));
    lock = await tryLock(name);
  }
  try {
    return await work();
  } finally {
    await new Promise((resolve) => lock.close(resolve));
  }
}

async function tryLock(name: string): Promise<Server | undefined> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<Server | undefined>();
  server.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") resolve(undefined);
    else reject(error);
  });
  server.listen(socketName(name), () => resolve(server));
  return promise;
}

/** Abstract names begin with a zero byte and hold 107 more: a digest always fits. */
function socketName(name: string): string {
  return `\0sampan-${createHash("sha256").update(name).digest("hex").slice(0, 40)}`;
}
