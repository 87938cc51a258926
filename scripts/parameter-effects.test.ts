import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Kind } from "../src/dialects/ack/parameters/parameter.ts";
import { placedParameters } from "../src/dialects/ack/parameters/table/table.ts";
import { effectTests, testsOf } from "../test/parameter-effects.ts";

const documentedFor = (kind: Kind): string[] =>
  placedParameters().flatMap(({ path, parameter }) => (parameter.kinds.includes(kind) ? [path] : []));

describe.each([
  ["managed", 68],
  ["dedicated", 146],
] as const)("the documented parameters of %s clusters", (kind, count) => {
  test(`are ${count}`, () => {
    expect(documentedFor(kind)).toHaveLength(count);
  });

  test("each have a test that observes their effect", () => {
    expect(documentedFor(kind).filter((path) => testsOf(path, kind).length === 0)).toEqual([]);
  });

  test("are all that tests are said to observe", () => {
    const observed = new Set(effectTests.flatMap(({ proves }) => proves[kind] ?? []));
    expect([...observed].filter((path) => !documentedFor(kind).includes(path))).toEqual([]);
  });
});

test("the tests that are named are there", () => {
  const missing = effectTests.filter(({ file, title }) => !titlesIn(file).includes(title.join(" › ")));
  expect(missing.map(({ file, title }) => [file, ...title])).toEqual([]);
});

/** The tests of a file as `group › test`. @param file in the folder `test`, without `.test.ts` */
function titlesIn(file: string): string[] {
  const source = readFileSync(new URL(`../test/${file}.test.ts`, import.meta.url), "utf8");
  let group = "";
  return [...source.matchAll(/^(?<indent> *)(?<word>describe|test)\("(?<title>.*?)", (?:async )?\(/gm)].flatMap(
    ({ groups: { word, title = "" } = {} }) => {
      if (word === "test") return [`${group} › ${title}`];
      group = title;
      return [];
    },
  );
}
