import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle as drizzleServer } from "drizzle-orm/node-postgres";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pglite";
import pg from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Queryable } from "./queryable.ts";
import * as schema from "./schema.ts";
import { StorageError, withoutParameters, withStorageErrors } from "./storage-error.ts";

const secret = "correct horse battery staple";

const safe = pgTable("safe", { id: integer("id").primaryKey(), value: text("value") });

let pglite: PGlite;
let db: Queryable;
beforeAll(async () => {
  pglite = await PGlite.create();
  db = withStorageErrors(drizzle(pglite, { schema }));
  await db.execute(sql`create table safe (id integer primary key, value text not null check (length(value) > 50))`);
});
afterAll(() => pglite.close());

/** Every text that an error could be shown by. */
const everythingOf = (error: unknown): string => {
  const lines: string[] = [];
  pino({}, { write: (line) => void lines.push(line) }).error({ err: error });
  return [String(error), (error as Error).stack, JSON.stringify(error), ...lines].join("\n");
};

const failureOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail("It was to fail."),
    (error: Error) => error,
  );

const failing: [what: string, code: string, run: (on: Queryable) => Promise<unknown>][] = [
  ["a check that does not hold", "23514", (on) => on.execute(sql`insert into safe values (1, ${secret})`)],
  ["data of another type", "22P02", (on) => on.execute(sql`select ${secret}::integer`)],
  ["a table that is not there", "42P01", (on) => on.execute(sql`insert into nowhere values (${secret})`)],
  ["a builder's statement", "23514", (on) => on.insert(safe).values({ id: 2, value: secret })],
];

describe("an error of the database", () => {
  it.each(failing)("holds no parameter: %s", async (_what, code, run) => {
    const error = await failureOf(run(db));
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code, statement: expect.stringMatching(/insert into|select/), isRefusal: true });
    expect(everythingOf(error)).not.toContain(secret);
    expect(error.message).toContain(code);
  });

  it.each(failing)("holds none in a transaction, nor in one inside it: %s", async (_what, code, run) => {
    for (const work of [
      () => db.transaction((tx) => run(tx)),
      () => db.transaction((tx) => tx.transaction((inner) => run(inner))),
    ]) {
      const error = await failureOf(work());
      expect(error).toMatchObject({ name: "StorageError", code });
      expect(everythingOf(error)).not.toContain(secret);
    }
  });

  it("says so where a commit fails", async () => {
    await db.execute(sql`create table parent (id integer primary key)`);
    await db.execute(sql`create table child (id integer references parent deferrable initially deferred)`);
    const error = await failureOf(db.transaction((tx) => tx.execute(sql`insert into child values (1)`)));
    expect(error).toMatchObject({ name: "StorageError", code: "23503", isRefusal: true });
  });

  it("is no refusal where the database cannot be reached, which a transaction finds as well", async () => {
    const pool = new pg.Pool({ connectionString: `postgresql://sampan:${secret.replaceAll(" ", "-")}@127.0.0.1:1/x` });
    onTestFinished(() => pool.end());
    const away = withStorageErrors(drizzleServer(pool, { schema }));
    for (const work of [
      () => away.execute(sql`select ${secret}`),
      () => away.transaction((tx) => tx.execute(sql`select 1`)),
    ]) {
      const error = await failureOf(work());
      expect(error).toMatchObject({ name: "StorageError", code: "ECONNREFUSED", isRefusal: false });
      expect(error.message).toBe("The database did not answer: connect ECONNREFUSED 127.0.0.1:1.");
      expect(everythingOf(error)).not.toContain(secret);
    }
  });
});

describe("what a transaction's body throws", () => {
  it("stays as it is", async () => {
    const own = new RangeError("There is no room.");
    expect(await failureOf(db.transaction(() => Promise.reject(own)))).toBe(own);
  });
});

describe("an error that passes the database's border by another way", () => {
  it("loses its parameters, in whatever depth", async () => {
    const raw = await failureOf(pglite.query("select $1::integer", [secret]));
    expect(everythingOf(raw)).toContain(secret);
    const wrapped = new Error("The queue had an error.", { cause: new Error("Sending failed.", { cause: raw }) });
    for (const error of [raw, wrapped]) expect(everythingOf(withoutParameters(error))).not.toContain(secret);
    expect(withoutParameters(wrapped)).toMatchObject({ message: "The queue had an error.", stack: wrapped.stack });
  });

  it.each([[new Error("Another.", { cause: new Error("Why.") })], ["a text"], [undefined]])(
    "stays the same where it has none: %s",
    (error) => expect(withoutParameters(error)).toBe(error),
  );
});
