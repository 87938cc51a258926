import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { openDurably } from "./durable-files.ts";

// A thread of its own, started by embedded.ts: opens the embedded database in the folder it is given, and says so. Every
// port that it gets is a connection: what comes through is PostgreSQL's wire protocol, whole messages of it, and so is what
// is answered. There is one at a time. Anything that is no port ends the thread.
if (parentPort === null) throw new Error("database-thread.ts is started as a thread, by embedded.ts.");
const parent = parentPort;
const pglite = await openDurably(workerData as string);

/** What PGlite's main loop throws for a statement that failed, after which it goes on (`POSTGRES_MAIN_LONGJMP`). */
const statementFailed = 100;

/** The connection whose statements are run now, and the parts of the answer so far. */
let asker: MessagePort | undefined;
let answer: Uint8Array<ArrayBuffer>[] = [];

endWithPostgres();
parent.on("message", async (port: MessagePort | undefined) => {
  if (port !== undefined) return serve(port);
  await pglite.close();
  parent.close();
});
parent.postMessage("open");

async function serve(port: MessagePort): Promise<void> {
  // The database has one session for as long as it is open: what an earlier connection left begun, or had prepared, a
  // server would forget.
  await pglite.exec("rollback");
  await pglite.exec("deallocate all");
  port.on("message", (statements: Uint8Array) => {
    asker = port;
    // Passed on as it is: what PGlite itself reads of an answer, it keeps until one of its own statements is run. All of
    // it is done by the time the call returns. Each part is copied, since PGlite goes on using the memory.
    const onRawData = (part: Uint8Array) => void answer.push(new Uint8Array(part));
    void pglite.execProtocolRawStream(statements, { syncToFs: false, onRawData });
    sendAnswer();
  });
}

function sendAnswer(): void {
  const [first, ...more] = answer;
  answer = [];
  if (asker === undefined || first === undefined) return;
  const whole = more.length === 0 ? first : joined([first, ...more]);
  asker.postMessage(whole, [whole.buffer]);
}

/** In memory of its own, unlike what `Buffer.concat` gives, so that it can change hands. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/**
 * Ends the thread where PostgreSQL ends itself, such as where its log cannot be written (PANIC): what it acknowledged is on
 * the disk, and read from there the next time. PGlite goes on with what is left, and spins in it for ever.
 */
function endWithPostgres(): void {
  const module = pglite.Module as { _PostgresMainLoopOnce(): void };
  const once = module._PostgresMainLoopOnce;
  module._PostgresMainLoopOnce = () => {
    try {
      once();
    } catch (error) {
      if ((error as { status?: number }).status === statementFailed) throw error;
      // The last words are PostgreSQL's own, and say why.
      sendAnswer();
      process.exit(1);
    }
  };
}
