import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type HeldLock, isHeld, type LockRefusal, tryLock } from "./lock.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await realpath(await mkdtemp(join(tmpdir(), "sampan-lock-"))), "lock");
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

/** A process that takes the lock, says so, and keeps it until it is killed; `wrapper` is what it is started by. */
async function holderProcess(wrapper: readonly string[] = []) {
  const module = JSON.stringify(new URL("./lock.ts", import.meta.url).href);
  const program = `
    const { tryLock, isHeld } = await import(${module});
    process.stdout.write(isHeld(await tryLock(${JSON.stringify(folder)})) ? "held" : "refused");
    setInterval(() => {}, 1000);`;
  const [file = "", ...args] = [...wrapper, process.execPath, "--input-type=module", "--eval", program];
  const child = execa(file, args, { reject: false, stderr: "inherit", buffer: false });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await child;
  });
  const [said] = await once(child.stdout, "data");
  expect(`${said}`).toBe("held");
  return { child };
}

async function taken(outcome: Promise<HeldLock | LockRefusal>): Promise<HeldLock> {
  const lock = await outcome;
  if (!isHeld(lock)) throw new Error(`The lock is held by ${JSON.stringify(lock.holder)}.`);
  return lock;
}

async function putTicket(number: number, content: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${number}`), content);
}

/** What a holder of an earlier boot, or of another machine, left. */
const foreign = { pid: 17, host: "elsewhere", bootId: "of-another-kernel", socket: "gone.socket", released: false };

describe("a lock", () => {
  test("is one's at a time, and anyone's after its release", async () => {
    const lock = await taken(tryLock(folder));
    expect(await tryLock(folder)).toMatchObject({ holder: { pid: process.pid, host: hostname() }, unknown: false });
    await lock.release();
    await (await taken(tryLock(folder))).release();
  });

  test("is held by who answers, whatever boot its ticket names: some containers are shown one of their own", async () => {
    const lock = await taken(tryLock(folder));
    const [number = ""] = (await readdir(folder)).filter((name) => /^\d+$/.test(name));
    const ticket = JSON.parse(await readFile(join(folder, number), "utf8"));
    await writeFile(join(folder, number), JSON.stringify({ ...ticket, bootId: "of-a-container" }));
    expect(await tryLock(folder, async () => true)).toMatchObject({ holder: { pid: process.pid }, unknown: false });
    await lock.release();
  });

  test("is had by one of many who try at the same moment", async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => tryLock(folder)));
    const locks = outcomes.filter(isHeld);
    expect(locks).toHaveLength(1);
    await locks[0]?.release();
  });

  test("goes from one to the next among many who ask at every moment, also while it is given back", async () => {
    let holders = 0;
    const once = async () => {
      let outcome = await tryLock(folder);
      while (!isHeld(outcome)) outcome = await tryLock(folder);
      expect(++holders).toBe(1);
      holders--;
      await outcome.release();
    };
    const manyTimes = async () => {
      for (let round = 0; round < 15; round++) await once();
    };
    await Promise.all(Array.from({ length: 8 }, manyTimes));
  });

  test("removes what one that was killed had begun to write, and nothing that is being written", async () => {
    await mkdir(folder, { recursive: true });
    for (const name of [".new-abandoned", ".new-fresh"]) await writeFile(join(folder, name), "{");
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder, ".new-abandoned"), hourAgo, hourAgo);
    await (await taken(tryLock(folder))).release();
    expect((await readdir(folder)).toSorted()).toEqual([".new-fresh", "1"]);
  });

  test("leaves one small file, however often it was taken", async () => {
    for (let round = 0; round < 4; round++) await (await taken(tryLock(folder))).release();
    expect(await readdir(folder)).toEqual(["4"]);
  });

  test("is free as soon as its holder was killed, whose socket is cleared away", async () => {
    const { child: holder } = await holderProcess();
    expect(await tryLock(folder)).toMatchObject({ holder: { pid: holder.pid } });
    holder.kill("SIGKILL");
    await holder;
    await (await taken(tryLock(folder))).release();
    expect(await readdir(folder)).toEqual(["2"]);
  });

  test("of a process that is stopped is not free", async () => {
    const { child: holder } = await holderProcess();
    holder.kill("SIGSTOP");
    expect(await tryLock(folder)).toMatchObject({ unknown: false });
  });

  test.for([
    { what: "another network namespace", wrapper: ["unshare", "--map-root-user", "--net"] },
    {
      what: "another PID namespace",
      wrapper: ["unshare", "--map-root-user", "--net", "--pid", "--kill-child", "--mount-proc"],
    },
  ])("holds across $what", async ({ wrapper: [file = "", ...args] }, { skip }) => {
    skip(spawnSync(file, [...args, "true"]).status !== 0, "This machine's user may make no namespaces.");
    await holderProcess([file, ...args]);
    expect(await tryLock(folder)).toMatchObject({ unknown: false });
  });

  test("holds in a folder whose path is longer than a socket's may be", async () => {
    const long = join(folder, "long-".repeat(30), "lock");
    const lock = await taken(tryLock(long));
    expect(isHeld(await tryLock(long))).toBe(false);
    await lock.release();
  });

  test("of an earlier boot of this machine is free", async () => {
    await putTicket(3, JSON.stringify(foreign));
    await (await taken(tryLock(folder, async () => true))).release();
  });

  test("of a machine that may still have it stands, on a file system that several can have", async () => {
    await putTicket(3, JSON.stringify(foreign));
    const { pid, host, bootId } = foreign;
    expect(await tryLock(folder, async () => false)).toEqual({ holder: { pid, host, bootId }, unknown: true });
  });

  test("that was released on another machine is free", async () => {
    await putTicket(3, JSON.stringify({ ...foreign, released: true }));
    await (await taken(tryLock(folder, async () => false))).release();
  });

  test.each(["", "{"])("whose file a loss of power left as %j is free", async (content) => {
    await putTicket(3, content);
    await (await taken(tryLock(folder))).release();
    expect(await readdir(folder)).toEqual(["4"]);
  });
});
