import { sql } from "drizzle-orm";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { newCluster } from "../../test/support/new-cluster.ts";
import { changeCluster } from "../core/clusters/change.ts";
import { getCluster } from "../core/clusters/clusters.ts";
import { createCluster } from "../core/clusters/create.ts";
import { removeCluster } from "../core/clusters/remove.ts";
import type { Core } from "../core/core.ts";
import { listEvents } from "../core/events/events.ts";
import { requestCancel, requestPause, resumeTask } from "../core/tasks/changes.ts";
import { getTask, noteWorkedTime, writeTask } from "../core/tasks/tasks.ts";
import type { TaskJob, TaskQueue } from "../storage/queue.ts";
import type { Substrate } from "../substrates/substrate.ts";
import { onceAtATime, startTaskRunner, type TaskRunner } from "./runner.ts";
import { never, substrateOf } from "./testing/scripted-substrate.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

let runner: TaskRunner | undefined;
afterEach(async () => {
  await runner?.stop();
  runner = undefined;
});

/** Lets the database answer some statements as PostgreSQL does while it is shut down. */
const outage = {
  tables: {
    "updates tasks": "update on tasks",
    "updates clusters": "update on clusters",
    "writes events": "insert on events",
  },
  async begin(what: "updates tasks" | "updates clusters" | "writes events"): Promise<void> {
    await test.core.db.execute(sql`
      create or replace function be_away() returns trigger language plpgsql as
        $$ begin raise exception 'terminating connection' using errcode = '57P01'; end $$`);
    await test.core.db.execute(sql.raw(`create trigger away before ${outage.tables[what]} execute function be_away()`));
  },
  async end(): Promise<void> {
    for (const table of ["tasks", "clusters", "events"])
      await test.core.db.execute(sql.raw(`drop trigger if exists away on ${table}`));
  },
};

/** Starts a runner whose queue hands out a task when the test says so. */
async function start(substrate: Substrate, onLog: (message: string) => void = () => undefined) {
  let handler: (job: TaskJob) => Promise<void> = async () => undefined;
  const work: TaskQueue["work"] = async (_concurrency, given) => {
    handler = given;
  };
  const core: Core = {
    ...test.core,
    queue: { ...test.core.queue, work, stop: async () => undefined },
  };
  runner = await startTaskRunner({
    core,
    substrate,
    log: pino({ level: "warn" }, { write: (line) => onLog(JSON.parse(line).msg) }),
    versionPolicy: "nearest",
    concurrency: 1,
  });
  return async (taskId: string) => {
    const task = await getTask(test.core, taskId);
    await handler({ taskId, clusterId: task?.clusterId ?? "" });
  };
}

const nothing = async () => undefined;
const create = (changes: Parameters<typeof newCluster>[0] = {}) => createCluster(test.core, newCluster(changes));

const reasonsOf = async (clusterId: string) => (await listEvents(test.core, clusterId)).map(({ reason }) => reason);
const pause = async (taskId: string) => {
  const task = await getTask(test.core, taskId);
  if (task) await requestPause(test.core, task);
};

describe("a task that the queue gives out again while it is worked on", () => {
  it("is worked on once, and whoever got it waits for that", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const work = onceAtATime(({ taskId }) => {
      begun.push(taskId);
      return promise;
    });
    const job = { taskId: "t-1", clusterId: "c-1" };
    const both = [work(job), work({ ...job })];
    void work({ ...job, taskId: "t-2" });
    expect(begun).toEqual(["t-1", "t-2"]);
    resolve();
    await Promise.all(both);
    await work(job);
    expect(begun).toEqual(["t-1", "t-2", "t-1"]);
  });
});

describe("the task runner", () => {
  it("makes a cluster: its stages succeed, it runs, an event says so", async () => {
    const { clusterId, taskId } = await create();
    const work = await start(substrateOf({ one: nothing, two: async ({ report }) => report("Half way.") }));
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({
      state: "succeeded",
      error: null,
      startedAt: expect.any(Date),
      endedAt: expect.any(Date),
      stages: [{ state: "succeeded" }, { state: "succeeded", message: "Half way." }],
    });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "running" });
    expect(await listEvents(test.core, clusterId)).toMatchObject([{ reason: "ClusterRunning" }]);
  });

  it("gives a stage the plan, and keeps its notes and secrets", async () => {
    const { clusterId, taskId } = await create();
    const work = await start(
      substrateOf({
        one: async ({ cluster }) => {
          expect(cluster.plan).toMatchObject({ id: clusterId, version: "1.20.4", members: 1, nodes: [{}, {}, {}] });
          await cluster.saveState({ network: "127.64.5" });
          await cluster.secrets.put("ca", "PEM");
        },
        two: async ({ cluster }) => {
          expect(cluster.state).toEqual({ network: "127.64.5" });
          expect(await cluster.secrets.get("ca")).toBe("PEM");
        },
      }),
    );
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({ state: "succeeded" });
  });

  it("leaves a failed cluster with the reason", async () => {
    const { clusterId, taskId } = await create();
    const work = await start(substrateOf({ one: async () => Promise.reject(new Error("No disk is left.")) }));
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({ state: "failed", error: "one: No disk is left." });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "failed" });
    const errors = (await listEvents(test.core, clusterId)).filter(({ level }) => level === "error");
    expect(errors).toMatchObject([{ message: "one: No disk is left." }]);
  });

  it("ends a task of a cluster that it can make no plan of, whatever it was to do", async () => {
    const { clusterId, taskId } = await create();
    await test.core.db.execute(sql`update clusters set spec = spec - 'addons' where id = ${clusterId}`);
    const work = await start(substrateOf({ one: nothing }));
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/^What is kept of the cluster cannot be worked with: /),
    });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "failed" });
  });

  it("removes a failed cluster that was to be rolled back; its task stays readable", async () => {
    const wanted = newCluster();
    wanted.spec.creation.rollback = true;
    const { clusterId, taskId } = await create(wanted);
    const work = await start(
      substrateOf({ one: nothing, two: async () => Promise.reject(new Error("No disk is left.")) }),
    );
    await work(taskId);
    expect(await getCluster(test.core, clusterId)).toBeUndefined();
    expect(await getTask(test.core, taskId)).toMatchObject({
      state: "failed",
      stages: [{ state: "undone" }, { state: "failed" }],
    });
  });

  it("ends a task that is past its deadline", async () => {
    const wanted = newCluster();
    // A minute is the least that can be asked for; less than none is over at once.
    wanted.spec.creation.timeoutMinutes = -1;
    const { taskId } = await create(wanted);
    const work = await start(substrateOf({ one: never }));
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({
      state: "failed",
      error: expect.stringContaining("timeout_mins"),
    });
  });

  it("counts only the time that is worked on a task: no pause, and no time that it waited or Sampan was off", async () => {
    const { taskId } = await create();
    const work = await start(substrateOf({ one: () => pause(taskId), two: nothing }));
    await work(taskId);
    const twoDaysAgo = new Date(Date.now() - 48 * 3_600_000);
    await writeTask(test.core, taskId, { startedAt: twoDaysAgo });
    const paused = await getTask(test.core, taskId);
    expect(paused && (await resumeTask(test.core, paused))).toBe(true);
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({ state: "succeeded", startedAt: twoDaysAgo });
  });

  it("counts what was worked before a stop of Sampan", async () => {
    const { taskId } = await create();
    await noteWorkedTime(test.core, taskId, 3_599_000);
    const first = await start(substrateOf({ one: never }));
    const working = first(taskId).catch(() => undefined);
    await expect.poll(async () => (await getTask(test.core, taskId))?.stages[0]?.state).toBe("running");
    await runner?.stop();
    await working;
    const left = await getTask(test.core, taskId);
    expect(left?.state).toBe("running");
    expect(left?.workedMs).toBeGreaterThan(3_599_000);
    await noteWorkedTime(test.core, taskId, 3_600_000);
    const second = await start(substrateOf({ one: never }));
    await second(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({
      state: "failed",
      error: expect.stringContaining("timeout_mins"),
    });
  });

  it("ends a task that is cancelled while a stage runs", async () => {
    const { clusterId, taskId } = await create();
    const work = await start(substrateOf({ one: never }));
    const working = work(taskId);
    const task = await getTask(test.core, taskId);
    expect(task && (await requestCancel(test.core, task))).toBe(true);
    await working;
    const ended = await getTask(test.core, taskId);
    expect(ended).toMatchObject({ state: "cancelled" });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "failed" });
    expect(ended && (await requestCancel(test.core, ended))).toBe(false);
  });

  it("removes a cluster that is still being made, once its creation has stopped", async () => {
    const { clusterId, taskId } = await create();
    const work = await start(substrateOf({ one: never }));
    const working = work(taskId);
    const removal = await removeCluster(test.core, { id: clusterId, accountId: "default" });
    await working;
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "removing" });
    await work(removal ?? "");
    expect(await getCluster(test.core, clusterId)).toBeUndefined();
    expect(await getTask(test.core, removal ?? "")).toMatchObject({ state: "succeeded" });
  });

  it("leaves a cluster to the removal that was accepted in the last stage of its creation", async () => {
    const { clusterId, taskId } = await create();
    const removeIt = async () => void (await removeCluster(test.core, { id: clusterId, accountId: "default" }));
    const work = await start(substrateOf({ one: removeIt }));
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({ state: "succeeded" });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "removing" });
    expect(await reasonsOf(clusterId)).not.toContain("ClusterRunning");
  });

  it.each(["updates tasks", "updates clusters", "writes events"] as const)(
    "goes on at the same stage after a database that was away: it no longer %s",
    async (what) => {
      const wanted = newCluster();
      wanted.spec.creation.rollback = true;
      const { clusterId, taskId } = await create(wanted);
      const ran: string[] = [];
      const stage = (name: string) => async () => {
        ran.push(name);
        if (ran.length === 1) await outage.begin(what);
      };
      const work = await start(substrateOf({ one: stage("one"), two: stage("two") }), (message) => {
        if (message.startsWith("The database is away")) void outage.end();
      });
      await work(taskId);
      expect(await getTask(test.core, taskId)).toMatchObject({ state: "succeeded", error: null });
      expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "running" });
      expect(ran.slice(-1)).toEqual(["two"]);
      expect((await reasonsOf(clusterId)).filter((reason) => reason === "ClusterRunning")).toHaveLength(1);
    },
  );

  it("waits between stages where it is asked to, and goes on", async () => {
    const { taskId } = await create();
    const ran: string[] = [];
    const pauseAtOne = async () => {
      ran.push("one");
      await pause(taskId);
    };
    const work = await start(substrateOf({ one: pauseAtOne, two: async () => void ran.push("two") }));
    await work(taskId);
    const paused = await getTask(test.core, taskId);
    expect(paused).toMatchObject({ state: "paused" });
    expect(paused && (await resumeTask(test.core, paused))).toBe(true);
    expect(test.enqueued.filter((id) => id === taskId)).toHaveLength(2);
    await work(taskId);
    expect(await getTask(test.core, taskId)).toMatchObject({ state: "succeeded" });
    expect(ran).toEqual(["one", "two"]);
  });

  it("leaves a task to the next start when Sampan stops in a stage, which goes on there", async () => {
    const { taskId } = await create();
    const ran: string[] = [];
    const first = await start(substrateOf({ one: async () => void ran.push("one"), two: never }));
    const working = first(taskId).catch((error: Error) => error.name);
    await expect.poll(async () => (await getTask(test.core, taskId))?.stages[1]?.state).toBe("running");
    await runner?.stop();
    expect(await working).toBe("TaskInterruption");
    expect(await getTask(test.core, taskId)).toMatchObject({
      state: "running",
      stages: [{ state: "succeeded" }, { state: "running" }],
    });
    const second = await start(
      substrateOf({ one: async () => void ran.push("one"), two: async () => void ran.push("two") }),
    );
    await second(taskId);
    expect(ran).toEqual(["one", "two"]);
    expect(await getTask(test.core, taskId)).toMatchObject({ state: "succeeded" });
  });

  it("changes a cluster that runs, with its new plan", async () => {
    const { clusterId, taskId } = await create();
    const names: string[] = [];
    const work = await start(substrateOf({ one: async ({ cluster }) => void names.push(cluster.plan.name) }));
    await work(taskId);
    const cluster = { id: clusterId, accountId: "default" };
    const change = await changeCluster(test.core, cluster, { name: "new" });
    await work(change ?? "");
    expect(names).toEqual(["demo", "new"]);
    expect(await getTask(test.core, change ?? "")).toMatchObject({
      state: "succeeded",
      stages: [{ name: "change-one", state: "succeeded" }],
    });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "running" });
  });

  it("has nothing to change in a cluster whose creation failed", async () => {
    const { clusterId, taskId } = await create();
    const work = await start(substrateOf({ one: async () => Promise.reject(new Error("No disk is left.")) }));
    await work(taskId);
    const cluster = { id: clusterId, accountId: "default" };
    const change = await changeCluster(test.core, cluster, { name: "new" });
    await work(change ?? "");
    expect(await getTask(test.core, change ?? "")).toMatchObject({ state: "succeeded", stages: [] });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "failed", name: "new" });
  });

  it("does nothing for a task that has ended, and ends one whose cluster has gone", async () => {
    const { clusterId, taskId } = await create();
    const cluster = { id: clusterId, accountId: "default" };
    const change = await changeCluster(test.core, cluster, { name: "new" });
    const first = await removeCluster(test.core, cluster);
    const second = await removeCluster(test.core, cluster);
    await writeTask(test.core, change ?? "", { requested: null });
    const work = await start(substrateOf({ one: nothing }));
    for (const id of [first, second, taskId, change, taskId]) await work(id ?? "");
    expect(await getTask(test.core, second ?? "")).toMatchObject({ state: "succeeded", error: null });
    expect(await getTask(test.core, taskId)).toMatchObject({ state: "cancelled" });
    const lost = await getTask(test.core, change ?? "");
    expect(lost).toMatchObject({ state: "failed", error: "Cluster new does not exist any more." });
  });

  it("takes running clusters up again when it starts, and no others", async () => {
    const made = await create();
    const unfinished = await create();
    await (await start(substrateOf({ one: nothing })))(made.taskId);
    await runner?.stop();
    const resumed: string[] = [];
    await start(substrateOf({ one: nothing }, async ({ plan }) => void resumed.push(plan.id)));
    await expect.poll(() => resumed).toContain(made.clusterId);
    expect(resumed).not.toContain(unfinished.clusterId);
  });

  it("hands back what is to be done on a cluster that is being taken up, works on others, and removes it at once", async () => {
    const made = await create();
    const other = await create();
    await (await start(substrateOf({ one: nothing })))(made.taskId);
    await runner?.stop();
    const resumed: string[] = [];
    const hanging = substrateOf({ one: nothing }, async ({ plan }, way) => {
      resumed.push(plan.id);
      if (way && plan.id === made.clusterId) await never(way);
    });
    const work = await start(hanging);
    await expect.poll(() => resumed).toContain(made.clusterId);
    const cluster = { id: made.clusterId, accountId: "default" };
    const change = await changeCluster(test.core, cluster, { name: "new" });
    await expect(work(change ?? "")).rejects.toThrow("is being taken up");
    await work(other.taskId);
    expect(await getTask(test.core, other.taskId)).toMatchObject({ state: "succeeded" });
    const removal = await removeCluster(test.core, cluster);
    // The queue gives out first what was asked for first.
    await work(change ?? "");
    await work(removal ?? "");
    expect(await getCluster(test.core, made.clusterId)).toBeUndefined();
  });
});
