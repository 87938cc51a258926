import { EventEmitter, once } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";
import pg from "pg";
import type { Db } from "pg-boss";
import { ThreadConnection } from "./thread-connection.ts";

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
 * @param folder of the database, which is there
 * @throws {Error} whatever PGlite throws where the folder cannot be opened
 */
export async function openEmbedded(folder: string): Promise<Embedded> {
  const thread = new Worker(new URL("./database-thread.ts", import.meta.url), { workerData: folder });
  await once(thread, "message");
  let failure: Error | undefined;
  // What ends the thread is told by each connection to it from then on.
  thread.on("error", (error: Error) => {
    failure = error;
  });
  const ended = new Promise<void>((resolve) => {
    thread.on("exit", () => {
      failure ??= new Error("it was closed");
      resolve();
    });
  });
  const pool = new pg.Pool({
    // Everything is said here: the driver would take the rest from variables of the environment.
    ...{ user: "postgres", database: "postgres", host: "thread", port: 5432, ssl: false },
    ...{ max: 1, idleTimeoutMillis: 0 },
    stream: () =>
      new ThreadConnection(() => {
        if (failure !== undefined) throw new Error(`the embedded database has ended: ${failure.message}`);
        const { port1, port2 } = new MessageChannel();
        thread.postMessage(port2, [port2]);
        // A thread that ends before it has taken the port leaves it open.
        void ended.then(() => port1.close());
        return port1;
      }),
  });
  // Without listeners, a connection that breaks would end the process. The query under way rejects, and so do later ones.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    pool,
    jobs: jobDatabase(pool),
    async exclusively(work) {
      const client = await pool.connect();
      try {
        return await work();
      } finally {
        client.release();
      }
    },
    async close(hurry) {
      const cut = () => void thread.terminate();
      hurry?.addEventListener("abort", cut, { once: true });
      await pool.end();
      thread.postMessage(undefined);
      await ended;
      hurry?.removeEventListener("abort", cut);
    },
  };
}

/** The database for pg-boss. Notifications come by whatever connection there is: the database's session stays the same. */
function jobDatabase(pool: pg.Pool): Db {
  const notifications = new EventEmitter();
  pool.on("connect", (client) => {
    client.on("notification", ({ channel, payload = "" }) => notifications.emit(channel, payload));
  });
  return {
    executeSql: (text, values) => pool.query(text, values),
    async listen(channel, onNotification, onReconnect) {
      notifications.on(channel, onNotification);
      await pool.query(`listen ${pg.escapeIdentifier(channel)}`);
      onReconnect();
      return {
        async close() {
          notifications.off(channel, onNotification);
          await pool.query(`unlisten ${pg.escapeIdentifier(channel)}`);
        },
      };
    },
  };
}
