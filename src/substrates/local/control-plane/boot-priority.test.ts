import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSmallCluster, type SmallCluster } from "../testing/small-components.ts";
import { setBooting } from "./boot-priority.ts";
import { type RunningProcess, startProcess } from "./processes.ts";

let cluster: SmallCluster;
let running: RunningProcess;

beforeEach(async () => {
  cluster = await createSmallCluster();
  running = await startProcess(cluster.shell("etcd", "exec sleep 1000"));
});
afterEach(() => cluster.remove());

const sessionNiceness = () => readFileSync(`/proc/${running.identity.pid}/autogroup`, "utf8").split("nice ")[1]?.trim();

test.runIf(existsSync("/proc/self/autogroup"))(
  "a booting session gives way to others, until it has booted",
  async () => {
    const before = sessionNiceness();
    await setBooting(running.identity.pid, true);
    expect(Number(sessionNiceness())).toBeGreaterThan(Number(before));
    await setBooting(running.identity.pid, false);
    expect(sessionNiceness()).toBe(before);
  },
);

test.runIf(process.getuid?.() === 0)("so do its threads, where root's rights allow to end that again", async () => {
  await setBooting(running.identity.pid, true);
  expect(getPriority(running.identity.pid)).toBeGreaterThan(0);
  await setBooting(running.identity.pid, false);
  expect(getPriority(running.identity.pid)).toBe(0);
});

test("a process that has ended is no problem", async () => {
  process.kill(running.identity.pid, "SIGKILL");
  await running.ended;
  await expect(setBooting(running.identity.pid, true)).resolves.toBeUndefined();
});
