import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { removeTaskQueue, startTaskQueue, type TaskJob, type TaskQueue } from "./queue.ts";

let home: string;
let database: Database;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "sampan-queue-"));
  database = await openDatabase({ home, url: undefined });
});
afterAll(async () => {
  await database.close();
  await rm(home, { recursive: true });
});

const fail = (error: Error) => {
  throw error;
};

/** A handler whose jobs wait until the test lets them go on. */
function gate() {
  const started: string[] = [];
  const releases = new Map<string, (outcome: "done" | "failed") => void>();
  const handler = ({ taskId }: TaskJob) =>
    new Promise<void>((resolve, reject) => {
      started.push(taskId);
      releases.set(taskId, (outcome) => (outcome === "done" ? resolve() : reject(new Error("not now"))));
    });
  return {
    started,
    handler,
    end: (taskId: string, outcome: "done" | "failed" = "done") => releases.get(taskId)?.(outcome),
  };
}

async function stateOf(taskId: string): Promise<unknown> {
  const { rows } = (await database.db.execute(
    sql`select state from pgboss.job where data->>'taskId' = ${taskId}`,
  )) as unknown as { rows: { state: string }[] };
  return rows[0]?.state;
}

async function enqueue(queue: TaskQueue, placement: string, ...jobs: [taskId: string, clusterId: string][]) {
  for (const [taskId, clusterId] of jobs)
    await database.db.transaction((tx) => queue.enqueue(tx, { placement, taskId, clusterId }));
}

describe("a task queue", () => {
  it("gives jobs of one cluster one at a time in order, and of different clusters in parallel", async () => {
    const queue = await startTaskQueue(database, "order", fail);
    const { started, handler, end } = gate();
    await queue.work(3, handler);
    await enqueue(queue, "order", ["a1", "a"], ["a2", "a"], ["b1", "b"]);
    await expect.poll(() => started.toSorted()).toEqual(["a1", "b1"]);
    end("b1");
    end("a1");
    await expect.poll(() => started, { timeout: 20_000 }).toContain("a2");
    expect(started).toHaveLength(3);
    end("a2");
    await queue.stop();
  });

  it("gives out again what counts as under way and is not, and nothing that is", async () => {
    const queue = await startTaskQueue(database, "abandoned", fail);
    const { started, handler, end } = gate();
    await queue.work(2, handler);
    await enqueue(queue, "abandoned", ["worked-on", "a"]);
    await expect.poll(() => started).toEqual(["worked-on"]);
    await enqueue(queue, "abandoned", ["left", "b"]);
    await expect.poll(() => started).toContain("left");
    // As if the database had ended before it was told that the job is done.
    end("left");
    await expect.poll(() => stateOf("left")).toBe("completed");
    await database.db.execute(sql`update pgboss.job set state = 'active' where data->>'taskId' = 'left'`);
    await queue.releaseAbandoned();
    await expect.poll(() => started, { timeout: 20_000 }).toEqual(["worked-on", "left", "left"]);
    expect(await stateOf("worked-on")).toBe("active");
    end("left");
    end("worked-on");
    await queue.stop();
  });

  it("takes the next job at once: a worker does not rest between them until its next poll", async () => {
    const queue = await startTaskQueue(database, "backlog", fail);
    const done: string[] = [];
    // More than there are polls before the test is given up.
    const jobs = Array.from({ length: 40 }, (_, n): [string, string] => [`task-${n}`, `cluster-${n}`]);
    await enqueue(queue, "backlog", ...jobs);
    await queue.work(1, async ({ taskId }) => void done.push(taskId));
    await expect.poll(() => done, { timeout: 25_000 }).toEqual(jobs.map(([taskId]) => taskId));
    await queue.stop();
  });

  it("never works on more jobs than it is told to", async () => {
    const queue = await startTaskQueue(database, "limit", fail);
    const { started, handler, end } = gate();
    await queue.work(2, handler);
    await enqueue(queue, "limit", ["1", "a"], ["2", "b"], ["3", "c"]);
    await expect.poll(() => started).toEqual(["1", "2"]);
    end("1");
    await expect.poll(() => started, { timeout: 20_000 }).toEqual(["1", "2", "3"]);
    end("2");
    end("3");
    await queue.stop();
  });

  it("knows nothing of a job whose transaction was rolled back", async () => {
    const queue = await startTaskQueue(database, "rolled-back", fail);
    const { started, handler, end } = gate();
    await queue.work(2, handler);
    const broken = database.db.transaction(async (tx) => {
      await queue.enqueue(tx, { placement: "rolled-back", taskId: "never", clusterId: "a" });
      throw new Error("The row could not be written.");
    });
    await expect(broken).rejects.toThrow("could not be written");
    await enqueue(queue, "rolled-back", ["later", "a"]);
    await expect.poll(() => started).toEqual(["later"]);
    end("later");
    await queue.stop();
  });

  it("gives a job again whose handler rejected, before any later job of its cluster", async () => {
    const queue = await startTaskQueue(database, "again", fail);
    const { started, handler, end } = gate();
    await queue.work(2, handler);
    await enqueue(queue, "again", ["first", "a"], ["second", "a"]);
    await expect.poll(() => started).toEqual(["first"]);
    end("first", "failed");
    await expect.poll(() => started, { timeout: 20_000 }).toEqual(["first", "first"]);
    end("first");
    await expect.poll(() => started, { timeout: 20_000 }).toEqual(["first", "first", "second"]);
    end("second");
    await queue.stop();
  });

  it("gives a job again that the process before it left under way", async () => {
    const queue = await startTaskQueue(database, "left", fail);
    const left = gate();
    await queue.work(1, left.handler);
    await enqueue(queue, "left", ["task", "a"]);
    await expect.poll(() => left.started).toEqual(["task"]);
    // What a killed process leaves: the job is still marked as under way when the next one starts.
    const next = await startTaskQueue(database, "left", fail);
    const { started, handler, end } = gate();
    await next.work(1, handler);
    await expect.poll(() => started, { timeout: 20_000 }).toEqual(["task"]);
    end("task");
    left.end("task");
    await next.stop();
    await queue.stop();
  });

  it("does not work on another's queue", async () => {
    await (await startTaskQueue(database, "other", fail)).stop();
    const queue = await startTaskQueue(database, "mine", fail);
    const { started, handler, end } = gate();
    await queue.work(2, handler);
    await enqueue(queue, "other", ["not mine", "a"]);
    await enqueue(queue, "mine", ["mine", "a"]);
    await expect.poll(() => started).toEqual(["mine"]);
    end("mine");
    await queue.stop();
    expect(started).toEqual(["mine"]);
  });

  it("keeps what waits for years, also in queues of before and of others", async () => {
    const boss = database.createBoss();
    await boss.start();
    for (const name of ["of-before", "of-another"]) await boss.createQueue(name, { policy: "key_strict_fifo" });
    await boss.stop({ graceful: false });
    const queue = await startTaskQueue(database, "of-before", fail);
    await enqueue(queue, "of-before", ["own", "a"]);
    await enqueue(queue, "of-another", ["other's", "b"]);
    await queue.enqueueMissing([{ taskId: "lost", clusterId: "c" }]);
    const kept = sql`select data->>'taskId' as task from pgboss.job
      where name like 'of-%' and keep_until > now() + interval '5 years' order by 1`;
    expect(await database.db.execute(kept)).toMatchObject({
      rows: [{ task: "lost" }, { task: "other's" }, { task: "own" }],
    });
    await queue.stop();
  });

  it("takes in again what it has lost, and nothing twice", async () => {
    const queue = await startTaskQueue(database, "lossy", fail);
    const { started, handler, end } = gate();
    await enqueue(queue, "lossy", ["kept", "a"], ["lost", "b"]);
    await database.db.execute(sql`delete from pgboss.job where data->>'taskId' = 'lost'`);
    const both = [
      { taskId: "kept", clusterId: "a" },
      { taskId: "lost", clusterId: "b" },
    ];
    for (const time of ["once", "twice"]) await queue.enqueueMissing(both).catch(() => expect.fail(time));
    await queue.work(4, handler);
    await expect.poll(() => started.toSorted()).toEqual(["kept", "lost"]);
    await enqueue(queue, "lossy", ["last", "c"]);
    await expect.poll(() => started).toContain("last");
    expect(started).toHaveLength(3);
    for (const taskId of started) end(taskId);
    await queue.stop();
  });

  it("is gone with its jobs once it is removed", async () => {
    const queue = await startTaskQueue(database, "removed", fail);
    await enqueue(queue, "removed", ["task", "a"]);
    await queue.stop();
    await removeTaskQueue(database, "removed");
    const left = sql`select 1 from pgboss.job where name = 'removed' union all select 1 from pgboss.queue where name = 'removed'`;
    expect(await database.db.execute(left)).toMatchObject({ rows: [] });
    await removeTaskQueue(database, "removed");
  });
});
