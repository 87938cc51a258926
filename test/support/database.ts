import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** Runs SQL and gives the rows. */
export type Query = (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** Works on the embedded database of a home that no service has open. */
export async function withDatabase<T>(home: string, work: (query: Query) => Promise<T>): Promise<T> {
  const pglite = await PGlite.create({ dataDir: join(home, "database") });
  try {
    return await work(async (sql, values) => (await pglite.query<Record<string, unknown>>(sql, values)).rows);
  } finally {
    await pglite.close();
  }
}
