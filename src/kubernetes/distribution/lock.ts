import { randomBytes } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isSameProcess, type ProcessIdentity, processIdentity } from "../process-identity.ts";
import type { InstallProgress } from "./distribution.ts";

/** The one right to change the cache. */
export interface InstallLock {
  /** Shows those who wait what is going on. */
  announce(message: string): void;
  release(): Promise<void>;
}

/** A ticket's content. The ticket with the highest number says who holds the lock, or that nobody does. */
interface Ticket {
  owner: ProcessIdentity;
  released: boolean;
}

const POLL_MS = 200;

/**
 * Takes the lock of a cache folder, waiting while another installation holds it, in this process or any other of the
 * machine. The lock of a process that died is taken over.
 *
 * The lock is a folder of numbered tickets. To take it one makes the ticket after the highest, which only one can, and
 * only where the highest is released or its owner is dead. The highest ticket is never removed, hence a ticket made
 * from an outdated look is seen to be below another and given back. (Removing a dead owner's file instead would let a
 * slow second remove the first one's new lock.)
 *
 * @throws the signal's reason when it fires while waiting.
 */
export async function takeInstallLock(directory: string, { report, signal }: InstallProgress): Promise<InstallLock> {
  const owner = processIdentity(process.pid);
  if (!owner)
    throw new Error("Sampan cannot read /proc, by which it tells processes apart. Run it on Linux with /proc mounted.");
  const folder = join(directory, ".lock");
  await mkdir(folder, { recursive: true });
  let shown: string | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const highest = await readHighest(folder);
    if (highest?.ticket && !highest.ticket.released && isSameProcess(highest.ticket.owner)) {
      const message = await waitMessage(folder, highest.ticket.owner);
      if (message !== shown) report(message);
      shown = message;
      // Cut short by the signal, whose own reason is thrown above.
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const number = (highest?.number ?? 0) + 1;
    if (await take(folder, number, owner)) return heldLock(folder, number, owner);
  }
}

function heldLock(folder: string, number: number, owner: ProcessIdentity): InstallLock {
  let announcing = rm(join(folder, "progress"), { force: true });
  return {
    announce(message) {
      // In turn, so that an older message never overwrites a newer one. It only informs: a failure is of no matter.
      announcing = announcing.then(() => writeFile(join(folder, "progress"), message)).catch(() => undefined);
    },
    async release() {
      await announcing;
      await rm(join(folder, "progress"), { force: true });
      const released = await writeTicket(folder, { owner, released: true });
      await rename(released, ticketPath(folder, number));
    },
  };
}

/** Makes the ticket of a number. False where another was faster. */
async function take(folder: string, number: number, owner: ProcessIdentity): Promise<boolean> {
  const written = await writeTicket(folder, { owner, released: false });
  try {
    await link(written, ticketPath(folder, number));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
  const numbers = await ticketNumbers(folder);
  if (Math.max(...numbers) > number) {
    await rm(ticketPath(folder, number), { force: true });
    return false;
  }
  for (const older of numbers.filter((one) => one < number)) await rm(ticketPath(folder, older), { force: true });
  return true;
}

/** Writes a ticket under a name of its own, to be linked or renamed into place as a whole. */
async function writeTicket(folder: string, ticket: Ticket): Promise<string> {
  const path = join(folder, `.new-${randomBytes(6).toString("hex")}`);
  await writeFile(path, JSON.stringify(ticket), { flush: true });
  return path;
}

/** The highest ticket; without content where the file cannot be read as one, which counts as released. */
async function readHighest(folder: string): Promise<{ number: number; ticket: Ticket | undefined } | undefined> {
  const numbers = await ticketNumbers(folder);
  if (numbers.length === 0) return undefined;
  const number = Math.max(...numbers);
  try {
    return { number, ticket: JSON.parse(await readFile(ticketPath(folder, number), "utf8")) as Ticket };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return readHighest(folder);
    return { number, ticket: undefined };
  }
}

async function ticketNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function waitMessage(folder: string, owner: ProcessIdentity): Promise<string> {
  const progress = await readFile(join(folder, "progress"), "utf8").catch(() => "");
  return progress || `Waiting for another installation (process ${owner.pid})`;
}

function ticketPath(folder: string, number: number): string {
  return join(folder, String(number));
}
