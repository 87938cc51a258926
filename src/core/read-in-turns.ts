import { othersTurn } from "./others-turn.ts";

/** Rows of one statement: few enough to hold up nobody where the database is part of this process. */
const rowsAtOnce = 250;

/**
 * Reads any number of rows that have a place among themselves, many at a time; others have their turn in between.
 * @param read the next rows in order, at most `limit`, of those whose `ordinal` is above `after`
 */
export async function readInTurns<Row extends { ordinal: number }>(
  read: (after: number, limit: number) => PromiseLike<Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (;;) {
    const rows = await read(found.at(-1)?.ordinal ?? -1, rowsAtOnce);
    found.push(...rows);
    if (rows.length < rowsAtOnce) return found;
    await othersTurn();
  }
}
