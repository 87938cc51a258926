import type { Queryable } from "./queryable.ts";

/** A statement that Drizzle has built, and can prepare. */
interface Preparable<Result> {
  prepare(name: string): { execute(values: Record<string, unknown>): Promise<Result> };
}

/**
 * A statement of nearly every request: built once for each database, and parsed and planned by PostgreSQL once for each
 * connection, which is most of what a small statement costs.
 * @param name of the statement in PostgreSQL, which no other one may have
 * @param build the statement, whose values are `sql.placeholder`s
 * @returns runs it with values by their placeholders' names
 */
export function prepared<Values extends Record<string, unknown>, Result>(
  name: string,
  build: (db: Queryable) => Preparable<Result>,
): (db: Queryable, values: Values) => Promise<Result> {
  const built = new WeakMap<Queryable, ReturnType<Preparable<Result>["prepare"]>>();
  return (db, values) => {
    const statement = built.get(db) ?? build(db).prepare(name);
    built.set(db, statement);
    return statement.execute(values);
  };
}
