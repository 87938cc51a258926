import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, truncate, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withDatabase } from "./support/database.ts";
import { allClusters, createAckClient } from "./support/sdk.ts";
import { refusalToStart, startService, type TestService } from "./support/service.ts";

let scratch: string;

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), "sampan-e2e-")));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("a setting that is wrong stops the start with a sentence that names it", () => {
  test.each([
    ["SAMPAN_PROT", "7080", "SAMPAN_PROT is not a setting of Sampan"],
    ["SAMPAN_PORT", "http", 'SAMPAN_PORT is "http", but must be a whole number from 0 to 65535.'],
    ["SAMPAN_PORT", "65536", 'SAMPAN_PORT is "65536"'],
    ["SAMPAN_HOST", "example.com", 'SAMPAN_HOST is "example.com", but must be an IP address or localhost.'],
    ["SAMPAN_HOST", "192.0.2.1", "SAMPAN_HOST is 192.0.2.1, which is no address of this machine."],
    ["SAMPAN_CONCURRENT_TASKS", "0", 'SAMPAN_CONCURRENT_TASKS is "0", but must be a whole number from 1 to 64.'],
    ["SAMPAN_SUBSTRATE", "simulated", 'SAMPAN_SUBSTRATE is "simulated", but must be one of local.'],
    ["SAMPAN_LOG_LEVEL", "loud", 'SAMPAN_LOG_LEVEL is "loud"'],
    ["SAMPAN_VERSION_POLICY", "newest", 'SAMPAN_VERSION_POLICY is "newest"'],
    ["SAMPAN_DATABASE_URL", "mysql://me:Hunter2@db/sampan", "SAMPAN_DATABASE_URL is set, but must be an address"],
    ["SAMPAN_ACCESS_KEY_ID", "LTAIalone", "SAMPAN_ACCESS_KEY_ID and SAMPAN_ACCESS_KEY_SECRET belong together"],
    ["SAMPAN_ACCESS_KEY_SECRET", "Hunter2", "SAMPAN_ACCESS_KEY_SECRET is set, but must be 8 to 128"],
  ])("%s=%s", async (variable, value, sentence) => {
    const said = await refusalToStart(join(scratch, "unused"), { [variable]: value });
    expect(said).toContain(sentence);
    expect(said).not.toContain("Hunter2");
    expect(said).not.toMatch(/^ +at /m);
  });

  test("several at once are all named", async () => {
    const said = await refusalToStart(join(scratch, "unused"), { SAMPAN_PORT: "x", SAMPAN_LOG_LEVEL: "y" });
    expect(said).toMatch(/SAMPAN_PORT(.|\n)*SAMPAN_LOG_LEVEL/);
  });
});

test("a port that is in use stops the start with a sentence that names it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const port = String((other.address() as AddressInfo).port);
  const said = await refusalToStart(join(scratch, "port"), { SAMPAN_PORT: port });
  expect(said).toContain(`Port ${port} of 127.0.0.1 is in use by another program; set SAMPAN_PORT to a free one`);
  other.close();
});

test("a PostgreSQL server that does not answer stops the start with a sentence that names it, password excepted", async () => {
  const closed = "postgresql://sampan:Hunter2@127.0.0.1:1/sampan";
  const said = await refusalToStart(join(scratch, "unreachable"), { SAMPAN_DATABASE_URL: closed });
  expect(said).toContain("The PostgreSQL server of SAMPAN_DATABASE_URL (127.0.0.1:1/sampan) cannot be used");
  expect(said).not.toContain("Hunter2");
});

describe("a service that runs", () => {
  let service: TestService;

  beforeAll(async () => {
    // It waits for no distribution.
    service = await startService({ SAMPAN_DISTRIBUTION_PATH: "/nonexistent" });
  });

  afterAll(() => service?.dispose());

  test("answers about itself", async () => {
    const get = async (path: string) => {
      const answer = await fetch(`${service.url}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await get("/healthz")).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect(await get("/readyz")).toEqual({ status: 200, text: '{"status":"ready"}' });
    expect((await get("/metrics")).text).toMatch(/^sampan_http_requests_total\{.*\} \d+$/m);
    const { openapi, paths } = JSON.parse((await get("/openapi.json")).text);
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(["/clusters", "/tasks/{TaskId}", "/healthz"]));
  });

  test("logs JSON lines where nobody watches, and gives every request an id", async () => {
    const { headers } = await fetch(`${service.url}/clusters`);
    const id = headers.get("x-acs-request-id");
    expect(id).toMatch(/^[0-9A-F-]{36}$/);
    const lines = service
      .output()
      .split("\n")
      .filter((line) => line.includes(id ?? "no id"));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ reqId: id, code: "MissingAuthorization" }]);
  });

  test("refuses a second one on the same home, by name of its process, and goes on", async () => {
    const said = await refusalToStart(service.home);
    expect(said).toContain(`${service.home} is in use by another Sampan (process ${service.pid})`);
    expect(said).toContain("set SAMPAN_HOME to another folder");
    expect(await allClusters(service.client)).toEqual([]);
  });

  test("has generated an access key for its owner's eyes, and has the same after a restart", async () => {
    const file = join(service.home, "credentials.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { credentials } = service;
    expect(credentials).toMatchObject({
      accessKeyId: expect.stringMatching(/^LTAI[a-z0-9]{20}$/),
      accessKeySecret: expect.stringMatching(/^.{32}$/),
      projectId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    await service.stop();
    await service.start();
    expect(service.credentials).toEqual(credentials);
    expect(await allClusters(createAckClient(service.endpoint, credentials))).toEqual([]);
  });
});

describe("a database that is not to be touched", () => {
  /** A home whose database is whole; each test works on a copy. */
  let whole: string;

  beforeAll(async () => {
    const service = await startService();
    await service.stop();
    whole = join(scratch, "whole");
    await cp(service.home, whole, { recursive: true });
    await service.dispose();
  });

  async function copyOfWhole(name: string): Promise<string> {
    const home = join(scratch, name);
    await cp(whole, home, { recursive: true });
    return home;
  }

  test("one that a newer Sampan wrote is refused", async () => {
    const home = await copyOfWhole("newer");
    const later = Date.UTC(2100, 0);
    await withDatabase(home, (query) =>
      query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', $1)", [later]),
    );
    expect(await refusalToStart(home)).toContain("The database was written by a newer Sampan");
    const rows = await withDatabase(home, (query) =>
      query("select hash from drizzle.__drizzle_migrations order by created_at desc limit 1"),
    );
    expect(rows).toEqual([{ hash: "later" }]);
  });

  test.each<[string, (database: string) => Promise<unknown>]>([
    ["whose control file is gone", (database) => rm(join(database, "global", "pg_control"))],
    ["whose control file is cut off", (database) => truncate(join(database, "global", "pg_control"), 100)],
    ["of another PostgreSQL", (database) => writeFile(join(database, "PG_VERSION"), "9\n")],
    ["whose transaction log is gone", (database) => rm(join(database, "pg_wal"), { recursive: true })],
    ["that is none", (database) => rm(join(database, "PG_VERSION"))],
  ])("one %s is refused and left as it is", async (what, damage) => {
    const home = await copyOfWhole(what.replaceAll(" ", "-"));
    const database = join(home, "database");
    await damage(database);
    // Whoever looks at a database leaves this beside it.
    await rm(join(database, "postmaster.pid"), { force: true });
    const before = await fingerprint(database);
    const said = await refusalToStart(home);
    expect(said).toContain(database);
    expect(said).toMatch(/set SAMPAN_HOME to another folder/);
    await rm(join(database, "postmaster.pid"), { force: true });
    expect(await fingerprint(database)).toEqual(before);
  });

  test("a file where the folder should be is refused and left as it is", async () => {
    const home = join(scratch, "file");
    await mkdir(home);
    await writeFile(join(home, "database"), "precious");
    expect(await refusalToStart(home)).toContain(join(home, "database"));
    expect(await readFile(join(home, "database"), "utf8")).toBe("precious");
  });

  test("one whose secrets another key encrypted is refused", async () => {
    const home = await copyOfWhole("other-key");
    await writeFile(join(home, "secret.key"), `${Buffer.alloc(32, 1).toString("base64")}\n`);
    expect(await refusalToStart(home)).toContain("encrypted with another key");
  });
});

/** Every file below a folder with a digest of its content. */
async function fingerprint(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digest = async (file: string) =>
    [
      file,
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex"),
    ] as const;
  return Object.fromEntries(await Promise.all(files.map(digest)));
}
