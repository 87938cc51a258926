import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { type Copy, copiesFolder, isCopyDue, listCopies } from "./copies.ts";
import { type Database, type DatabasePlace, openDatabase } from "./database.ts";
import { restoreCopy } from "./restore.ts";
import { accounts } from "./schema.ts";

let folder: string;
/** A home whose database has the account `kept`, and a copy of which has it too; the database has `lost` as well. */
let template: string;
let home: string;

const open = (onCopyFailed?: DatabasePlace["onCopyFailed"]) => openDatabase({ home, url: undefined, onCopyFailed });

async function withOpen<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await open();
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const add = ({ db }: Database, id: string) =>
  db.insert(accounts).values({ id, alibabaUid: id, huaweiDomainId: id, huaweiDomainName: id });

/** Ids of the accounts in the database of the home. */
const accountsThere = () =>
  withOpen(async ({ db }) => (await db.select({ id: accounts.id }).from(accounts)).map(({ id }) => id).sort());

async function copyNow(database: Database): Promise<Copy> {
  if (database.takeCopy === undefined) throw new Error("The embedded database can be copied.");
  return database.takeCopy(new AbortController().signal);
}

async function onlyCopy(): Promise<Copy> {
  const [copy] = await listCopies(home);
  if (copy === undefined) throw new Error("There is a copy.");
  return copy;
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 60 * 60_000);
const nameOf = (moment: Date) => `${moment.toISOString().slice(0, 19).replaceAll(":", "-")}Z`;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-copies-")));
  template = join(folder, "template");
  home = template;
  await mkdir(home);
  await withOpen(async (database) => {
    await add(database, "kept");
    await copyNow(database);
    await add(database, "lost");
  });
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  home = join(folder, "home");
  await cp(template, home, { recursive: true });
});
afterEach(() => rm(home, { recursive: true }));

describe("a copy", () => {
  it("is one archive for its owner alone, and nothing else is left", async () => {
    const { name, file } = await onlyCopy();
    expect(await readdir(copiesFolder(home))).toEqual([`${name}.tar.gz`]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("is taken back in place of the database, which is kept beside", async () => {
    const replaced = await restoreCopy(join(home, "database"), await onlyCopy(), new Date());
    expect(await accountsThere()).toEqual(["kept"]);
    await rm(join(home, "database"), { recursive: true });
    await cp(replaced ?? "", join(home, "database"), { recursive: true });
    expect(await accountsThere()).toEqual(["kept", "lost"]);
  });

  it("is taken back where the database is lost", async () => {
    await rm(join(home, "database"), { recursive: true });
    expect(await restoreCopy(join(home, "database"), await onlyCopy(), new Date())).toBeUndefined();
    expect(await accountsThere()).toEqual(["kept"]);
  });

  it("that is damaged changes nothing", async () => {
    const copy = await onlyCopy();
    await writeFile(copy.file, (await readFile(copy.file)).subarray(0, 100_000));
    await expect(restoreCopy(join(home, "database"), copy, new Date())).rejects.toThrow(`The copy ${copy.name}`);
    expect(await readdir(home)).toEqual(["copies", "database"]);
    expect(await accountsThere()).toEqual(["kept", "lost"]);
  });

  it("that was given up leaves nothing", async () => {
    await withOpen(async ({ takeCopy }) => {
      await expect(takeCopy?.(AbortSignal.abort(new Error("stopping")))).rejects.toThrow();
    });
    expect(await readdir(copiesFolder(home))).toEqual([`${(await onlyCopy()).name}.tar.gz`]);
  });
});

describe("copies", () => {
  it("are kept for a week, and what a killed one left is cleared away", async () => {
    const days = [1, 6, 8, 30].map((count) => `${nameOf(hoursAgo(count * 24))}.tar.gz`);
    await rm((await onlyCopy()).file);
    for (const file of [...days, ".draft-of-a-killed-process", "notes.txt"])
      await writeFile(join(copiesFolder(home), file), "");
    const { name } = await withOpen(copyNow);
    const kept = [`${name}.tar.gz`, ...days.slice(0, 2), "notes.txt"];
    expect((await readdir(copiesFolder(home))).sort()).toEqual(kept.sort());
  });

  test.each([
    { what: "none, and the database is new", copies: [], due: false },
    { what: "one of this day", copies: [23], due: false },
    { what: "one older than a day", copies: [25], due: true },
    { what: "an old one and one of this day", copies: [25, 2], due: false },
    { what: "one of a clock that was set back since", copies: [-48], due: true },
    { what: "one of a clock that was set back since, and one of this day", copies: [-48, 2], due: false },
  ])("where there is $what, the next is due: $due", async ({ copies, due }) => {
    await rm((await onlyCopy()).file);
    for (const hours of copies) await writeFile(join(copiesFolder(home), `${nameOf(hoursAgo(hours))}.tar.gz`), "");
    expect(await isCopyDue(home, new Date())).toBe(due);
  });
});

describe("a migration", () => {
  beforeEach(() => rm(copiesFolder(home), { recursive: true }));

  const lackOne = () =>
    withOpen(({ db }) =>
      db.execute(
        sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`,
      ),
    );

  it("begins with a copy, and a failed one tells the way back", async () => {
    await lackOne();
    // The newest migration is there already: a second time it cannot be applied.
    await expect(open()).rejects.toThrow("take a copy back with sampan restore");
    expect(await listCopies(home)).toHaveLength(1);
  });

  it("makes no copy where there is nothing to migrate", async () => {
    await withOpen(async () => undefined);
    expect(await listCopies(home)).toEqual([]);
  });

  it("goes on without a copy that cannot be made, which is told", async () => {
    await lackOne();
    await writeFile(copiesFolder(home), "in the way");
    const told: Error[] = [];
    await expect(open((error) => told.push(error))).rejects.toThrow("cannot be opened");
    expect(told).toEqual([expect.objectContaining({ code: "EEXIST" })]);
  });
});

describe("a restore that is killed", () => {
  /** Restores the copy in a process that is killed just before one of its renames. */
  async function killedRestore(copy: Copy, rename: number): Promise<void> {
    const module = new URL("./restore.ts", import.meta.url).href;
    const program = `
      import files from "node:fs/promises";
      import { syncBuiltinESMExports } from "node:module";
      const { rename } = files;
      let left = ${rename};
      files.rename = (...names) => (--left === 0 ? process.kill(process.pid, "SIGKILL") : rename(...names));
      syncBuiltinESMExports();
      const { restoreCopy } = await import(${JSON.stringify(module)});
      const copy = ${JSON.stringify(copy)};
      await restoreCopy(${JSON.stringify(join(home, "database"))}, { ...copy, takenAt: new Date(copy.takenAt) }, new Date());`;
    const { signal } = await execa(process.execPath, ["--input-type=module", "--eval", program], { reject: false });
    expect(signal).toBe("SIGKILL");
  }

  test.each([
    { before: "the copy counts as unpacked", rename: 1, left: ["kept", "lost"] },
    { before: "the database is moved away", rename: 2, left: ["kept", "lost"] },
    { before: "the copy takes its place", rename: 3, left: ["kept"] },
  ])("before $before leaves a whole database, and can be run again", async ({ rename, left }) => {
    await killedRestore(await onlyCopy(), rename);
    expect(await accountsThere()).toEqual(left);
    await restoreCopy(join(home, "database"), await onlyCopy(), new Date());
    expect(await accountsThere()).toEqual(["kept"]);
    expect((await readdir(home)).filter((name) => /\.rest/.test(name))).toEqual([]);
  });
});
