import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PlacementTakenError, takePlacement } from "../src/storage/placement-lock.ts";
import { eventually } from "./support/eventually.ts";
import { type PostgresServer, startPostgres } from "./support/postgres.ts";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

const lost: PlacementTakenError[] = [];
const take = (placement: string, patience = 0) =>
  takePlacement(postgres.url, { placement, patience, onLost: (error) => lost.push(error) });

const holders = () =>
  postgres.query(
    "select pid, application_name as name from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and granted",
  );
const endHolders = () =>
  postgres.query("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted");

test("a placement is one process' alone, and the other is told whose", async () => {
  const lock = await take("one");
  await expect(take("one")).rejects.toThrow(
    new RegExp(`id of this home \\(one\\).*process ${process.pid} on .*nothing but a copy of secret.key`),
  );
  const other = await take("another");
  await other.release();
  await lock.release();
  expect(await holders()).toEqual([]);
  await (await take("one")).release();
});

test("who waits gets it when the other lets go", async () => {
  const lock = await take("waited-for");
  const waiting = take("waited-for", 60_000);
  await lock.release();
  await (await waiting).release();
});

test("it is taken again when the connection breaks", async () => {
  const lock = await take("broken");
  const [before] = await holders();
  await endHolders();
  await eventually(async () => {
    const [again] = await holders();
    expect(again).toMatchObject({ name: before?.name });
    expect(again?.pid).not.toBe(before?.pid);
  });
  expect(lost).toEqual([]);
  await lock.release();
  expect(await holders()).toEqual([]);
});

test("it is taken from one's own former session, which the server takes for alive behind a pooler", async () => {
  const pooler = await startPooler();
  const lock = await takePlacement(pooler.url, {
    placement: "pooled",
    patience: 0,
    onLost: (error) => lost.push(error),
  });
  const [before] = await holders();
  pooler.breakClients();
  await eventually(async () => {
    const [again] = await holders();
    expect(again).toMatchObject({ name: before?.name });
    expect(again?.pid).not.toBe(before?.pid);
  });
  expect(lost).toEqual([]);
  await lock.release();
  await pooler.close();
});

test("who finds another one there when the connection is back has lost it, and is told", async () => {
  const lock = await take("lost");
  const other = new pg.Client({ connectionString: postgres.url, application_name: "sampan 7 on elsewhere" });
  await other.connect();
  // The server gives it to who waits in its own queue, before anybody can ask for it again.
  const given = other.query("select pg_advisory_lock(hashtextextended('sampan-placement/' || 'lost', 0))");
  await eventually(async () =>
    expect(await postgres.query("select 1 from pg_locks where locktype = 'advisory' and not granted")).toHaveLength(1),
  );
  await endHolders();
  await given;
  await eventually(() => expect(lost).toEqual([expect.any(PlacementTakenError)]));
  expect(lost[0]?.holder).toBe("process 7 on elsewhere");
  await lock.release();
  await other.end();
});

/** Passes connections on to the server, and keeps the server's end of one open whose client has gone. */
async function startPooler() {
  const folder = new URL(postgres.url).searchParams.get("host");
  const clients = new Set<Socket>();
  const servers = new Set<Socket>();
  const pooler = createServer((client) => {
    const server = connect(`${folder}/.s.PGSQL.5432`);
    clients.add(client);
    servers.add(server);
    client.on("data", (chunk) => server.write(chunk)).on("error", () => undefined);
    server.on("data", (chunk) => client.write(chunk)).on("error", () => undefined);
    server.on("close", () => client.destroy());
  });
  pooler.listen(0, "127.0.0.1");
  await once(pooler, "listening");
  return {
    url: `postgres://sampan@127.0.0.1:${(pooler.address() as AddressInfo).port}/postgres`,
    breakClients() {
      for (const client of clients) client.destroy();
    },
    async close() {
      for (const socket of [...clients, ...servers]) socket.destroy();
      pooler.close();
      await once(pooler, "close");
    },
  };
}
