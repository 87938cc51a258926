import { expect, test } from "vitest";
import { holds, median, table } from "./report.ts";

test.each([
  [[7], 7],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
  [[10, 9, 2, 100, 8], 9],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("there is no median of nothing, and a bound on it does not hold", () => {
  expect(median([])).toBeNaN();
  expect(holds({ what: "nothing", value: median([]), unit: "s", bound: 1 })).toBe(false);
});

test.each([
  [1.49, 1.5, true],
  [1.5, 1.5, true],
  [1.501, 1.5, false],
  [1e9, undefined, true],
])("%d with the bound %d: holds is %s", (value, bound, expected) => {
  expect(holds({ what: "", value, unit: "×", bound })).toBe(expected);
});

test("the table has a line for each row, in columns", () => {
  const rows = [
    { what: "plain script", value: 6.126, unit: "s", samples: [6.126, 12.34] },
    { what: "ratio", value: 1.6, unit: "×", bound: 1.5 },
    { what: "service, idle", value: 407.4, unit: "MB", bound: 500 },
  ];
  expect(table(rows).split("\n")).toEqual([
    "plain script   6.13 s                           (6.13, 12.3)",
    "ratio          1.60 ×  ≤ 1.5 ×   DOES NOT HOLD",
    "service, idle  407 MB  ≤ 500 MB  holds",
  ]);
});
