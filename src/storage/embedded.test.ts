import { once } from "node:events";
import { cp, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { MessageChannel, Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { mountPrivately } from "../machine/testing/mounts.ts";
import { openDatabase } from "./database.ts";
import { type Embedded, openEmbedded } from "./embedded.ts";

let home: string;
let database: Embedded;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "sampan-embedded-"));
  await (await openDatabase({ home, url: undefined })).close();
  await cp(join(home, "database"), join(home, "hasty"), { recursive: true });
  database = await openEmbedded(join(home, "database"));
  await database.pool.query("create table notes (id int primary key, text text)");
});
afterAll(async () => {
  await database?.close();
  await rm(home, { recursive: true });
});

const notes = async (): Promise<unknown[]> => (await database.pool.query("select id from notes order by id")).rows;

describe("the thread of the embedded database", () => {
  it("leaves the event loop to others while it works", async () => {
    let working = true;
    const work = database.pool.query("select count(*) from generate_series(1, 3000000)").then(() => {
      working = false;
    });
    for (let turn = 0; turn < 100; turn++) await nextTurn();
    expect(working).toBe(true);
    await work;
  });

  it("gives a value of a megabyte back as it was", async () => {
    const text = "A megabyte of text 中文\n".repeat(40_000);
    await database.pool.query("insert into notes values (1, $1)", [text]);
    const { rows } = await database.pool.query("select text from notes where id = 1");
    expect(rows[0].text === text).toBe(true);
    await database.pool.query("delete from notes");
  });

  it("undoes what a connection left begun", async () => {
    const client = await database.pool.connect();
    await client.query("begin");
    await client.query("insert into notes values (2, 'never committed')");
    client.release(true);
    expect(await notes()).toEqual([]);
  });

  it("forgets what a connection had prepared", async () => {
    for (const number of [1, 2]) {
      const client = await database.pool.connect();
      const { rows } = await client.query({ name: "number", text: `select ${number} as number` });
      expect(rows).toEqual([{ number }]);
      client.release(true);
    }
  });

  it("goes on after statements that failed, also inside of a transaction", async () => {
    await expect(database.pool.query("begin; insert into notes values (3); select 1/0; commit")).rejects.toThrow(
      "division by zero",
    );
    await expect(database.pool.query("select $1::int", ["no number"])).rejects.toMatchObject({ code: "22P02" });
    expect(await notes()).toEqual([]);
  });

  it("has nobody else's statements run while something is done exclusively", async () => {
    const order: string[] = [];
    await Promise.all([
      database.exclusively(async () => {
        for (let turn = 0; turn < 100; turn++) await nextTurn();
        order.push("exclusive work");
      }),
      database.pool.query("select 1").then(() => order.push("query")),
    ]);
    expect(order).toEqual(["exclusive work", "query"]);
  });

  it("tells the job queue of notifications, until it listens no more", async () => {
    const heard: string[] = [];
    let subscribed = 0;
    const listening = await database.jobs.listen?.(
      "a queue's",
      (payload) => heard.push(payload),
      () => subscribed++,
    );
    await database.pool.query("select pg_notify($1, $2)", ["a queue's", "first"]);
    // Another connection: meanwhile nobody has listened.
    (await database.pool.connect()).release(true);
    await database.pool.query("select pg_notify($1, $2)", ["a queue's", "second"]);
    await listening?.close();
    await database.pool.query("select pg_notify($1, $2)", ["a queue's", "third"]);
    expect(heard).toEqual(["first", "second"]);
    expect(subscribed).toBe(2);
  });

  it("keeps nothing of the answers that it has given", async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 64 };
    const thread = new Worker(new URL("./database-thread.ts", import.meta.url), {
      workerData: join(home, "hasty"),
      resourceLimits,
    });
    await once(thread, "message");
    const { port1, port2 } = new MessageChannel();
    thread.postMessage(port2, [port2]);
    const megabyte = simpleQuery("select repeat('x', 1000000)");
    for (let round = 0; round < 150; round++) {
      port1.postMessage(megabyte);
      const [answer] = await once(port1, "message");
      expect(answer.length).toBeGreaterThan(1_000_000);
    }
    port1.close();
    thread.postMessage(undefined);
    await once(thread, "exit");
  });
});

/** A statement in PostgreSQL's wire protocol. */
function simpleQuery(statement: string): Buffer {
  const text = Buffer.from(`${statement}\0`);
  const head = Buffer.from("Q\0\0\0\0");
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

it("an embedded database whose disk is full says so, and goes on when there is room again", async ({ skip }) => {
  const small = await mountPrivately({ disk: { bytes: 120 * 1024 ** 2 }, at: tmpdir() });
  if (small === undefined) return skip("this user may mount nothing here");
  onTestFinished(() => small.remove());
  const folder = join(small.path, "database");
  await cp(join(home, "hasty"), folder, { recursive: true });
  const ends: string[] = [];
  const full = await openEmbedded(folder, ({ message }) => ends.push(message));
  await full.pool.query("create table notes (text text)");
  await full.pool.query("insert into notes values ('acknowledged')");
  const heard: string[] = [];
  await full.jobs.listen?.(
    "news",
    (payload) => heard.push(payload),
    () => undefined,
  );
  const ballast = join(small.path, "ballast");
  const { bavail, bsize } = await statfs(small.path);
  await writeFile(ballast, Buffer.alloc((bavail - 100) * bsize));

  // Into PostgreSQL's log alone, which cannot do with less than a file of 16 MiB more.
  const write = () => full.pool.query("select pg_logical_emit_message(true, 'note', repeat('x', 3000000))");
  const fill = async () => {
    for (;;) await write();
  };
  await expect(fill()).rejects.toMatchObject({
    severity: "PANIC",
    message: expect.stringContaining("No space left on device"),
  });
  await vi.waitFor(() => expect(write()).rejects.toThrow(`${folder} cannot be opened`));
  expect(ends).toEqual(["its thread ended with code 1"]);
  await rm(ballast);
  await expect
    .poll(() => full.pool.query("select text from notes").then(({ rows }) => rows, String))
    .toEqual([{ text: "acknowledged" }]);
  await full.pool.query("select pg_notify('news', 'that the disk has room')");
  expect(heard).toEqual(["that the disk has room"]);
  await full.close();
});

it("an embedded database that has to hurry ends in the midst of a query, and keeps what was acknowledged", async () => {
  const hasty = await openEmbedded(join(home, "hasty"));
  await hasty.pool.query("create table notes (id int primary key)");
  await hasty.pool.query("insert into notes values (1)");
  const query = hasty.pool.query("select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b");
  const hurry = new AbortController();
  await nextTurn();
  const closed = hasty.close(hurry.signal);
  hurry.abort();
  await expect(query).rejects.toThrow("the embedded database has ended");
  await closed;
  const next = await openEmbedded(join(home, "hasty"));
  expect((await next.pool.query("select id from notes")).rows).toEqual([{ id: 1 }]);
  await next.close();
});
