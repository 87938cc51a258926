import { describe, expect, test } from "vitest";
import { createClusterParameters as ackParameters } from "../src/dialects/ack/clusters/create/table/table.ts";
import {
  parameterGroups as cceGroups,
  createClusterParameters as cceParameters,
} from "../src/dialects/cce/clusters/create/table/table.ts";
import { placedParameters } from "../src/dialects/common/parameters/parameter.ts";
import { isUpToDate, renderPage } from "./parameter-docs.ts";

test("docs/parameters.md is what the tables of parameters give", () => {
  expect(isUpToDate(), "make it anew: node scripts/bootstrap.mjs scripts/parameter-docs.ts").toBe(true);
});

const [, ackChapter = "", cceChapter = ""] = renderPage().split(/^## /m);

/** The cells of each row, the first one being before the first bar. */
const rowsOf = (chapter: string): string[][] =>
  chapter
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe.each([
  ["ACK", ackChapter],
  ["CCE", cceChapter],
])("the chapter of %s", (title, chapter) => {
  test("says what each parameter is, what it does and where that is seen", () => {
    expect(chapter.startsWith(`${title}\n`)).toBe(true);
    for (const row of rowsOf(chapter)) {
      expect(row).toHaveLength(12);
      expect([row[7], row[8], row[9]]).not.toContain("");
    }
  });
});

describe("every parameter has a row", () => {
  const pathsIn = (chapter: string) => rowsOf(chapter).map(([, parameter = ""]) => parameter.replaceAll("`", ""));

  test("of ACK's", () => {
    expect(pathsIn(ackChapter)).toEqual(placedParameters(ackParameters).map(({ path }) => path));
  });

  test("of CCE's, those of path and headers first", () => {
    const outside = Object.keys(cceGroups[0]?.parameters ?? {});
    expect(outside).toEqual(["project_id", "Content-Type", "X-Auth-Token"]);
    const inBody = placedParameters(cceParameters).map(({ path }) => path);
    expect(pathsIn(cceChapter).toSorted()).toEqual([...outside, ...inBody].toSorted());
    expect(pathsIn(cceChapter).slice(0, 3)).toEqual(outside);
  });
});

describe("the tests of effects are named for what the documents have", () => {
  test("by ACK's kinds of clusters: M and D in the second column", () => {
    for (const [, parameter, kinds = "", ...others] of rowsOf(ackChapter)) {
      const letters = kinds
        .replace(/\(.\)|\+/g, "")
        .trim()
        .split(" ")
        .filter(Boolean);
      expect(others.at(-2)?.match(/\b[MD](?=: `)/g) ?? [], parameter).toEqual(letters);
    }
  });

  test("in CCE's chapter, of its one kind", () => {
    for (const [, parameter, source, ...others] of rowsOf(cceChapter)) {
      expect(["documented", "newer"]).toContain(source);
      if (source === "documented") expect(others.at(-2), parameter).toMatch(/^(`.+` › .+|none)$/);
    }
  });
});
