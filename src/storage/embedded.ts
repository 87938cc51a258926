import { EventEmitter } from "node:events";
import pg from "pg";
import type { Db } from "pg-boss";
import { ThreadConnection } from "./thread-connection.ts";
import { createThreadKeeper, type ThreadKeeper } from "./thread-keeper.ts";

/** An embedded database that is open. */
export interface Embedded {
  /** One connection, as PGlite has one session: queries and transactions of all take turns. */
  pool: pg.Pool;
  /** The same for the job queue. */
  jobs: Db;
  /** Does something while no query or transaction is under way; others wait. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Waits for what is under way, and has the database write its files.
   * @param hurry ends the thread as a kill would: what was acknowledged is in the log, and read from there next time
   */
  close(hurry?: AbortSignal): Promise<void>;
}

/**
 * Opens an embedded database in a thread of its own, so that nothing that the database does holds up the service's event
 * loop: parsing and planning, large values, a wait for the disk, a checkpoint. It is spoken to in PostgreSQL's protocol by
 * the driver that also speaks to servers.
 *
 * Where the thread ends by itself, because the disk is full or fails, the queries under way reject, and the next one opens
 * the database again.
 *
 * @param folder of the database, which is there
 * @param onEnd is told why the thread ended by itself
 * @throws {Error} whatever PGlite throws where the folder cannot be opened
 */
export async function openEmbedded(
  folder: string,
  onEnd: (reason: Error) => void = () => undefined,
): Promise<Embedded> {
  const thread = createThreadKeeper(folder, onEnd);
  await thread.open();
  const listening: Listening = new Map();
  const pool = createPool(thread, listening);
  return {
    pool,
    jobs: jobDatabase(pool, listening),
    async exclusively(work) {
      const client = await pool.connect();
      try {
        return await work();
      } finally {
        client.release();
      }
    },
    async close(hurry) {
      hurry?.addEventListener("abort", thread.cut, { once: true });
      if (hurry?.aborted) thread.cut();
      await pool.end();
      await thread.close();
      hurry?.removeEventListener("abort", thread.cut);
    },
  };
}

/** The channels that are listened to, and what is to be called when there is another connection. */
type Listening = Map<string, () => void>;

function createPool(thread: ThreadKeeper, listening: Listening): pg.Pool {
  const pool = new pg.Pool({
    // Everything is said here: the driver would take the rest from variables of the environment.
    ...{ user: "postgres", database: "postgres", host: "thread", port: 5432, ssl: false },
    ...{ max: 1, idleTimeoutMillis: 0 },
    stream: () => new ThreadConnection(() => thread.connect()),
    // A database that was opened anew has another session. What has come meanwhile, nobody has heard.
    async onConnect(client) {
      for (const [channel, onReconnect] of listening) {
        await client.query(`listen ${pg.escapeIdentifier(channel)}`);
        onReconnect();
      }
    },
  });
  // Without listeners, a connection that breaks would end the process. The query under way rejects.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** The database for pg-boss. Notifications come by whatever connection there is. */
function jobDatabase(pool: pg.Pool, listening: Listening): Db {
  const notifications = new EventEmitter();
  pool.on("connect", (client) => {
    client.on("notification", ({ channel, payload = "" }) => notifications.emit(channel, payload));
  });
  return {
    executeSql: (text, values) => pool.query(text, values),
    async listen(channel, onNotification, onReconnect) {
      notifications.on(channel, onNotification);
      await pool.query(`listen ${pg.escapeIdentifier(channel)}`);
      listening.set(channel, onReconnect);
      onReconnect();
      return {
        async close() {
          listening.delete(channel);
          notifications.off(channel, onNotification);
          await pool.query(`unlisten ${pg.escapeIdentifier(channel)}`);
        },
      };
    },
  };
}
