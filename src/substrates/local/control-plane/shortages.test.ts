import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm, truncate } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isSameProcess } from "../../../machine/processes.ts";
import { type MountWish, mountPrivately } from "../../../machine/testing/mounts.ts";
import { createSmallCluster, type SmallCluster } from "../testing/small-components.ts";
import { defaultTiming } from "../timing.ts";
import { scanProcesses } from "./process-scan.ts";
import { startProcess } from "./processes.ts";
import { createSupervisor } from "./supervisor.ts";

const mebibyte = 1024 * 1024;
const forever = "exec sleep 1000";
const noMounts = "This machine lets this user mount nothing, also not in a namespace of its own.";

/** What is to be undone after a test, the last thing first. */
let undos: (() => Promise<unknown>)[];
let folder: string;
beforeEach(async () => {
  undos = [];
  folder = await mkdtemp(join(tmpdir(), "sampan-shortage-"));
});
afterEach(async () => {
  for (const undo of undos.toReversed()) await undo();
  await rm(folder, { recursive: true });
});

async function mounted(wish: MountWish): Promise<string | undefined> {
  const mount = await mountPrivately(wish);
  if (mount !== undefined) undos.push(() => mount.remove());
  return mount?.path;
}

async function smallCluster(at: string): Promise<SmallCluster> {
  const cluster = await createSmallCluster(at);
  undos.push(() => cluster.remove());
  return cluster;
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  expect(() => writeFileSync(path, Buffer.alloc(64 * mebibyte))).toThrow("ENOSPC");
}

describe("on a disk that is full", () => {
  const disk = { disk: { bytes: 20 * mebibyte }, at: "" };

  test("a component runs on, its log is emptied, and that is told", async ({ skip }) => {
    const path = await mounted({ ...disk, at: folder });
    if (path === undefined) return skip(noMounts);
    const cluster = await smallCluster(path);
    const spec = cluster.shell("etcd", forever);
    const running = await startProcess(spec);
    const deaths: unknown[] = [];
    const troubles: string[] = [];
    const supervision = createSupervisor({
      timing: { ...defaultTiming, healthPoll: 5, startGrace: -1 },
      log: pino({ level: "silent" }),
    }).supervise(
      {
        key: spec.name,
        logFile: spec.logFile,
        start: () => startProcess(spec),
        check: async () => undefined,
        onDeath: (death) => deaths.push(death),
        onTrouble: (_, sentence) => sentence !== undefined && troubles.push(sentence),
      },
      running,
    );
    undos.push(() => supervision.stop());
    fill(join(path, "filler"));
    await truncate(spec.logFile, 17 * mebibyte);
    await expect.poll(() => troubles).toHaveLength(1);
    expect(troubles[0]).toContain("since it cannot be put aside: the disk is full: make room on it (ENOSPC: ");
    expect(isSameProcess(running.identity)).toBe(true);
    expect(deaths).toEqual([]);
  });

  test("a component starts without its pid file, and is found all the same", async ({ skip }) => {
    const path = await mounted({ ...disk, at: folder });
    if (path === undefined) return skip(noMounts);
    const cluster = await smallCluster(path);
    const spec = cluster.shell("etcd", forever);
    writeFileSync(spec.logFile, "");
    fill(join(path, "filler"));
    const { identity, troubles } = await startProcess(spec);
    expect(troubles["pid file"]).toContain("etcd.pid cannot be written: the disk is full: make room on it (ENOSPC: ");
    expect(await scanProcesses(cluster.folder)).toEqual([{ component: spec.name, identity }]);
  });
});

test("on a disk for reading only a component does not start, which says why, and nothing is left running", async ({
  skip,
}) => {
  const path = await mounted({ readOnly: folder });
  if (path === undefined) return skip(noMounts);
  const { shell } = await smallCluster(folder);
  const spec = { ...shell("etcd", forever), folder: path, logFile: join(path, "member-1", "etcd.log") };
  await expect(startProcess(spec)).rejects.toThrow(
    /^member-1\/etcd cannot be started: its log cannot be written: the file system is read-only: mount it for writing \(EROFS/,
  );
  expect(await scanProcesses(path)).toEqual([]);
});

test("without a free file descriptor a component that is well is neither killed nor thought dead", async () => {
  const cluster = await smallCluster(folder);
  const program = fileURLToPath(new URL("../testing/short-of-files.ts", import.meta.url));
  const spec = JSON.stringify(cluster.shell("etcd", forever));
  const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
  await once(server, "listening");
  undos.push(async () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const shell = ["-c", 'ulimit -n 256 && exec "$@"', "sh", process.execPath, program, spec, url];
  const { stdout } = await promisify(execFile)("/bin/sh", shell);
  const { outcome, pid } = JSON.parse(stdout) as { outcome: string; pid: number };
  expect(outcome).toContain("It cannot be asked: this process has as many files open as it may");
  const running = await scanProcesses(cluster.folder);
  expect(running.map(({ identity }) => identity.pid)).toEqual([pid]);
});
