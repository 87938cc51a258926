import { DrizzleQueryError } from "drizzle-orm";
import type { PgSession, PreparedQueryConfig } from "drizzle-orm/pg-core";
import type { Queryable } from "./queryable.ts";

/**
 * The one error that comes out of the database. Whatever the driver or Drizzle says, no parameter of a statement is in
 * it: parameters are passwords, keys and scripts of users, and errors end up in tasks, events and logs.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  /** PostgreSQL's SQLSTATE, e.g. `57P01`, or the system's word, e.g. `ECONNREFUSED`; undefined where there is none. */
  readonly code: string | undefined;
  /** The SQL with placeholders instead of parameters, for the log. */
  readonly statement: string | undefined;
  /**
   * @param message what the database said, free of parameters
   */
  constructor(
    message: string,
    { code, statement }: { code?: string | undefined; statement?: string | undefined } = {},
  ) {
    super(message);
    this.code = code;
    this.statement = statement;
  }

  /** Whether the database was there and will never take the statement: the same one again gets the same answer. */
  get isRefusal(): boolean {
    return refusals.some((errorClass) => this.code?.length === 5 && this.code.startsWith(errorClass));
  }
}

/** Classes of SQLSTATE that speak of what was asked: data exception, violated constraint, syntax or access rule. */
const dataException = "22";
const refusals = [dataException, "23", "42"];

/** What PostgreSQL's drivers attach to an error that the server answered with. */
type ServerError = Error & { code: string; severity: string };

const isServerError = (error: unknown): error is ServerError =>
  error instanceof Error && "severity" in error && "code" in error && typeof error.code === "string";

/** Whether parameters of a statement may be in an error itself. */
const mayHoldParameters = (error: unknown): error is Error =>
  error instanceof DrizzleQueryError || isServerError(error) || (error instanceof Error && "params" in error);

/** @param error of the driver, or of Drizzle, which wraps it with the statement and its parameters */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const wrapped = error instanceof DrizzleQueryError;
  const statement = wrapped ? error.query : undefined;
  const cause = firstOf(wrapped ? (error.cause ?? error) : error);
  const code = (cause as { code?: string }).code;
  if (isServerError(cause))
    return new StorageError(`The database refused a statement (${cause.code}): ${withoutValues(cause)}.`, {
      code,
      statement,
    });
  const reason = cause instanceof DrizzleQueryError ? "it gave no reason" : (cause as Error).message;
  return new StorageError(`The database did not answer: ${reason}.`, { code, statement });
}

/** Node.js gathers several addresses that failed in one error without a message. */
const firstOf = (error: unknown): unknown => (error instanceof AggregateError ? (error.errors[0] ?? error) : error);

/** Messages name tables and constraints; only those on data quote it. Details and hints, which do so too, are left out. */
const withoutValues = ({ code, message }: ServerError): string =>
  code.startsWith(dataException) ? "it does not take the data" : message;

/** An error as it may be shown and logged: free of parameters, in whatever depth of its causes they are. */
export function withoutParameters(error: unknown): unknown {
  if (mayHoldParameters(error)) return toStorageError(error);
  if (!(error instanceof Error) || error.cause === undefined) return error;
  const cause = withoutParameters(error.cause);
  if (cause === error.cause) return error;
  const shown = Object.assign(new Error(error.message), error, { name: error.name, cause });
  if (error.stack !== undefined) shown.stack = error.stack;
  return shown;
}

/** Sessions whose errors are {@link StorageError}s already. */
const done = new WeakSet<object>();

/** Makes every error of a database, and of the transactions in it, a {@link StorageError}. @returns the same database */
export function withStorageErrors<Db extends Queryable>(db: Db): Db {
  const { session } = db._;
  if (done.has(session)) return db;
  done.add(session);
  guardStatements(session);
  guardTransactions(session);
  return db;
}

type Session = Queryable["_"]["session"];

function guardStatements(session: Session): void {
  const prepareQuery: PgSession["prepareQuery"] = session.prepareQuery.bind(session);
  session.prepareQuery = <Config extends PreparedQueryConfig>(...query: Parameters<typeof prepareQuery<Config>>) => {
    const prepared = prepareQuery<Config>(...query);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (...values) => {
      try {
        return await execute(...values);
      } catch (error) {
        throw toStorageError(error);
      }
    };
    return prepared;
  };
}

function guardTransactions(session: Session): void {
  const transaction: Session["transaction"] = session.transaction.bind(session);
  session.transaction = async (body, config) => {
    // What the body itself throws is its own; everything else is the database's: no connection, a commit that failed.
    let own: { error: unknown } | undefined;
    try {
      return await transaction(async (tx) => {
        withStorageErrors(tx);
        try {
          return await body(tx);
        } catch (error) {
          own = { error };
          throw error;
        }
      }, config);
    } catch (error) {
      if (own !== undefined && own.error === error) throw error;
      throw toStorageError(error);
    }
  };
}
