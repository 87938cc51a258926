import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Kind } from "../src/dialects/ack/clusters/create/kind.ts";
import { createClusterParameters } from "../src/dialects/ack/clusters/create/table/table.ts";
import { parameterGroups } from "../src/dialects/cce/clusters/create/table/table.ts";
import { placedParameters } from "../src/dialects/common/parameters/parameter.ts";
import { cceEffectTests, cceTestsOf } from "../test/cce-parameter-effects.ts";
import { effectTests, testsOf } from "../test/parameter-effects.ts";

const documentedFor = (kind: Kind): string[] =>
  placedParameters(createClusterParameters).flatMap(({ path, parameter }) =>
    parameter.kinds?.includes(kind) ? [path] : [],
  );

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

const documentedOfCce = parameterGroups.flatMap(({ prefix, parameters }) =>
  placedParameters(parameters, prefix).flatMap(({ path, parameter }) => (parameter.kinds?.length ? [path] : [])),
);

describe("the documented parameters of CCE", () => {
  test("are 28: 25 of the body, one of the path, two of headers", () => {
    expect(documentedOfCce).toHaveLength(28);
  });

  test("each have a test that observes their effect", () => {
    expect(documentedOfCce.filter((path) => cceTestsOf(path).length === 0)).toEqual([]);
  });

  test("and newer ones are all that tests are said to observe", () => {
    const known = parameterGroups.flatMap(({ prefix, parameters }) =>
      placedParameters(parameters, prefix).map(({ path }) => path),
    );
    expect(cceEffectTests.flatMap(({ proves }) => proves).filter((path) => !known.includes(path))).toEqual([]);
  });
});

test("the tests that are named are there", () => {
  const missing = [...effectTests, ...cceEffectTests].filter(
    ({ file, title }) => !titlesIn(file).includes(title.join(" › ")),
  );
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
