import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isSameProcess, processIdentity } from "../../../machine/processes.ts";
import { createSmallCluster, type SmallCluster } from "../testing/small-components.ts";
import { scanProcesses } from "./process-scan.ts";
import { findProcesses, killProcess, startProcess, stopProcess } from "./processes.ts";

const patient = { stopGrace: 20_000, killDeadline: 20_000 };
const hasty = { stopGrace: 0, killDeadline: 20_000 };
const forever = "exec sleep 1000";
/** Runs on until there is a file `go` in the cluster's folder. */
const untilTold = "until [ -e go ]; do sleep 0.02; done;";

let cluster: SmallCluster;
beforeEach(async () => {
  cluster = await createSmallCluster();
});
afterEach(() => cluster.remove());

const textOf = (path: string) => readFileSync(path, "utf8");

describe("a started component", () => {
  test("runs with what is given, and with nothing of Sampan's own environment", async () => {
    const spec = {
      ...cluster.shell("etcd", `env; pwd; echo "to the log" >&2; ${forever}`),
      env: { PATH: "/usr/bin:/bin", TZ: "Asia/Shanghai" },
    };
    await startProcess(spec);
    await expect.poll(() => textOf(spec.logFile)).toContain("to the log");
    const lines = textOf(spec.logFile).trim().split("\n");
    expect(lines).toContain(cluster.folder);
    expect(lines).toContain("to the log");
    const variables = lines.filter((line) => line.includes("=")).map((line) => line.split("=")[0]);
    // The shell itself adds PWD and the like.
    expect(variables.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name as string)).toSorted()).toEqual([
      "PATH",
      "SAMPAN_COMPONENT",
      "TZ",
    ]);
    expect(statSync(spec.logFile).mode & 0o777).toBe(0o600);
  });

  test("leads a session of its own, so that no signal of Sampan's terminal reaches it", async () => {
    const { identity } = await startProcess(cluster.shell("etcd", forever));
    const session = textOf(`/proc/${identity.pid}/stat`).split(") ")[1]?.split(" ")[3];
    expect(Number(session)).toBe(identity.pid);
  });

  test("has a pid file for its owner alone that tells it from every other process", async () => {
    const spec = cluster.shell("etcd", forever);
    const { identity } = await startProcess(spec);
    expect(identity).toEqual(processIdentity(identity.pid));
    expect(JSON.parse(textOf(spec.pidFile))).toEqual({ ...identity, executable: "/bin/sh" });
    expect(statSync(spec.pidFile).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["exit 7", "exit code 7"],
    ["kill -9 $$", "signal SIGKILL"],
  ])("that ends by %s tells so", async (script, how) => {
    const { ended } = await startProcess(cluster.shell("etcd", `${untilTold} ${script}`));
    writeFileSync(join(cluster.folder, "go"), "");
    expect(await ended).toBe(how);
  });

  test("that is not there is an error with its name and the reason", async () => {
    const spec = { ...cluster.shell("etcd", ""), executable: "/nowhere/etcd" };
    await expect(startProcess(spec)).rejects.toThrow("member-1/etcd cannot be started: spawn /nowhere/etcd ENOENT.");
  });

  test("that ends before anybody can look tells so all the same", async () => {
    const { identity, ended } = await startProcess({ ...cluster.shell("etcd", ""), executable: "/bin/true" });
    expect(await ended).toBe("exit code 0");
    expect(isSameProcess(identity)).toBe(false);
  });

  test("appends to its log", async () => {
    const spec = cluster.shell("etcd", `echo once; ${untilTold}`);
    const runs = [await startProcess(spec), await startProcess(spec)];
    writeFileSync(join(cluster.folder, "go"), "");
    await Promise.all(runs.map(({ ended }) => ended));
    expect(textOf(spec.logFile)).toBe("once\nonce\n");
  });
});

describe("finding a cluster's processes", () => {
  test("takes no pid file, so that a Sampan killed before it wrote one loses nothing", async () => {
    const etcd = await startProcess(cluster.shell("etcd", forever));
    const scheduler = await startProcess(cluster.shell("kube-scheduler", forever));
    expect(await findProcesses(cluster.folder, new Map())).toEqual(
      new Map([
        ["member-1/etcd", [etcd.identity]],
        ["member-1/kube-scheduler", [scheduler.identity]],
      ]),
    );
  });

  test("gives each process once, that of the pid file first", async () => {
    const spec = cluster.shell("etcd", forever);
    const first = await startProcess(spec);
    const second = await startProcess(spec);
    for (const { identity } of [first, second]) {
      writeFileSync(spec.pidFile, JSON.stringify(identity));
      const found = (await findProcesses(cluster.folder, new Map([[spec.name, spec.pidFile]]))).get(spec.name);
      expect(found).toHaveLength(2);
      expect(found?.[0]).toEqual(identity);
    }
  });

  test.each([
    ["is damaged", () => "{"],
    [
      "names a process with the same pid that started at another time",
      (own: object) => JSON.stringify({ ...own, startTime: 1 }),
    ],
  ])("ignores a pid file that %s", async (_, content) => {
    const path = join(cluster.folder, "bad.pid");
    writeFileSync(path, content(processIdentity(process.pid) as object));
    expect(await findProcesses(cluster.folder, new Map([["member-1/etcd", path]]))).toEqual(new Map());
  });

  test("does not take processes of another cluster, nor of one whose folder begins the same", async () => {
    await startProcess(cluster.shell("etcd", forever));
    const other = await createSmallCluster();
    expect(await scanProcesses(other.folder)).toEqual([]);
    expect(await scanProcesses(cluster.folder.slice(0, -1))).toEqual([]);
    await other.remove();
  });

  test("does not take what has ended, also while its parent has not noticed", async () => {
    // The parent becomes a sleep, which never waits for its child: the child stays a zombie.
    const script = "sh -c 'echo $$' & exec sleep 1000";
    const { identity } = await startProcess(cluster.shell("etcd", script));
    const log = join(cluster.folder, "member-1", "etcd.log");
    await expect.poll(() => textOf(log)).toMatch(/^\d+\n$/);
    await expect.poll(() => textOf(`/proc/${Number(textOf(log))}/stat`)).toMatch(/\) Z /);
    expect((await scanProcesses(cluster.folder)).map((found) => found.identity.pid)).toEqual([identity.pid]);
  });
});

describe("stopping", () => {
  test("asks first: a component that listens ends by itself", async () => {
    const { identity, ended } = await startProcess(
      cluster.shell("etcd", 'trap "echo saved; exit 0" TERM; echo ready; while :; do sleep 0.05; done'),
    );
    const log = join(cluster.folder, "member-1", "etcd.log");
    await expect.poll(() => textOf(log)).toBe("ready\n");
    await stopProcess(identity, patient);
    expect(await ended).toBe("exit code 0");
    expect(textOf(log)).toBe("ready\nsaved\n");
  });

  test("kills a component that does not listen", async () => {
    const { identity, ended } = await startProcess(
      cluster.shell("etcd", 'trap "" TERM; echo ready; while :; do sleep 0.05; done'),
    );
    await expect.poll(() => textOf(join(cluster.folder, "member-1", "etcd.log"))).toBe("ready\n");
    await stopProcess(identity, hasty);
    expect(await ended).toBe("signal SIGKILL");
  });

  test("waits no longer when the wall clock is set back meanwhile", async ({ onTestFinished }) => {
    onTestFinished(() => void vi.useRealTimers());
    const { identity, ended } = await startProcess(
      cluster.shell("etcd", 'trap "" TERM; echo ready; while :; do sleep 0.05; done'),
    );
    await expect.poll(() => textOf(join(cluster.folder, "member-1", "etcd.log"))).toBe("ready\n");
    vi.useFakeTimers({ toFake: ["Date"] });
    const stopped = stopProcess(identity, { ...patient, stopGrace: 50 });
    vi.setSystemTime(Date.now() - 3_600_000);
    await stopped;
    expect(await ended).toBe("signal SIGKILL");
  });

  test("kills a component that the kernel has stopped", async () => {
    const { identity, ended } = await startProcess(cluster.shell("etcd", forever));
    process.kill(identity.pid, "SIGSTOP");
    await killProcess(identity, patient);
    expect(await ended).toBe("signal SIGKILL");
  });

  test("leaves a process alone whose start time is another, though the pid is the same", async () => {
    const { identity } = await startProcess(cluster.shell("etcd", forever));
    const earlier = { ...identity, startTime: identity.startTime - 1 };
    await stopProcess(earlier, patient);
    await killProcess(earlier, patient);
    expect(isSameProcess(identity)).toBe(true);
  });

  test("does nothing for a process that has ended", async () => {
    const { identity, ended } = await startProcess(cluster.shell("etcd", untilTold));
    writeFileSync(join(cluster.folder, "go"), "");
    await ended;
    await expect(stopProcess(identity, patient)).resolves.toBeUndefined();
  });
});

test("a component outlives the process that started it", async () => {
  const module = JSON.stringify(new URL("./processes.ts", import.meta.url).href);
  const spec = JSON.stringify(cluster.shell("etcd", forever));
  const code = `
    const { startProcess } = await import(${module});
    await startProcess(${spec});
    console.log("started");
    setInterval(() => {}, 1000);`;
  const sampan = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await once(sampan.stdout, "data");
  sampan.kill("SIGKILL");
  await once(sampan, "exit");
  const [found] = await scanProcesses(cluster.folder);
  expect(found && isSameProcess(found.identity)).toBe(true);
});
