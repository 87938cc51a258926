import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "./schema.ts";

/** Runs queries: the database itself, or a transaction in it. The same code serves PGlite and a PostgreSQL server. */
export type Queryable = PgDatabase<PgQueryResultHKT, typeof schema>;
