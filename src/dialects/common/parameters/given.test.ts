import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenParameters, placedValues, unknownFields, withoutNulls } from "./given.ts";
import {
  choice,
  type Facts,
  flag,
  integer,
  map,
  object,
  objects,
  required,
  text,
  texts,
  usualItems,
  usualLength,
} from "./parameter.ts";

const facts: Facts = { kinds: [], meaning: "", effect: "", observed: "" };
const members = {
  name: text(facts),
  timeout_mins: integer({ ...facts, minimum: 1 }),
  num_of_nodes: integer(facts),
  runtime: object({ name: text(facts), version: text(facts) }, facts),
  proxy_mode: choice(["iptables", "ipvs"], facts),
  master_count: integer({ ...facts, values: [3, 5] }),
  snat_entry: flag(facts),
  tags: objects({ key: text(facts) }, facts),
  addons: objects({ name: text(facts), config: text(facts) }, facts),
  vswitch_ids: texts(facts),
  labels: map(facts),
  extendParam: object({ zone: text(facts) }, { ...facts, open: true }),
  nodepools: objects({ node_config: object({}, facts), scaling_group: object({ size: integer(facts) }, facts) }, facts),
};

const many = (length: number) => Object.fromEntries(Array.from({ length }, (_, n) => [`n${n}`, ""]));

describe("what a body sets", () => {
  it.each([
    [{ name: "a", tags: [] }, { name: "a" }],
    [{ name: "", timeout_mins: 0, num_of_nodes: 0 }, { num_of_nodes: 0 }],
    [{ runtime: { name: "", version: "", exist: false } }, {}],
    [{ proxy_mode: "userspace", master_count: 4, snat_entry: "yes" }, {}],
    [{ addons: [{ name: "flannel", config: "" }, {}] }, { addons: [{ name: "flannel" }, {}] }],
    [{ vswitch_ids: ["a", 5] }, {}],
    [{ shoe_size: 43 }, {}],
    [{ nodepools: [{ node_config: { a: null } }] }, { nodepools: [{ node_config: { a: null } }] }],
    [{ labels: { a: "b" }, extendParam: { foo: "bar" } }, { labels: { a: "b" } }],
    [{ labels: { a: 1 } }, {}],
    [
      { name: "a".repeat(usualLength), labels: many(usualItems) },
      { name: "a".repeat(usualLength), labels: many(usualItems) },
    ],
    [{ name: "\u{1f6a3}".repeat(usualLength) }, { name: "\u{1f6a3}".repeat(usualLength) }],
    [{ name: "a".repeat(usualLength + 1), labels: many(usualItems + 1) }, {}],
    [{ vswitch_ids: Array(usualItems + 1).fill("a") }, { vswitch_ids: Array(usualItems).fill("a") }],
    ["no object", {}],
    [null, {}],
    [[], {}],
  ])("of %j is %j", (body, set) => {
    expect(givenParameters(members, body)).toEqual(set);
  });

  it("is nothing of another object's prototype", () => {
    expect(givenParameters(members, Object.create({ name: "inherited" }))).toEqual({});
  });

  it("is the same when it is asked for again", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = givenParameters(members, value);
        expect(givenParameters(members, once)).toEqual(once);
      }),
    );
  });
});

describe("what can be cleared", () => {
  const clearable = { note: text({ ...facts, clearable: true }), names: { ...texts(facts), clearable: true as const } };

  it("is set by an empty value, too", () => {
    expect(givenParameters(clearable, { note: "", names: [] })).toEqual({ note: "", names: [] });
  });
});

describe("an object that has to be there", () => {
  const spec = { spec: required(object({ name: text(facts) }, facts)) };

  it.each([
    [{ spec: { name: "a" } }, { spec: { name: "a" } }],
    [{ spec: { name: "" } }, { spec: {} }],
    [{ spec: {} }, { spec: {} }],
    [{ spec: "a" }, {}],
    [{}, {}],
  ])("is set by %j as %j, for what is missing in it", (body, set) => {
    expect(givenParameters(spec, body)).toEqual(set);
  });
});

describe("null", () => {
  it("is left out at any depth, but not within lists", () => {
    expect(withoutNulls({ a: null, b: { c: null, d: [null, { e: null }] } })).toEqual({ b: { d: [null, {}] } });
  });
});

describe("the values of a body", () => {
  const limited = { tags: objects({ key: text(facts) }, { ...facts, maxItems: 2 }) };
  const paths = (body: object) => placedValues(limited, body).map(({ path }) => path);

  it("are those in its lists, too", () => {
    expect(paths({ tags: [{ key: "a" }, {}] })).toEqual(["tags", "tags[0]", "tags[0].key", "tags[1]"]);
  });

  it("are not those in a list that is too long", () => {
    expect(paths({ tags: [{ key: "a" }, {}, {}] })).toEqual(["tags"]);
  });
});

describe("unknown fields", () => {
  it.each<[unknown, string[]]>([
    [{ extendParam: { zone: "a", foo: "bar" }, labels: { anything: "goes" } }, []],
    [{ a: 1, b: { c: 2 } }, ["a", "b"]],
    [{ nodepools: [{}, { scaling_group: { d: 1 } }] }, ["nodepools[1].scaling_group.d"]],
    [{ nodepools: [{ node_config: { kubelet_configuration: {} } }] }, []],
    [{ runtime: "docker", tags: { key: 1 } }, []],
    [{ constructor: 1, toString: 2 }, ["constructor", "toString"]],
    [5, []],
  ])("of %j are %j", (body, fields) => {
    expect(unknownFields(members, body)).toEqual(fields);
  });
});
