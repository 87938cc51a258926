import { once } from "node:events";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ThreadConnection } from "./thread-connection.ts";

let database: MessagePort;
let connection: ThreadConnection;
beforeEach(async () => {
  const { port1, port2 } = new MessageChannel();
  database = port2;
  connection = new ThreadConnection(async () => port1);
  await once(connection.connect(), "connect");
});
afterEach(() => {
  connection.destroy();
  database.close();
});

const nextMessage = async (): Promise<string> => Buffer.from((await once(database, "message"))[0]).toString();

it("sends as one message what is written together", async () => {
  connection.cork();
  for (const part of ["parse ", "bind ", "execute"]) connection.write(part);
  connection.uncork();
  expect(await nextMessage()).toBe("parse bind execute");
});

it("gives a long answer piece by piece, and others their turn between them", async () => {
  const seen: string[] = [];
  const answer = new Uint8Array(200 * 1024).map((_, index) => index);
  database.postMessage(answer);
  const pieces: Buffer[] = [];
  connection.on("data", (piece: Buffer) => {
    pieces.push(piece);
    seen.push("piece");
    setImmediate(() => seen.push("another's turn"));
  });
  await expect.poll(() => Buffer.concat(pieces).equals(answer)).toBe(true);
  expect(seen.slice(0, 7)).toEqual([
    "piece",
    "another's turn",
    "piece",
    "another's turn",
    "piece",
    "another's turn",
    "piece",
  ]);
});

it("ends in order when its driver ends it", async () => {
  connection.resume();
  connection.end();
  await Promise.all([once(database, "close"), once(connection, "close")]);
  expect(connection.errored).toBeNull();
});

it("tells its driver when the database has ended", async () => {
  database.close();
  const [error] = await once(connection, "error");
  expect(error).toEqual(new Error("the embedded database has ended"));
});

it("tells its driver why it cannot be opened", async () => {
  const refused = new ThreadConnection(async () => {
    throw new Error("the embedded database has ended: out of memory");
  });
  const [error] = await once(refused.connect(), "error");
  expect(error).toEqual(new Error("the embedded database has ended: out of memory"));
});
