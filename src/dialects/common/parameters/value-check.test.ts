import { describe, expect, it } from "vitest";
import { describeViolation, type Violation } from "../errors/violations.ts";
import { byKind, type Facts, integer, map, object, objects, required, text } from "./parameter.ts";
import { allViolations, checkMaps, checkValues, missing, missingMembers, refuseUnknown } from "./value-check.ts";

const facts: Facts = { kinds: [], meaning: "", effect: "", observed: "" };
const short = { says: "must be short", holds: (value: string) => value.length < 4, wayOut: "e.g. abc" };
const long = { says: "must be long", holds: (value: string) => value.length > 3 };
const members = {
  name: text({ ...facts, rule: short }),
  title: text({ ...facts, rule: byKind({ small: short, large: long }) }),
  size: integer({ ...facts, minimum: 2, maximum: 9 }),
  free: integer(facts),
  tags: objects({ key: required(text({ ...facts, rule: short })) }, facts),
  network: required(object({ vpc: required(text(facts)), labels: map(facts) }, facts)),
  labels: map({ ...facts, rule: { says: "must not be empty", holds: (name, value) => name !== "" && value !== "" } }),
};

const said = (violations: readonly Violation[]): string[] => violations.map(describeViolation);

describe("single values", () => {
  it.each<[object, string | undefined, string[]]>([
    [{ name: "abc", size: 2, free: -1, tags: [{ key: "a" }] }, undefined, []],
    [{ name: "abcd" }, undefined, ['name "abcd" must be short: e.g. abc']],
    [{ title: "abcd" }, "small", ['title "abcd" must be short: e.g. abc']],
    [{ title: "abcd" }, "large", []],
    [{ title: "abcd" }, undefined, []],
    [{ title: "abcd" }, "another", []],
    [{ size: 1 }, undefined, ["size 1 must be from 2 to 9"]],
    [{ tags: [{ key: "a" }, { key: "abcd" }] }, undefined, ['tags[1].key "abcd" must be short: e.g. abc']],
    [{ tags: [{}] }, undefined, ["tags[0].key is mandatory"]],
    [{ network: {} }, undefined, ["network.vpc is mandatory"]],
  ])("of %j, in a %s cluster: %j", (given, kind, violations) => {
    expect(said(checkValues(members, given, kind))).toEqual(violations);
  });
});

describe("what an object needs", () => {
  it("is named with its place and what to give", () => {
    expect(said(missingMembers(members, {}, "spec.", { network: "name a VPC" }))).toEqual([
      "spec.network is mandatory: name a VPC",
    ]);
    expect(missingMembers(members, { network: {} })).toEqual([]);
  });
});

describe("maps", () => {
  it.each<[unknown, string[]]>([
    [{ labels: { a: "b" }, network: { labels: { "": "" } } }, []],
    [
      { labels: { a: 1, b: null } },
      ["labels.a 1 must be a text: put it in quotes", "labels.b null must be a text: put it in quotes"],
    ],
    [{ labels: { a: "" } }, ['labels.a "" must not be empty']],
    [{ network: { labels: { a: {} } } }, ["network.labels.a {} must be a text: put it in quotes"]],
    [{ labels: "a" }, []],
    ["no object", []],
  ])("in %j: %j", (body, violations) => {
    expect(said(checkMaps(members, body))).toEqual(violations);
  });
});

describe("the violations of the schema and of the rules", () => {
  const wrong = { parameter: "size", value: "x", rule: "must be integer" };

  it("are all there", () => {
    expect(allViolations([wrong], [missing("name")])).toEqual([wrong, missing("name")]);
  });

  it("do not say a second time what is wrong with a place, or with what is in it", () => {
    const rules = [missing("size"), missing("size.a"), missing("size[0]"), missing("sizes")];
    expect(allViolations([wrong], rules)).toEqual([wrong, missing("sizes")]);
  });

  it("are told apart by whole names", () => {
    const wrongs = [{ ...wrong, parameter: "a.b" }];
    const rules = ["a", "a.b", "a.bc", "a.b.c", "a.b[0].c", "b.a.b"].map((name) => missing(name));
    expect(allViolations(wrongs, rules).map(({ parameter }) => parameter)).toEqual(["a.b", "a", "a.bc", "b.a.b"]);
  });

  it("may be very many, and have very long names", () => {
    const [schema, rules] = [0, 30_000].map((from) =>
      Array.from({ length: 60_000 }, (_, index) => missing(`tags[${from + index}].key`)),
    ) as [Violation[], Violation[]];
    expect(allViolations(schema, rules)).toHaveLength(90_000);
    expect(allViolations([wrong], [missing(`labels.${"a.".repeat(250_000)}`)])).toHaveLength(2);
  });

  it("say what to give in place of what is missing, which the rules know", () => {
    expect(allViolations([missing("name")], [missing("name", "e.g. abc")])).toEqual([missing("name", "e.g. abc")]);
    expect(allViolations([wrong], [missing("size", "e.g. 5")])).toEqual([wrong]);
  });
});

describe("an unknown parameter", () => {
  it("is refused with the setting that takes it", () => {
    expect(describeViolation(refuseUnknown("shoe_size"))).toContain("SAMPAN_VALIDATION=lenient");
  });
});
