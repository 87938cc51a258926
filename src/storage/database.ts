import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { execaNode } from "execa";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { flush } from "../machine/files.ts";
import { type Copy, takeCopy } from "./copies.ts";
import { type Embedded, openEmbedded } from "./embedded.ts";
import { databaseFolder } from "./home.ts";
import { type PlacementLock, type PlacementWish, takePlacement } from "./placement-lock.ts";
import type { Queryable } from "./queryable.ts";
import { settleRestore } from "./restore.ts";
import { withRetries } from "./retries.ts";
import * as schema from "./schema.ts";
import { toStorageError, withStorageErrors } from "./storage-error.ts";

/** The state's PostgreSQL, migrated and ready. */
export interface Database {
  readonly db: Queryable;
  /** A job queue in the same database, not started. */
  createBoss(): PgBoss;
  /**
   * Takes a placement for this process alone. An embedded database is its home's, and so is what is placed there.
   * @throws {PlacementTakenError} where another process has it
   */
  takePlacement(wish: PlacementWish): Promise<PlacementLock>;
  /** @throws {Error} when the database does not answer. */
  ping(): Promise<void>;
  /** Copies the database into its home; undefined for a server, whose operator takes the copies. */
  readonly takeCopy: ((signal: AbortSignal) => Promise<Copy>) | undefined;
  /** @param hurry ends what takes long; nothing that was acknowledged is lost */
  close(hurry?: AbortSignal): Promise<void>;
}

/** Thrown when the database cannot be used as it is; the message says why and what to do. Nothing in it was changed. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}

const migrationsFolder = fileURLToPath(new URL("./migrations", import.meta.url));

/** The longest wait for a PostgreSQL server to take a connection: one that never answers must not hold up a start for ever. */
const connectionTimeoutMillis = 10_000;

/** A server that went away without a word is noticed by probes, the first after these milliseconds, and not waited for. */
const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 } as const;

/** Settings of pg-boss that hold for both kinds of database. */
const bossOptions = { schedule: false, useListenNotify: true, monitorVacuum: false, reindex: false } as const;

/**
 * Opens the database and brings its schema up to date.
 * @param home folder that holds the embedded database, used where `url` is undefined
 * @param onCopyFailed is told that no copy could be made before a migration, which goes on; without it, it does not
 * @param onEnd is told why an embedded database ended by itself; it is opened again for the next query
 * @throws {DatabaseError} for one that is unreadable, unreachable, or written by a newer Sampan
 */
export async function openDatabase({ url, ...place }: DatabasePlace): Promise<Database> {
  return url === undefined ? openHome(place) : openServer(url);
}

/** Where the database is; see {@link openDatabase}. */
export interface DatabasePlace {
  home: string;
  url: string | undefined;
  onCopyFailed?: (error: Error) => void;
  onEnd?: (reason: Error) => void;
}

async function openHome({ home, onCopyFailed, onEnd }: Omit<DatabasePlace, "url">): Promise<Database> {
  const folder = databaseFolder(home);
  await settleRestore(folder);
  await initialise(folder);
  const { pool, jobs, exclusively, close } = await openFolder(folder, onEnd);
  const copyNow = (signal?: AbortSignal) => takeCopy(home, exclusively, new Date(), signal);
  try {
    const db = withStorageErrors(drizzle(pool, { schema }));
    if (await isBehind(db)) await copyNow().catch(onCopyFailed);
    await migrate(db, { migrationsFolder });
    return {
      db,
      takeCopy: copyNow,
      createBoss: () => new PgBoss({ ...bossOptions, db: jobs, backend: "pglite" }),
      takePlacement: async () => ({ release: async () => undefined }),
      ping: async () => void (await db.execute(sql`select 1`)),
      close,
    };
  } catch (error) {
    await close();
    throw error instanceof DatabaseError ? error : new DatabaseError(unusable(folder, reason(error)), { cause: error });
  }
}

const unusable = (folder: string, why: string): string =>
  `The database in ${folder} cannot be opened: ${why}. It was left as it is; take a copy back with sampan restore, or set ` +
  "SAMPAN_HOME to another folder.";

/**
 * Makes an empty embedded database, in a process of its own: the WebAssembly memory that `initdb` takes is never given
 * back, and 180 MB more would stay resident for the life of the service. The folder appears whole or not at all.
 */
async function initialise(folder: string): Promise<void> {
  if (existsSync(folder)) return refuseForeign(folder);
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  const script = fileURLToPath(new URL("./initialise-database.ts", import.meta.url));
  await execaNode(script, [draft], { env: {}, extendEnv: false });
  await rename(draft, folder);
  await flush(dirname(folder));
}

/** PGlite would run `initdb` over whatever it does not recognise. */
async function refuseForeign(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: Error) => {
    throw new DatabaseError(`${folder} cannot be read as a folder: ${error.message}.`);
  });
  if (!entries.includes("PG_VERSION"))
    throw new DatabaseError(
      `${folder} holds no PostgreSQL database; take a copy of one back with sampan restore, or set SAMPAN_HOME to another folder.`,
    );
}

async function openFolder(folder: string, onEnd: DatabasePlace["onEnd"]): Promise<Embedded> {
  try {
    return await openEmbedded(folder, onEnd);
  } catch (error) {
    const version = (await readFile(join(folder, "PG_VERSION"), "utf8")).trim();
    throw new DatabaseError(unusable(`${folder} (PostgreSQL ${version})`, (error as Error).message), { cause: error });
  }
}

async function openServer(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis, ...keepAlive });
  // Without a listener, a connection that breaks while idle would end the process; the pool replaces it by itself.
  pool.on("error", () => undefined);
  // The same for one that breaks inside a transaction, between two statements: the next statement rejects.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const db = withRetries(withStorageErrors(drizzle(pool, { schema })), () => !pool.ending);
  try {
    await migrateInTurn(url);
  } catch (error) {
    await pool.end();
    if (error instanceof DatabaseError) throw error;
    const { hostname, port, pathname } = new URL(url);
    throw new DatabaseError(
      `The PostgreSQL server of SAMPAN_DATABASE_URL (${hostname}:${port || 5432}${pathname}) cannot be used: ${reason(error)}.`,
      { cause: error },
    );
  }
  return {
    db,
    takeCopy: undefined,
    createBoss: () => new PgBoss({ ...bossOptions, connectionString: url, max: 4, ...keepAlive }),
    takePlacement: (wish) => takePlacement(url, wish),
    // By the pool itself: who asks whether the server answers wants to know it of this moment.
    ping: () =>
      pool.query("select 1").then(
        () => undefined,
        (error: unknown) => {
          throw toStorageError(error);
        },
      ),
    close: () => pool.end(),
  };
}

/** Brings the schema up to date. Replicas that start at the same moment take their turns: the lock ends with the connection. */
async function migrateInTurn(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis });
  // Without a listener, a connection that breaks would end the process; the query that was under way rejects anyway.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const db = drizzle(client, { schema });
    await db.execute(sql`select pg_advisory_lock(hashtext('sampan-migrations'))`);
    await isBehind(db);
    await migrate(db, { migrationsFolder });
  } finally {
    await client.end();
  }
}

/** Drizzle wraps the driver's error, and Node.js gathers several failed addresses in one error without a message. */
function reason(error: unknown): string {
  const cause = (error as Error).cause ?? error;
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return (first as Error).message;
}

/**
 * Whether a database that has been in use lacks migrations of this program.
 * @throws {DatabaseError} for one that has migrations which this program does not know
 */
async function isBehind(db: Queryable): Promise<boolean> {
  const journal: { entries: { when: number }[] } = JSON.parse(
    await readFile(join(migrationsFolder, "meta", "_journal.json"), "utf8"),
  );
  const newestKnown = Math.max(...journal.entries.map(({ when }) => when));
  const applied = await appliedMigration(db);
  if (applied > newestKnown)
    throw new DatabaseError(
      "The database was written by a newer Sampan; start that version, or use another SAMPAN_HOME or SAMPAN_DATABASE_URL.",
    );
  return applied > 0 && applied < newestKnown;
}

/** Time stamp of the newest migration in the database, as Drizzle's migrator keeps it; 0 for none. */
async function appliedMigration(db: Queryable): Promise<number> {
  const table = (await db.execute(sql`select to_regclass('drizzle.__drizzle_migrations') as name`)) as unknown as {
    rows: { name: string | null }[];
  };
  if (!table.rows[0]?.name) return 0;
  const newest = (await db.execute(
    sql`select coalesce(max(created_at), 0) as newest from drizzle.__drizzle_migrations`,
  )) as unknown as { rows: { newest: string | number }[] };
  return Number(newest.rows[0]?.newest ?? 0);
}
