import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { basename, join } from "node:path";

/** A lock that this process has. */
export interface HeldLock {
  release(): Promise<void>;
}

/** Who has a lock, as it said itself when it took it. */
export interface LockHolder {
  /** As its own PID namespace counts. */
  pid: number;
  host: string;
  /** The kernel's id of the boot it runs in: the same in most containers of one machine, but not in those of LXC. */
  bootId: string;
}

/** Why a lock cannot be had now. */
export interface LockRefusal {
  holder: LockHolder;
  /** The holder is of another machine, or of this one before it was started again: it cannot be asked whether it lives. */
  unknown: boolean;
}

/** A ticket's content. The ticket with the highest number says who has the lock, or that nobody does. */
interface Ticket extends LockHolder {
  /** Name of the socket, in the same folder, at which the holder listens. */
  socket: string;
  released: boolean;
}

/** Whether a folder's file system can be one machine's only, so that whoever wrote there ran on this one. */
export type FileSystemJudge = (folder: string) => Promise<boolean>;

/**
 * Takes the lock that a folder stands for, where nobody has it: no process of this machine, in whatever network or PID
 * namespace, nor of another machine that shares the folder. The lock of a process that died is free at once.
 *
 * The lock is a folder of numbered tickets. To take it one makes the ticket after the highest, which only one can, and
 * only where the highest is released or its holder is dead. The highest ticket is never removed, hence a ticket made from
 * an outdated look is seen to be below another and given back. (Removing a dead holder's file instead would let a slow
 * second remove the first one's new lock.)
 *
 * A holder lives as long as the socket that its ticket names takes connections: the kernel closes it with the process,
 * and finds it by the file, which every namespace shares. Processes of another boot cannot be reached so. Where the file
 * system is one machine's, they ended with that boot; on one that several may have, their lock stands.
 *
 * @param isOneMachines tests replace it
 * @throws {Error} where the folder cannot hold a socket, or /proc cannot be read
 */
export async function tryLock(
  folder: string,
  isOneMachines: FileSystemJudge = onFileSystemOfOneMachine,
): Promise<HeldLock | LockRefusal> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const me: LockHolder = { pid: process.pid, host: hostname(), bootId: await readBootId() };
  for (;;) {
    const highest = await readHighest(folder);
    const refusal = await refusalOf(folder, highest?.ticket, me, isOneMachines);
    if (refusal !== undefined) return refusal;
    const lock = await take(folder, (highest?.number ?? 0) + 1, me);
    if (lock !== undefined) return lock;
  }
}

/** Tells a lock that was had from a refusal. */
export function isHeld(outcome: HeldLock | LockRefusal): outcome is HeldLock {
  return "release" in outcome;
}

async function readBootId(): Promise<string> {
  try {
    return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  } catch (error) {
    throw new Error(
      "Sampan cannot read /proc, by which it tells processes apart. Run it on Linux with /proc mounted.",
      { cause: error },
    );
  }
}

/** Why a ticket stands in the way; undefined where it does not. */
async function refusalOf(
  folder: string,
  ticket: Ticket | undefined,
  me: LockHolder,
  isOneMachines: FileSystemJudge,
): Promise<LockRefusal | undefined> {
  if (ticket === undefined || ticket.released) return undefined;
  const { pid, host, bootId } = ticket;
  const holder = { pid, host, bootId };
  // Asked whatever its boot id is: some containers are shown one of their own.
  if (await answers(folder, ticket.socket)) return { holder, unknown: false };
  if (bootId === me.bootId || (await isOneMachines(folder))) return undefined;
  return { holder, unknown: true };
}

/** Makes the ticket of a number; undefined where another was faster. */
async function take(folder: string, number: number, me: LockHolder): Promise<HeldLock | undefined> {
  const socket = `${randomBytes(6).toString("hex")}.socket`;
  const server = await listen(folder, socket);
  if (!(await putTicket(folder, number, { ...me, socket, released: false }))) {
    await close(server, join(folder, socket));
    return undefined;
  }
  return {
    async release() {
      const released = await writeTicket(folder, { ...me, socket, released: true });
      await rename(released, join(folder, String(number)));
      await close(server, join(folder, socket));
    },
  };
}

async function putTicket(folder: string, number: number, ticket: Ticket): Promise<boolean> {
  const written = await writeTicket(folder, ticket);
  try {
    await link(written, join(folder, String(number)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
  const names = await readdir(folder);
  const older = ticketNumbers(names).filter((one) => one < number);
  if (Math.max(...ticketNumbers(names)) > number) {
    await rm(join(folder, String(number)), { force: true });
    return false;
  }
  for (const one of older) await rm(join(folder, String(one)), { force: true });
  // Who makes a socket for a higher number than this looks first, and sees that this one is held: those here are leftovers.
  for (const name of names)
    if ((name.endsWith(".socket") && name !== ticket.socket) || (await isAbandoned(join(folder, name))))
      await rm(join(folder, name), { force: true });
  return true;
}

/** Milliseconds after which a ticket that is not in its place was written by a process that is dead: it takes a few. */
const writingMs = 60_000;

async function isAbandoned(path: string): Promise<boolean> {
  if (!basename(path).startsWith(newTicket)) return false;
  const written = await stat(path).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs > writingMs;
}

/** What the names of tickets begin with that are not in their place yet. */
const newTicket = ".new-";

/** Writes a ticket under a name of its own, to be linked or renamed into place as a whole. */
async function writeTicket(folder: string, ticket: Ticket): Promise<string> {
  const path = join(folder, `${newTicket}${randomBytes(6).toString("hex")}`);
  await writeFile(path, JSON.stringify(ticket), { flush: true });
  return path;
}

/** The highest ticket; without content where the file cannot be read as one, which counts as released. */
async function readHighest(folder: string): Promise<{ number: number; ticket: Ticket | undefined } | undefined> {
  const numbers = ticketNumbers(await readdir(folder));
  if (numbers.length === 0) return undefined;
  const number = Math.max(...numbers);
  try {
    return { number, ticket: JSON.parse(await readFile(join(folder, String(number)), "utf8")) as Ticket };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return readHighest(folder);
    if (!(error instanceof SyntaxError)) throw error;
    return { number, ticket: undefined };
  }
}

const ticketNumbers = (names: readonly string[]): number[] => names.filter((name) => /^\d+$/.test(name)).map(Number);

/** Calls `work` with a path to the folder that is short: a socket's may have 107 bytes only. */
async function withShortPath<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
  const handle = await open(folder, "r");
  try {
    return await work(`/proc/self/fd/${handle.fd}`);
  } finally {
    await handle.close();
  }
}

/** Listens for nothing but to be found alive, and keeps no process from ending. */
function listen(folder: string, socket: string): Promise<Server> {
  return withShortPath(folder, (path) => {
    const server = createServer((connection) => connection.destroy());
    const { promise, resolve, reject } = Promise.withResolvers<Server>();
    server.once("error", (error) =>
      reject(
        new Error(
          `${folder} cannot hold a socket, which a lock needs: ${error.message}. Use a folder of a local disk.`,
          {
            cause: error,
          },
        ),
      ),
    );
    server.listen(`${path}/${socket}`, () => resolve(server.unref()));
    return promise;
  });
}

/** Node.js would remove the socket's file by the path that it was made with, which is another folder's by now. */
async function close(server: Server, socket: string): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
  await rm(socket, { force: true });
}

/** Whether a process listens at the socket. One that is stopped, or that many ask at once, counts as well. */
function answers(folder: string, socket: string): Promise<boolean> {
  return withShortPath(folder, (path) => {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const connection = connect(`${path}/${socket}`, () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      else if (error.code === "EAGAIN") resolve(true);
      // It was closed with this connection not yet taken: the next one is told so.
      else if (error.code === "ECONNRESET") resolve(answers(folder, socket));
      else reject(error);
    });
    return promise;
  });
}

/** What statfs(2) calls file systems that no two machines can have mounted at once. */
const fileSystemsOfOneMachine = new Map([
  [0xef53, "ext4"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x2fc12fc1, "zfs"],
  [0xf2f52010, "f2fs"],
  [0xca451a4e, "bcachefs"],
  [0x01021994, "tmpfs"],
  [0x794c7630, "overlay"],
]);

async function onFileSystemOfOneMachine(folder: string): Promise<boolean> {
  return fileSystemsOfOneMachine.has((await statfs(folder)).type);
}
