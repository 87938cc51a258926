import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenParameters, unknownFields, withoutNulls } from "./given.ts";
import { sampleOf } from "./testing/bodies.fixture.ts";

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
    ["no object", {}],
    [null, {}],
    [[], {}],
  ])("of %j is %j", (body, set) => {
    expect(givenParameters(body)).toEqual(set);
  });

  it("is nothing of another object's prototype", () => {
    expect(givenParameters(Object.create({ name: "inherited" }))).toEqual({});
  });

  it("is the same when it is asked for again", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = givenParameters(value);
        expect(givenParameters(once)).toEqual(once);
      }),
    );
  });
});

describe("null", () => {
  it("is left out at any depth, but not within lists", () => {
    expect(withoutNulls({ a: null, b: { c: null, d: [null, { e: null }] } })).toEqual({ b: { d: [null, {}] } });
  });
});

describe("unknown fields", () => {
  it.each<[unknown, string[]]>([
    [sampleOf("dedicated"), []],
    [{ a: 1, b: { c: 2 } }, ["a", "b"]],
    [{ nodepools: [{}, { scaling_group: { d: 1 } }] }, ["nodepools[1].scaling_group.d"]],
    [{ nodepools: [{ node_config: { kubelet_configuration: {} } }] }, []],
    [{ runtime: "docker", tags: { key: 1 } }, []],
    [{ constructor: 1, toString: 2 }, ["constructor", "toString"]],
    [5, []],
  ])("of %j are %j", (body, fields) => {
    expect(unknownFields(body)).toEqual(fields);
  });
});
