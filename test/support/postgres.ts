import { chown, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import pg from "pg";

/** A PostgreSQL server of the test's own. */
export interface PostgresServer {
  /** For SAMPAN_DATABASE_URL. */
  url: string;
  /** Runs SQL and gives the rows. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** A user that every Linux has; PostgreSQL refuses to run as root. */
const nobody = { uid: 65534, gid: 65534 };

/**
 * Starts a server that listens on a socket in a folder of its own, so that there is no port to be taken.
 * @throws {Error} that says what to install, where this machine has no PostgreSQL server
 */
export async function startPostgres(): Promise<PostgresServer> {
  const executables = await executablesFolder();
  const folder = await mkdtemp(join(tmpdir(), "sampan-pg-"));
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  const user = process.getuid?.() === 0 ? nobody : {};
  if (user === nobody) for (const path of [folder, data]) await chown(path, nobody.uid, nobody.gid);
  const run = (name: string, args: string[]) =>
    execa(join(executables, name), args, { ...user, cwd: folder, env: { LC_ALL: "C", TZ: "UTC" }, stdio: "ignore" });

  await run("initdb", ["--pgdata", data, "--username=sampan", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
  const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off`;
  await run("pg_ctl", ["start", "--wait", "--pgdata", data, "--log", join(folder, "log"), "--options", settings]);
  const url = `postgresql://sampan@localhost/postgres?host=${encodeURIComponent(folder)}`;
  return {
    url,
    async query(sql) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    async stop() {
      await run("pg_ctl", ["stop", "--wait", "--mode=immediate", "--pgdata", data]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian keeps the server's executables out of PATH, in a folder for each version. */
const root = "/usr/lib/postgresql";

async function executablesFolder(): Promise<string> {
  const versions = await readdir(root).catch(() => []);
  const newest = versions.sort((one, other) => Number(one) - Number(other)).at(-1);
  if (newest !== undefined) return join(root, newest, "bin");
  throw new Error(
    `This test needs a PostgreSQL server and finds none in ${root}: install Debian's package postgresql.`,
  );
}
