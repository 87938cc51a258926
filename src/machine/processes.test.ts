import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  isSameProcess,
  killAll,
  listPids,
  parseProcessStat,
  processesIn,
  processIdentity,
  processStat,
} from "./processes.ts";

/** Long enough for a busy machine; only a test that hangs waits so long. */
const wait = { timeout: 60_000 };

test("the own process is the same process", () => {
  const identity = processIdentity(process.pid);
  expect(identity).toMatchObject({ pid: process.pid, startTime: expect.any(Number) });
  expect(identity && isSameProcess(identity)).toBe(true);
});

test("an identity survives JSON", () => {
  const identity = processIdentity(process.pid);
  expect(isSameProcess(JSON.parse(JSON.stringify(identity)))).toBe(true);
});

test.each([
  ["another start time", { startTime: 1 }],
  ["another boot", { bootId: "00000000-0000-0000-0000-000000000000" }],
])("the same pid with %s is another process", (_, difference) => {
  const identity = processIdentity(process.pid);
  expect(identity && isSameProcess({ ...identity, ...difference })).toBe(false);
});

test("a process that ended has no identity", async () => {
  const child = spawn("cat");
  const pid = child.pid ?? 0;
  const identity = processIdentity(pid);
  expect(identity?.pid).toBe(pid);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(processIdentity(pid)).toBeUndefined();
  expect(identity && isSameProcess(identity)).toBe(false);
});

test("a zombie counts as dead", async () => {
  // The shell starts a child that ends when its input does, then becomes a program that never waits for it.
  const script = "cat <&3 & echo $!; exec 3<&-; exec tail -f /dev/null";
  const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore", "pipe"] });
  try {
    const [output] = await once(parent.stdout as Readable, "data");
    const pid = Number(String(output).trim());
    expect(processIdentity(pid)).toBeDefined();
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8"), wait).toBe("tail\n");
    (parent.stdio[3] as Writable).end();
    await expect.poll(() => processIdentity(pid), wait).toBeUndefined();
    process.kill(pid, 0); // Still in the process table: signal 0 is accepted.
  } finally {
    parent.kill("SIGKILL");
    await once(parent, "exit");
  }
});

// Fields 3 to 22 of proc_pid_stat(5): state first, start time last.
const fields = "S 10 11 12 0 -1 4194560 1 0 0 0 2 3 0 0 20 0 5 0 987654 100 200";

test.each([
  ["a plain name", `77 (etcd) ${fields}`],
  ["a name with spaces and parentheses", `77 (a) R 1 (b) ${fields}`],
])("reads parent, session and start time after %s", (_, stat) => {
  expect(parseProcessStat(stat)).toEqual({ state: "S", parent: 10, session: 12, startTime: 987654 });
});

test("reads parent, session and start time after any name", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(parseProcessStat(`77 (${name}) ${fields}`)).toEqual({
        state: "S",
        parent: 10,
        session: 12,
        startTime: 987654,
      });
    }),
  );
});

test("a text that is no stat file is refused", () => {
  expect(() => parseProcessStat("hello")).toThrow("not the text of a /proc/<pid>/stat file");
});

test("what works in a folder is found and killed, with what it starts, also where the folder was removed", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sampan-processes-")));
  const parent = spawn("sh", ["-c", "sleep 600 & sleep 600"], { cwd: folder, stdio: "ignore" });
  await once(parent, "spawn");
  await expect.poll(() => processesIn(folder), wait).toHaveLength(3);
  rmSync(folder, { recursive: true });
  expect(await processesIn(folder)).toContain(parent.pid);
  expect(await killAll(() => processesIn(folder), 60_000)).toEqual([]);
  expect(parent.pid && processStat(parent.pid)).toBeUndefined();
});

test("what cannot be ended is told once the patience is over", async () => {
  // Nobody may kill the kernel's first process, and a zombie or one that has ended is not found again.
  expect(await killAll(async () => [2 ** 22 + 1], 0)).toEqual([2 ** 22 + 1]);
});

test("the own process is among all of them", () => {
  expect(listPids()).toContain(process.pid);
});
