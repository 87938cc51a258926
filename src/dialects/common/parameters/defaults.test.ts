import { describe, expect, expectTypeOf, it } from "vitest";
import { withDefaults } from "./defaults.ts";
import { byKind, type Facts, flag, integer, object, objects, required, text, texts } from "./parameter.ts";

const facts: Facts = { kinds: [], meaning: "", effect: "", observed: "" };
const members = {
  name: required(text(facts)),
  mode: text({ ...facts, default: "ipvs" }),
  mask: text({ ...facts, default: byKind({ small: "25", large: "26" }) }),
  snat: flag({ ...facts, default: false }),
  count: integer({ ...facts, default: 3 }),
  types: texts({ ...facts, default: "c6.large" }),
  version: text({ ...facts, defaultIs: "the newest" }),
  runtime: object({ name: text({ ...facts, default: "docker" }), version: text(facts) }, facts),
  network: object({ vpc: text(facts) }, facts),
  pools: objects(
    { size: integer({ ...facts, default: 0 }), scaling: object({ on: flag({ ...facts, default: true }) }, facts) },
    facts,
  ),
};

const filled = {
  mode: "ipvs",
  mask: "25",
  snat: false,
  count: 3,
  types: ["c6.large"],
  runtime: { name: "docker" },
};

describe("what a body leaves out", () => {
  it("has the table's defaults, within objects too; nothing else is added", () => {
    expect(withDefaults(members, {}, "small")).toEqual(filled);
  });

  it("has the default of the kind", () => {
    expect(withDefaults(members, {}, "large")).toEqual({ ...filled, mask: "26" });
    expect(withDefaults(members, {})).toEqual(expect.not.objectContaining({ mask: expect.anything() }));
  });

  it("has them in every entry of a list", () => {
    expect(withDefaults(members, { pools: [{}, { size: 2, scaling: { on: false } }] }, "small").pools).toEqual([
      { size: 0, scaling: { on: true } },
      { size: 2, scaling: { on: false } },
    ]);
  });
});

describe("what a body says", () => {
  it("stays, be it false, 0 or part of an object", () => {
    const given = {
      name: "a",
      snat: true,
      count: 0,
      types: ["x", "y"],
      runtime: { version: "1" },
      network: { vpc: "b" },
    };
    expect(withDefaults(members, given, "small")).toEqual({
      ...filled,
      ...given,
      runtime: { name: "docker", version: "1" },
    });
  });

  it("is not changed itself", () => {
    const given = { runtime: { version: "1" }, pools: [{}] };
    withDefaults(members, given, "small");
    expect(given).toEqual({ runtime: { version: "1" }, pools: [{}] });
  });
});

describe("the type that comes out", () => {
  it("has what has a default, and no more", () => {
    const body = withDefaults(members, { pools: [{}] }, "small");
    expectTypeOf(body.mode).toEqualTypeOf<string>();
    expectTypeOf(body.types).toEqualTypeOf<string[]>();
    expectTypeOf(body.runtime.name).toEqualTypeOf<string>();
    expectTypeOf(body.runtime.version).toEqualTypeOf<string | undefined>();
    expectTypeOf(body.version).toEqualTypeOf<string | undefined>();
    expectTypeOf(body.name).toEqualTypeOf<string | undefined>();
  });
});
