import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Copy } from "../storage/copies.ts";
import { copyDaily } from "./copies.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sampan-daily-copy-"));
  await mkdir(join(home, "copies"));
});
afterEach(() => rm(home, { recursive: true }));

const copy: Copy = { name: "new", file: "/home/copies/new.tar.gz", takenAt: new Date() };

/** Runs the daily copies with one that is due until something is logged, and gives that. */
async function firstLogged(takeCopy: () => Promise<Copy>): Promise<Record<string, unknown>> {
  await writeFile(join(home, "copies", "2020-01-01T00-00-00Z.tar.gz"), "");
  const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
  const stop = copyDaily(home, { takeCopy }, pino({}, { write: (line) => resolve(JSON.parse(line)) }));
  const logged = await promise;
  await stop();
  return logged;
}

test("a copy that is due is made at once, and logged", async () => {
  expect(await firstLogged(async () => copy)).toMatchObject({ level: pino.levels.values.info, file: copy.file });
});

test("one that fails is an error in the log, and nothing more", async () => {
  const logged = await firstLogged(() => Promise.reject(new Error("The disk is full.")));
  expect(logged).toMatchObject({ level: pino.levels.values.error, err: { message: "The disk is full." } });
});

test("a server's database is not copied", async () => {
  await copyDaily(home, { takeCopy: undefined }, pino())();
});
