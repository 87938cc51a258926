import { setTimeout as sleep } from "node:timers/promises";
import type { PgSession, PreparedQueryConfig } from "drizzle-orm/pg-core";
import type { Queryable } from "./queryable.ts";
import { StorageError } from "./storage-error.ts";

/** Pauses before each further attempt, in milliseconds: a server that restarts, or fails over, takes seconds. */
const pauses = [20, 100, 300, 700, 1500, 3000];

/** A transaction that PostgreSQL gave up for another's sake: serialization failure, deadlock. Nothing of it was done. */
const givenUp = ["40001", "40P01"];
/** No connection was to be had: the server starts, has too many already, or nobody listens. Nothing was sent. */
const notConnected = ["57P03", "53300", "ECONNREFUSED", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"];
/** The server ends connections when it stops (57P01, 57P02); class 08 is trouble with the connection. */
const ended = ["57P01", "57P02"];

/** What of a piece of work may have been done when it failed. */
type Reach = "nothing" | "perhaps all";

/** Whether the same work again can settle an error, without doing anything twice. */
function isWorthAnotherTry(error: unknown, reach: Reach): boolean {
  if (!(error instanceof StorageError)) return false;
  const { code } = error;
  if (code !== undefined && [...givenUp, ...notConnected].includes(code)) return true;
  // What the driver itself says of a connection that broke has no SQLSTATE.
  const lost = code === undefined || code.length !== 5 || code.startsWith("08") || ended.includes(code);
  return lost && reach === "nothing";
}

/**
 * Does work again that failed because of another transaction or of a lost connection, a few times. Statements of
 * a transaction are never repeated by themselves: all of it is, unless its end was under way when the connection broke.
 * @param db of a PostgreSQL server, whose errors are {@link StorageError}s; what is embedded has neither
 * @param isOpen false from the moment on at which no connection will be had again
 * @returns the same database
 */
export function withRetries<Db extends Queryable>(db: Db, isOpen: () => boolean): Db {
  const { session } = db._;
  retryStatements(session, isOpen);
  retryTransactions(session, isOpen);
  return db;
}

type Session = Queryable["_"]["session"];

function retryStatements(session: Session, isOpen: () => boolean): void {
  const prepareQuery: PgSession["prepareQuery"] = session.prepareQuery.bind(session);
  session.prepareQuery = <Config extends PreparedQueryConfig>(...query: Parameters<typeof prepareQuery<Config>>) => {
    const prepared = prepareQuery<Config>(...query);
    const execute = prepared.execute.bind(prepared);
    const reach = /^\s*select\b/i.test(query[0].sql) ? "nothing" : "perhaps all";
    prepared.execute = (...values) =>
      retrying(
        () => execute(...values),
        () => reach,
        isOpen,
      );
    return prepared;
  };
}

function retryTransactions(session: Session, isOpen: () => boolean): void {
  const transaction: Session["transaction"] = session.transaction.bind(session);
  session.transaction = (body, config) => {
    let reach: Reach = "nothing";
    const attempt = () => {
      reach = "nothing";
      return transaction(async (tx) => {
        const result = await body(tx);
        reach = "perhaps all";
        return result;
      }, config);
    };
    return retrying(attempt, () => reach, isOpen);
  };
}

async function retrying<Result>(
  attempt: () => Promise<Result>,
  reach: () => Reach,
  isOpen: () => boolean,
): Promise<Result> {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch (error) {
      if (!isOpen() || !isWorthAnotherTry(error, reach())) throw error;
      // Two that got into each other's way must not do so again.
      await sleep(pause * (1 + Math.random()));
    }
  }
  return attempt();
}
