import { expect, test } from "vitest";
import { placedParameters } from "../src/dialects/ack/parameters/table/table.ts";
import { isUpToDate, renderPage } from "./parameter-docs.ts";

test("docs/parameters.md is what the table of parameters gives", () => {
  expect(isUpToDate(), "make it anew: node scripts/bootstrap.mjs scripts/parameter-docs.ts").toBe(true);
});

test("every parameter has a row, with what it is, what it does, where that is seen and by which test", () => {
  const rows = renderPage()
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  expect(rows.map(([, parameter]) => parameter)).toEqual(placedParameters().map(({ path }) => `\`${path}\``));
  for (const row of rows) expect([row[7], row[8], row[9]]).not.toContain("");
  // Tests of effects are named for what the documents have: M and D in the second column.
  for (const [, parameter, kinds = "", ...others] of rows) {
    const letters = kinds
      .replace(/\(.\)|\+/g, "")
      .trim()
      .split(" ")
      .filter(Boolean);
    expect(others.at(-2)?.match(/\b[MD](?=: `)/g) ?? [], parameter).toEqual(letters);
  }
});
