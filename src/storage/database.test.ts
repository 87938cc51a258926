import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DatabaseError, openDatabase } from "./database.ts";
import { accounts } from "./schema.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sampan-database-"));
});
afterEach(() => rm(home, { recursive: true }));

const open = (url?: string) => openDatabase({ home, url });

describe("the embedded database", () => {
  it("keeps what is written in it", async () => {
    const first = await open();
    await first.db.insert(accounts).values({ id: "a", alibabaUid: "1", huaweiDomainId: "2", huaweiDomainName: "acme" });
    await first.close();
    const second = await open();
    expect(await second.db.select({ id: accounts.id }).from(accounts)).toEqual([{ id: "a" }]);
    await second.ping();
    await second.close();
  });

  it("is made whole or not at all: what a killed start left is made anew", async () => {
    await mkdir(join(home, "database.new"));
    await writeFile(join(home, "database.new", "half"), "");
    await (await open()).close();
    expect(await readdir(home)).toEqual(["database"]);
  });

  it("that a newer Sampan wrote is refused and left as it is", async () => {
    const first = await open();
    await first.db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', 99999999999999)`,
    );
    await first.close();
    await expect(open()).rejects.toThrow(DatabaseError);
    await expect(open()).rejects.toThrow("written by a newer Sampan");
  });

  it("is never made over something else", async () => {
    await mkdir(join(home, "database"));
    await writeFile(join(home, "database", "holiday.jpg"), "precious");
    await expect(open()).rejects.toThrow("holds no PostgreSQL database");
    expect(await readFile(join(home, "database", "holiday.jpg"), "utf8")).toBe("precious");
  });

  it("that is a file is refused", async () => {
    await writeFile(join(home, "database"), "precious");
    await expect(open()).rejects.toThrow("cannot be read as a folder");
    expect(await readFile(join(home, "database"), "utf8")).toBe("precious");
  });

  it("of another PostgreSQL version is refused with a sentence that names the version", async () => {
    await (await open()).close();
    await writeFile(join(home, "database", "PG_VERSION"), "9\n");
    await expect(open()).rejects.toThrow(/PostgreSQL 9\).*cannot be opened/);
  });
});

describe("a database server", () => {
  it("that does not answer is named, without the password of its address", async () => {
    const error = await open("postgresql://sampan:hunter22@127.0.0.1:9/sampan").catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(DatabaseError);
    expect((error as Error).message).toContain("127.0.0.1:9/sampan");
    expect((error as Error).message).toContain("ECONNREFUSED");
    expect((error as Error).message).not.toContain("hunter22");
  });
});
