import { mkdirSync, statSync, truncateSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isSameProcess } from "../../../machine/processes.ts";
import { createSmallCluster, type SmallCluster } from "../testing/small-components.ts";
import { defaultTiming, type Timing } from "../timing.ts";
import { expectOk } from "./health.ts";
import { type ProcessSpec, startProcess } from "./processes.ts";
import { createSupervisor, type Death, type SupervisedComponent, type Supervision } from "./supervisor.ts";

const forever = "exec sleep 1000";
const quick: Timing = { ...defaultTiming, adoptedPoll: 5, restartDelay: 1, restartDelayLimit: 8 };
const log = pino({ level: "silent" });

let cluster: SmallCluster;
let deaths: Death[];
let troubles: string[];
let supervisions: Supervision[];

beforeEach(async () => {
  cluster = await createSmallCluster();
  deaths = [];
  troubles = [];
  supervisions = [];
});

afterEach(async () => {
  await Promise.all(supervisions.map(({ stop }) => stop()));
  await cluster.remove();
});

function component(spec: ProcessSpec, more: Partial<SupervisedComponent> = {}): SupervisedComponent {
  return {
    key: `${spec.folder}/${spec.name}`,
    logFile: spec.logFile,
    start: () => startProcess(spec),
    check: async () => undefined,
    onDeath: (death) => deaths.push(death),
    onTrouble: (kind, sentence) => sentence !== undefined && troubles.push(`${kind}: ${sentence}`),
    ...more,
  };
}

/** Starts a component and puts it under supervision, as a child of this process or as an adopted one. */
async function supervise(one: SupervisedComponent, timing = quick, as: "child" | "adopted" = "child") {
  const started = await one.start();
  const running = as === "child" ? started : { ...started, ended: undefined };
  const supervision = createSupervisor({ timing, log }).supervise(one, running);
  supervisions.push(supervision);
  return supervision;
}

describe.each(["child", "adopted"] as const)("a component that runs as %s", (as) => {
  test("is started again when it dies", async () => {
    const supervision = await supervise(component(cluster.shell("etcd", forever)), quick, as);
    const first = supervision.identity;
    process.kill(first.pid, "SIGKILL");
    await expect.poll(() => supervision.identity.pid).not.toBe(first.pid);
    expect(isSameProcess(supervision.identity)).toBe(true);
    const how = as === "child" ? "signal SIGKILL" : "its exit code is unknown, since an earlier Sampan had started it";
    expect(deaths).toEqual([{ how, inARow: 1, restartIn: 1 }]);
    expect(supervision.lastDeath).toEqual(deaths[0]);
  });

  test("is gone after the stop, and not started again", async () => {
    const supervision = await supervise(component(cluster.shell("etcd", forever)), quick, as);
    await supervision.stop();
    expect(isSameProcess(supervision.identity)).toBe(false);
    expect(deaths).toEqual([]);
  });
});

test("a component that cannot be kept alive is tried at ever longer intervals, up to a limit", async () => {
  let starts = 0;
  const spec = cluster.shell("etcd", forever);
  const start = () => (starts++ === 0 ? startProcess(spec) : Promise.reject(new Error("there is no etcd any more")));
  const supervision = await supervise(component(spec, { start }));
  process.kill(supervision.identity.pid, "SIGKILL");
  await expect.poll(() => deaths.length).toBeGreaterThan(5);
  expect(deaths.slice(0, 6).map(({ inARow, restartIn }) => [inARow, restartIn])).toEqual([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [5, 8],
    [6, 8],
  ]);
  expect(deaths[1]?.how).toBe("there is no etcd any more");
});

test("a stable time makes the next death count as the first", async () => {
  const spec = cluster.shell("etcd", forever);
  const supervision = await supervise(component(spec), { ...quick, stableAfter: -1 });
  for (const round of [1, 2, 3]) {
    const before = supervision.identity;
    process.kill(before.pid, "SIGKILL");
    await expect.poll(() => supervision.identity.pid).not.toBe(before.pid);
    expect(deaths).toHaveLength(round);
  }
  expect(deaths.map(({ inARow }) => inARow)).toEqual([1, 1, 1]);
});

test("a component that hangs is killed and started again", async () => {
  const script = `
    const server = require("node:http").createServer((_, response) => response.end("ok"));
    server.listen(0, "127.0.0.1", () => require("node:fs").writeFileSync("port", String(server.address().port)));`;
  const spec = { ...cluster.shell("api", ""), executable: process.execPath, args: ["-e", script] };
  const check = async (signal: AbortSignal) => {
    const port = await readFile(`${cluster.folder}/port`, "utf8");
    await expectOk(`http://127.0.0.1:${port}/healthz`, { ca: "", cert: "", key: "" }, signal);
  };
  // The deadline is long enough for an answer from a process that works, however busy the machine is.
  const timing = { ...quick, healthPoll: 10, healthDeadline: 2_000, startGrace: -1 };
  const one = component(spec, { check });
  const started = await one.start();
  await expect.poll(() => check(new AbortController().signal).then(() => "healthy", String)).toBe("healthy");
  const supervision = createSupervisor({ timing, log }).supervise(one, started);
  supervisions.push(supervision);

  process.kill(started.identity.pid, "SIGSTOP");
  await expect.poll(() => supervision.identity.pid, { timeout: 25_000 }).not.toBe(started.identity.pid);
  expect(isSameProcess(started.identity)).toBe(false);
  expect(deaths[0]?.how).toContain("no health for 3 checks in a row, the last one: no answer within 2000 ms");
});

describe("a stop", () => {
  test("ends the wait for the next start", async () => {
    const supervision = await supervise(component(cluster.shell("etcd", forever)), {
      ...quick,
      restartDelay: 3_600_000,
      restartDelayLimit: 3_600_000,
    });
    process.kill(supervision.identity.pid, "SIGKILL");
    await expect.poll(() => deaths.length).toBe(1);
    await supervision.stop();
    expect(isSameProcess(supervision.identity)).toBe(false);
  });

  test("waits for a start that is under way and ends its process, too", async () => {
    const spec = cluster.shell("etcd", forever);
    const gate = Promise.withResolvers<void>();
    let starts = 0;
    const start = async () => {
      if (starts++ > 0) await gate.promise;
      return startProcess(spec);
    };
    const supervision = await supervise(component(spec, { start }));
    const first = supervision.identity;
    process.kill(first.pid, "SIGKILL");
    await expect.poll(() => starts).toBe(2);
    const stopped = supervision.stop();
    gate.resolve();
    await stopped;
    expect(supervision.identity).not.toEqual(first);
    expect(isSameProcess(supervision.identity)).toBe(false);
  });

  test("can be asked for twice", async () => {
    const supervision = await supervise(component(cluster.shell("etcd", forever)));
    await Promise.all([supervision.stop(), supervision.stop()]);
    await supervision.stop();
    expect(isSameProcess(supervision.identity)).toBe(false);
  });
});

test("a supervision is found by its key until it is stopped, and no key is used twice", async () => {
  const supervisor = createSupervisor({ timing: quick, log });
  const [etcd, api] = ["etcd", "api"].map((name) => component(cluster.shell(name, forever))) as [
    SupervisedComponent,
    SupervisedComponent,
  ];
  for (const one of [etcd, api]) supervisions.push(supervisor.supervise(one, await one.start()));
  expect(supervisor.find(etcd.key)).toBe(supervisions[0]);
  expect(supervisor.under(`${cluster.folder}/`)).toEqual(supervisions);
  expect(supervisor.under(`${cluster.folder}-other/`)).toEqual([]);
  const running = { identity: supervisions[0]?.identity as Supervision["identity"], ended: undefined };
  expect(() => supervisor.supervise(etcd, running)).toThrow("is supervised already");
  await supervisions[0]?.stop();
  expect(supervisor.find(etcd.key)).toBeUndefined();
  expect(supervisor.under(`${cluster.folder}/`)).toEqual([supervisions[1]]);
});

test("the log of a component that runs on does not grow without bound", async () => {
  const spec = cluster.shell("etcd", forever);
  await supervise(component(spec), { ...quick, healthPoll: 5 });
  truncateSync(spec.logFile, 17 * 1024 * 1024);
  await expect.poll(() => statSync(spec.logFile).size).toBe(0);
  expect(statSync(`${spec.logFile}.1`).size).toBe(17 * 1024 * 1024);
});

test("a log that cannot be put aside is emptied, and is no reason to kill what works", async () => {
  const spec = cluster.shell("etcd", forever);
  const supervision = await supervise(component(spec), { ...quick, healthPoll: 5, startGrace: -1 });
  const { identity } = supervision;
  mkdirSync(`${spec.logFile}.1`);
  // Three failures in a row would be a hang.
  for (const round of [1, 2, 3, 4]) {
    truncateSync(spec.logFile, 17 * 1024 * 1024);
    await expect.poll(() => troubles.length).toBe(round);
    expect(statSync(spec.logFile).size).toBe(0);
  }
  expect(troubles[0]).toContain(
    `log: The log ${spec.logFile} was emptied without a copy, since it cannot be put aside: `,
  );
  expect(supervision.identity).toEqual(identity);
  expect(isSameProcess(identity)).toBe(true);
  expect(deaths).toEqual([]);
});
