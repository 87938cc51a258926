import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { takeInstallLock } from "./lock.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

/** Long enough for a busy machine; only a test that hangs waits so long. */
const wait = { timeout: 60_000 };

/** Another process that takes the lock, says so, and keeps it until it is killed. */
async function holderProcess(directory: string): Promise<ChildProcess> {
  const script = `
    const { takeInstallLock } = await import(${JSON.stringify(join(import.meta.dirname, "lock.ts"))});
    const lock = await takeInstallLock(process.argv[1], { report() {} });
    lock.announce("Compiling in the other process");
    process.stdout.write("held");
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, directory]);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await once(child.stdout, "data");
  return child;
}

const silent = { report() {} };

test("only one holds the lock at a time, however many want it", async () => {
  const directory = temporaryFolder();
  let holders = 0;
  let most = 0;
  let turns = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const lock = await takeInstallLock(directory, silent);
      holders += 1;
      most = Math.max(most, holders);
      turns += 1;
      await new Promise(setImmediate);
      holders -= 1;
      await lock.release();
    }),
  );
  expect({ turns, most }).toEqual({ turns: 8, most: 1 });
});

test("the lock leaves one small file, however often it was taken", async () => {
  const directory = temporaryFolder();
  for (let round = 0; round < 5; round += 1) await (await takeInstallLock(directory, silent)).release();
  expect(readdirSync(join(directory, ".lock"))).toEqual(["5"]);
});

test("who waits is shown the progress of who works, also across processes", async () => {
  const directory = temporaryFolder();
  const holder = await holderProcess(directory);
  const messages: string[] = [];
  const stop = new AbortController();
  const waiting = takeInstallLock(directory, { report: (message) => messages.push(message), signal: stop.signal });
  await expect.poll(() => messages.at(-1), wait).toBe("Compiling in the other process");
  stop.abort(new Error("no longer wanted"));
  await expect(waiting).rejects.toThrow("no longer wanted");
  expect(holder.exitCode).toBeNull();
});

test("the lock of a killed process is taken over", async () => {
  const directory = temporaryFolder();
  const holder = await holderProcess(directory);
  const messages: string[] = [];
  const waiting = takeInstallLock(directory, { report: (message) => messages.push(message) });
  await expect.poll(() => messages.length, wait).toBeGreaterThan(0);
  holder.kill("SIGKILL");
  await (await waiting).release();
});

test("of many who find a dead owner's lock, still only one holds it at a time", async () => {
  const directory = temporaryFolder();
  mkdirSync(join(directory, ".lock"));
  // A pid that is alive: that its socket is gone says that the owner is dead and its pid was given anew.
  const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  writeFileSync(
    join(directory, ".lock", "41"),
    JSON.stringify({ pid: 1, host: "here", bootId, socket: "gone.socket", released: false }),
  );
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const lock = await takeInstallLock(directory, silent);
      holders += 1;
      most = Math.max(most, holders);
      await new Promise(setImmediate);
      holders -= 1;
      await lock.release();
    }),
  );
  expect(most).toBe(1);
  expect(readdirSync(join(directory, ".lock"))).toEqual(["47"]);
});

test("a lock file that a power cut left empty counts as released", async () => {
  const directory = temporaryFolder();
  mkdirSync(join(directory, ".lock"));
  writeFileSync(join(directory, ".lock", "3"), "");
  await (await takeInstallLock(directory, silent)).release();
  expect(readdirSync(join(directory, ".lock"))).toEqual(["4"]);
});
