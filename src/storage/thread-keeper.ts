import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";

/** The thread of an embedded database, which is started anew where it ends by itself. */
export interface ThreadKeeper {
  /** Starts the thread, unless it runs. @throws {Error} whatever PGlite throws where the folder cannot be opened */
  open(): Promise<void>;
  /** A connection to the database. @throws {Error} where the thread cannot be started, or has been closed */
  connect(): Promise<MessagePort>;
  /** Has the database write its files, and ends the thread for good. */
  close(): Promise<void>;
  /** Ends the thread for good, as a kill would. */
  cut(): void;
}

/** A thread that could not be started is not started again for so long, in milliseconds: the disk may be full for hours. */
const pauseAfterFailure = 1_000;

/** A thread whose database is open. */
interface Running {
  worker: Worker;
  ended: Promise<unknown>;
}

/**
 * Keeps the thread of the database in a folder.
 * @param onEnd is told why a thread ended that was not asked to
 */
export function createThreadKeeper(folder: string, onEnd: (reason: Error) => void): ThreadKeeper {
  let starting: Promise<Running> | undefined;
  let worker: Worker | undefined;
  let isClosed = false;

  async function start(): Promise<Running> {
    worker = new Worker(new URL("./database-thread.ts", import.meta.url), { workerData: folder });
    let reason: Error | undefined;
    worker.on("error", (error: Error) => {
      reason = error;
    });
    const ended = new Promise<Error>((resolve) => {
      worker?.once("exit", (code) => resolve(reason ?? new Error(`its thread ended with code ${code}`)));
    });
    const open = await Promise.race([once(worker, "message").catch(() => ended), ended]);
    if (open instanceof Error) throw open;
    void ended.then((error) => {
      starting = undefined;
      if (!isClosed) onEnd(error);
    });
    return { worker, ended };
  }

  const running = (): Promise<Running> => {
    starting ??= start().catch((error: Error) => {
      setTimeout(() => {
        starting = undefined;
      }, pauseAfterFailure).unref();
      throw error;
    });
    return starting;
  };

  return {
    async open() {
      await running();
    },
    async connect() {
      if (isClosed) throw new Error("the embedded database has ended: it was closed");
      const thread = await running().catch((error: Error) => {
        const hint = "its disk may be full, or for reading only";
        throw new Error(`the embedded database in ${folder} cannot be opened: ${error.message}; ${hint}`, {
          cause: error,
        });
      });
      const { port1, port2 } = new MessageChannel();
      thread.worker.postMessage(port2, [port2]);
      // A thread that ends before it has taken the port leaves it open.
      void thread.ended.then(() => port1.close());
      return port1;
    },
    async close() {
      const thread = await starting?.catch(() => undefined);
      isClosed = true;
      thread?.worker.postMessage(undefined);
      await thread?.ended;
    },
    cut() {
      isClosed = true;
      void worker?.terminate();
    },
  };
}
