import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isHeld, type LockHolder, tryLock } from "../../machine/lock.ts";
import type { InstallProgress } from "./distribution.ts";

/** The one right to change the cache. */
export interface InstallLock {
  /** Shows those who wait what is going on. */
  announce(message: string): void;
  release(): Promise<void>;
}

const pollMs = 200;

/**
 * Takes the lock of a cache folder, waiting while another installation holds it, in this process or any other that has the
 * folder. The lock of a process that died is taken over.
 *
 * @throws the signal's reason when it fires while waiting.
 * @throws {Error} where another machine has the lock, which cannot be asked whether it still works.
 */
export async function takeInstallLock(directory: string, { report, signal }: InstallProgress): Promise<InstallLock> {
  const folder = join(directory, ".lock");
  let shown: string | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const outcome = await tryLock(folder);
    if (isHeld(outcome)) return announcing(folder, outcome.release);
    if (outcome.unknown)
      throw new Error(
        `An installation on ${outcome.holder.host} has ${directory}, or had it when that machine went down. Wait for it, or, ` +
          `where it runs no longer, remove ${folder}.`,
      );
    const message = await waitMessage(folder, outcome.holder);
    if (message !== shown) report(message);
    shown = message;
    // Cut short by the signal, whose own reason is thrown above.
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

function announcing(folder: string, release: () => Promise<void>): InstallLock {
  let announced = rm(join(folder, "progress"), { force: true });
  return {
    announce(message) {
      // In turn, so that an older message never overwrites a newer one. It only informs: a failure is of no matter.
      announced = announced.then(() => writeFile(join(folder, "progress"), message)).catch(() => undefined);
    },
    async release() {
      await announced;
      await rm(join(folder, "progress"), { force: true });
      await release();
    },
  };
}

async function waitMessage(folder: string, { pid }: LockHolder): Promise<string> {
  const progress = await readFile(join(folder, "progress"), "utf8").catch(() => "");
  return progress || `Waiting for another installation (process ${pid})`;
}
