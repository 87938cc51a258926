import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** A placement while this process alone works on it. */
export interface PlacementLock {
  /** Lets another process have it. */
  release(): Promise<void>;
}

/** Thrown when another process works on a placement. */
export class PlacementTakenError extends Error {
  override readonly name = "PlacementTakenError";
  /** Who has it, e.g. `process 123 on machine-a, 10.0.0.7`; undefined where it let go meanwhile. */
  readonly holder: string | undefined;
  constructor(placement: string, holder: string | undefined) {
    super(
      `Another Sampan with the id of this home (${placement}) works on the same database${holder ? ` (${holder})` : ""}: ` +
        "a home is one process' alone, and a copy of it is no replica. Stop that one; or, for a replica, start with an empty " +
        "SAMPAN_HOME that has nothing but a copy of secret.key.",
    );
    this.holder = holder;
  }
}

/** How a placement is taken. */
export interface PlacementWish {
  placement: string;
  /**
   * How long to wait for another process to let go of it, in milliseconds. After a machine's loss of power the server takes
   * its former process for alive until a few probes of the connection have failed.
   */
  patience: number;
  /** Told, once, when another process has got it meanwhile: this one must not go on. */
  onLost(error: PlacementTakenError): void;
}

/** Longer than the server needs to find out that a machine has gone; see {@link sessionSettings}. */
export const usualPatience = 20_000;

/** Pause between two attempts to get the lock, or a connection, in milliseconds. */
const poll = 500;

/** Pause between two looks at the connection, and the longest wait for an answer, in milliseconds. */
const heartbeat = { interval: 5_000, answer: 10_000 };

/**
 * For the session that holds a lock: it may be idle for ever, and is over when its machine has not answered a probe for
 * 5 s + 3 × 3 s, or not taken what was sent for as long. A setting that an older server does not have is left out.
 */
const sessionSettings = `
  select set_config(name, wanted, false) from pg_settings
    join (values ('idle_session_timeout', '0'), ('tcp_keepalives_idle', '5'), ('tcp_keepalives_interval', '3'),
      ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '14000')) as settings (key, wanted) on name = key`;

const keyOf = "hashtextextended('sampan-placement/' || $1, 0)";
const tryLock = `select pg_try_advisory_lock(${keyOf}) as locked`;
const holderOf = `
  select pid, application_name as name, host(client_addr) as address from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and objsubid = 1
      and (classid::bigint << 32) | objid::bigint = ${keyOf}`;

/**
 * Takes a placement for this process alone, by a session's lock on a PostgreSQL server: whatever becomes of the process,
 * its machine or the network, the lock ends with the connection. A connection that breaks is made again.
 * @throws {PlacementTakenError} where another process has it
 */
export async function takePlacement(url: string, wish: PlacementWish): Promise<PlacementLock> {
  // Tells these sessions from every other's: process ids and hosts' names are the same in many containers.
  const session = `sampan ${process.pid} on ${hostname()} (${randomBytes(4).toString("hex")})`;
  let released = false;
  let client = await lockedClient(url, session, wish);
  let holding = watch(client);

  /** Resolves when the lock is released, or gone for good. */
  async function watch(current: pg.Client): Promise<void> {
    // A connection whose other end has gone silently says so only when something is sent.
    const beat = setInterval(() => current.query("select 1").catch(() => current.end()), heartbeat.interval);
    beat.unref();
    await new Promise<void>((resolve) => current.once("end", () => resolve()));
    clearInterval(beat);
    if (released) return;
    const again = await reconnected();
    if (again === undefined) return;
    client = again;
    if (released) await client.end();
    else holding = watch(client);
  }

  async function reconnected(): Promise<pg.Client | undefined> {
    while (!released) {
      try {
        return await lockedClient(url, session, wish);
      } catch (error) {
        if (error instanceof PlacementTakenError) {
          if (!released) wish.onLost(error);
          return undefined;
        }
        // A server that is away is so for everybody; nobody can work meanwhile.
        await sleep(poll, undefined, { ref: false });
      }
    }
    return undefined;
  }

  return {
    async release() {
      released = true;
      await client.end().catch(() => undefined);
      await holding;
    },
  };
}

/** A connection whose session has the lock. @param session its name */
async function lockedClient(url: string, session: string, { placement, patience }: PlacementWish): Promise<pg.Client> {
  const { answer } = heartbeat;
  const client = new pg.Client({
    connectionString: url,
    application_name: session,
    connectionTimeoutMillis: answer,
    query_timeout: answer,
  });
  // Without a listener, a connection that breaks would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(sessionSettings);
    await untilLocked(client, session, { placement, patience });
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function untilLocked(
  client: pg.Client,
  session: string,
  { placement, patience }: Pick<PlacementWish, "placement" | "patience">,
): Promise<void> {
  const start = performance.now();
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(tryLock, [placement]);
    if (rows[0]?.locked) return;
    const holder = await findHolder(client, placement);
    if (holder?.name === session) await endSession(client, holder);
    else if (performance.now() - start >= patience)
      throw new PlacementTakenError(placement, holder && holderText(holder));
    await sleep(poll);
  }
}

/** A session that has a lock. */
interface Holder {
  /** Of the server's process. */
  pid: number;
  name: string;
  address: string | null;
}

async function findHolder(client: pg.Client, placement: string): Promise<Holder | undefined> {
  return (await client.query<Holder>(holderOf, [placement])).rows[0];
}

/**
 * Ends a former session of one's own that still has the lock: the server may not know for long that its connection broke,
 * behind a pooler above all.
 */
async function endSession(client: pg.Client, { pid }: Holder): Promise<void> {
  await client.query("select pg_terminate_backend($1)", [pid]);
}

function holderText({ name, address }: Holder): string {
  const [, pid, host] = /^sampan (\d+) on (.+?)(?: \(\w+\))?$/.exec(name) ?? [];
  const process = host === undefined ? name : `process ${pid} on ${host}`;
  return address === null ? process : `${process}, ${address}`;
}
