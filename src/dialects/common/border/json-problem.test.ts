import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonProblem, lineAndColumn } from "./json-problem.ts";

const problemOf = (text: string, depth = 64) => findJsonProblem(text, { depth });

describe("a text that is not JSON", () => {
  it.each([
    ["", 0, "the text ends where a value is expected"],
    ["{", 1, 'the text ends where a name in double quotes or "}" is expected'],
    ['{"a"', 4, 'the text ends where a ":" after the name is expected'],
    ['{"a":', 5, "the text ends where a value is expected"],
    ['{"a":1', 6, 'the text ends where a comma or "}" is expected'],
    ['{"a":1,', 7, "the text ends where a name in double quotes is expected"],
    ["[1", 2, 'the text ends where a comma or "]" is expected'],
    ['{"a":1,}', 7, 'a comma stands before this "}"; remove the comma'],
    ["[1,]", 3, 'a comma stands before this "]"; remove the comma'],
    ['{"a":1 "b":2}', 7, 'a comma or "}" is expected; a comma is missing'],
    ["[1 2]", 3, 'a comma or "]" is expected; a comma is missing'],
    ['{"a" 1}', 5, 'a ":" after the name is expected'],
    ["{a:1}", 1, 'a name in double quotes or "}" is expected'],
    ["{'a':1}", 1, 'names and strings stand in plain double quotes (")'],
    ["{“a”:1}", 1, 'names and strings stand in plain double quotes (")'],
    ['{"a":1} // b', 8, "JSON has no comments; remove this one"],
    ['{\n  # b\n "a":1}', 4, "JSON has no comments; remove this one"],
    ['{"a":/* b */1}', 5, "JSON has no comments; remove this one"],
    ["{} {}", 3, "the JSON value has ended before; nothing may follow it"],
    ["1,", 1, "the JSON value has ended before; nothing may follow it"],
    ['"a', 0, "the string that begins here is never closed"],
    ['["a\\', 1, "the string that begins here is never closed"],
    ['"a\nb"', 2, "a line break or control character in a string is written \\n, \\t or \\u…"],
    ['"\\x"', 1, 'after "\\" in a string stands one of " \\ / b f n r t, or u and four hex digits'],
    ['"\\u12"', 1, 'after "\\" in a string stands one of " \\ / b f n r t, or u and four hex digits'],
    ["[01]", 1, "a number is written as 0, -12 or 3.5e6, without a plus sign, leading zeros or a bare dot"],
    ["[1.]", 1, "a number is written as 0, -12 or 3.5e6, without a plus sign, leading zeros or a bare dot"],
    ["[+1]", 1, "a number is written as 0, -12 or 3.5e6, without a plus sign, leading zeros or a bare dot"],
    ["[True]", 1, expect.stringMatching(/^a value or "]" is expected: a string in double quotes, a number, true/)],
    ["[truely]", 1, expect.stringMatching(/^a value or "]" is expected: /)],
    ["[}", 1, 'a value or "]" is expected'],
    ["{]", 1, 'a name in double quotes or "}" is expected'],
  ])("%j is wrong at %i", (text, offset, reason) => {
    expect(problemOf(text)).toEqual({ offset, reason });
  });

  it("is found wherever JSON.parse finds one, and only there", () => {
    const pieces = [
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"a"',
      '"',
      "\\",
      "1",
      "-0.5e3",
      "0",
      ".",
      "true",
      "nul",
      " ",
      "\n",
      "/",
    ];
    const nearly = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((drawn) => drawn.join("")),
      fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 1 })).map(([json, place, char]) => {
        const index = place % (json.length + 1);
        return json.slice(0, index) + char + json.slice(index + 1);
      }),
      fc.json(),
    );
    fc.assert(
      fc.property(nearly, (text) => {
        expect(problemOf(text) === undefined, text).toBe(parses(text));
      }),
      { numRuns: 5000 },
    );
  });
});

describe("depth", () => {
  it.each(["[", '{"a":'])("is counted for %j", (opening) => {
    const nested = (depth: number) => `${opening.repeat(depth)}1${(opening === "[" ? "]" : "}").repeat(depth)}`;
    expect(problemOf(nested(3), 3)).toBeUndefined();
    expect(problemOf(nested(4), 3)).toEqual({
      offset: 3 * opening.length,
      reason: "objects and arrays are nested more than 3 deep",
    });
  });

  it("is bounded for a megabyte of brackets, and brackets in a string don't count", () => {
    expect(problemOf("[".repeat(1_000_000))).toMatchObject({ offset: 64 });
    expect(problemOf(`"${"[".repeat(1_000_000)}"`)).toBeUndefined();
  });
});

describe("line and column", () => {
  it.each([
    ["", 0, 1, 1],
    ["ab", 2, 1, 3],
    ["a\nb", 1, 1, 2],
    ["a\nb", 2, 2, 1],
    ["a\r\nb", 3, 2, 1],
    ["名😀x", 3, 1, 3],
  ])("in %j, offset %i is line %i, column %i", (text, offset, line, column) => {
    expect(lineAndColumn(text, offset)).toEqual({ line, column });
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
