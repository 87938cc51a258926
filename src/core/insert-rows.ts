import { type Column, getTableColumns, getTableName, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Core } from "./core.ts";
import { othersTurn } from "./others-turn.ts";

/** Rows of one statement, and their characters: few enough to hold up nobody where the database is part of this process. */
const most = { rows: 250, characters: 128 * 1024 };

/**
 * Writes any number of rows, each with the same members. A statement has a single parameter with many of them: PostgreSQL takes
 * 65,535 parameters, and reading them is what an insert takes most of its time for. Others have their turn in between.
 */
export async function insertRows<T extends PgTable>(
  { db }: Pick<Core, "db">,
  table: T,
  rows: readonly T["$inferInsert"][],
): Promise<void> {
  const columns = Object.entries(getTableColumns(table)).filter(([member]) => Object.hasOwn(rows[0] ?? {}, member));
  for (const records of chunksOf(rows, columns)) {
    await db.execute(
      insertion(
        getTableName(table),
        columns.map(([, column]) => column),
        records,
      ),
    );
    await othersTurn();
  }
}

/** The rows as JSON, many at a time, their members named as the columns are. */
function* chunksOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly (readonly [member: string, Column])[],
): Generator<string[]> {
  let chunk: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const record = JSON.stringify(Object.fromEntries(columns.map(([member, { name }]) => [name, row[member]])));
    if (chunk.length === most.rows || (chunk.length > 0 && characters + record.length > most.characters)) {
      yield chunk;
      chunk = [];
      characters = 0;
    }
    chunk.push(record);
    characters += record.length;
  }
  if (chunk.length > 0) yield chunk;
}

function insertion(table: string, columns: readonly Column[], records: readonly string[]): SQL {
  const separator = sql`, `;
  const names = sql.join(
    columns.map(({ name }) => sql.identifier(name)),
    separator,
  );
  const typed = sql.join(
    columns.map((column) => sql`${sql.identifier(column.name)} ${sql.raw(column.getSQLType())}`),
    separator,
  );
  const rows = `[${records.join(",")}]`;
  return sql`insert into ${sql.identifier(table)} (${names}) select ${names} from json_to_recordset(${rows}::json) as row (${typed})`;
}
