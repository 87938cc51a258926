import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { openDurably } from "./durable-files.ts";

// A thread of its own, started by embedded.ts: opens the embedded database in the folder it is given, and says so. Every
// port that it gets is a connection: what comes through is PostgreSQL's wire protocol, whole messages of it, and so is what
// is answered. There is one at a time. Anything that is no port ends the thread.
if (parentPort === null) throw new Error("database-thread.ts is started as a thread, by embedded.ts.");
const parent = parentPort;
const pglite = await openDurably(workerData as string);

parent.on("message", async (port: MessagePort | undefined) => {
  if (port !== undefined) return serve(port);
  await pglite.close();
  parent.close();
});
parent.postMessage("open");

async function serve(port: MessagePort): Promise<void> {
  // The database has one session for as long as it is open: what an earlier connection left begun, or had prepared, a
  // server would forget.
  if (pglite.isInTransaction()) await pglite.exec("rollback");
  await pglite.exec("deallocate all");
  port.on("message", (statements: Uint8Array) => {
    // A copy of its own: PGlite answers with a part of memory that it goes on using.
    const answer = pglite.execProtocolRawSync(statements).slice();
    port.postMessage(answer, [answer.buffer]);
  });
}
