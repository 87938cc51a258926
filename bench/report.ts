/** One line of the result. */
export interface Row {
  what: string;
  value: number;
  unit: string;
  /** The value may not be above it; undefined where nothing is promised. */
  bound?: number;
  /** What the value is the median of. */
  samples?: readonly number[];
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const last = sorted.length - 1;
  return ((sorted[Math.floor(last / 2)] ?? Number.NaN) + (sorted[Math.ceil(last / 2)] ?? Number.NaN)) / 2;
}

/** Whether the value keeps its bound. */
export const holds = ({ value, bound }: Row): boolean => bound === undefined || value <= bound;

/** The rows as a table for people. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    `${format(row.value)} ${row.unit}`,
    row.bound === undefined ? "" : `≤ ${row.bound} ${row.unit}`,
    row.bound === undefined ? "" : holds(row) ? "holds" : "DOES NOT HOLD",
    row.samples === undefined ? "" : `(${row.samples.map(format).join(", ")})`,
  ]);
  const width = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const widths = [0, 1, 2, 3].map(width);
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Three digits are as much as repeats from run to run. */
function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
