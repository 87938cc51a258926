import { describe, expect, it } from "vitest";
import { describeDefault, describeParameter, describeRequirement, describeRules, describeType } from "./describe.ts";
import { byKind, choice, type Facts, flag, integer, map, object, objects, required, text, texts } from "./parameter.ts";

const facts: Facts = { kinds: [], meaning: "Name of it.", effect: "It has that name.", observed: "" };
const rule = (says: string) => ({ says, holds: () => true });

describe("a parameter in words", () => {
  it.each([
    [text(facts), "text"],
    [integer(facts), "integer"],
    [flag(facts), "boolean"],
    [map(facts), "map of texts"],
    [object({}, facts), "object"],
    [texts(facts), "list of texts"],
    [objects({}, facts), "list of objects"],
  ])("has a type: %#", (parameter, type) => {
    expect(describeType(parameter)).toBe(type);
  });

  it.each([
    [text(facts), []],
    [text({ ...facts, maxLength: 9, rule: rule("must rhyme") }), ["at most 9 characters", "must rhyme"]],
    [text({ ...facts, rule: byKind({ a: rule("one"), b: rule("two") }) }), ["a clusters: one", "b clusters: two"]],
    [choice(["a"], facts), ["`a`"]],
    [choice(["a", "b"], facts), ["one of `a`, `b`"]],
    [integer({ ...facts, minimum: 2, maximum: 9 }), ["from 2 to 9"]],
    [integer({ ...facts, minimum: 2 }), ["at least 2"]],
    [integer({ ...facts, values: [3, 5] }), ["one of `3`, `5`"]],
    [texts({ ...facts, maxItems: 2, item: { maxLength: 9 } }), ["at most 2", "each at most 9 characters"]],
    [objects({}, { ...facts, maxItems: 2, conditions: ["no two alike"] }), ["at most 2", "no two alike"]],
    [map({ ...facts, rule: { says: "must not be empty", holds: () => true } }), ["must not be empty"]],
  ])("has rules: %#", (parameter, rules) => {
    expect(describeRules(parameter)).toEqual(rules);
  });

  it.each([
    [text(facts), undefined],
    [text({ ...facts, default: "a" }), "`a`"],
    [flag({ ...facts, default: false }), "`false`"],
    [text({ ...facts, default: "a", defaultIs: "the usual one" }), "the usual one"],
    [text({ ...facts, default: byKind({ small: "a", large: "b" }) }), "`a` (small), `b` (large)"],
  ])("has a default, or none: %#", (parameter, value) => {
    expect(describeDefault(parameter)).toBe(value);
  });

  it.each([
    [text(facts), false, undefined],
    [required(text(facts)), false, "always"],
    [required(text(facts)), true, "in each entry"],
    [text({ ...facts, requiredWhen: "it is large" }), false, "where it is large"],
  ])("says when it is mandatory: %#", (parameter, isMember, when) => {
    expect(describeRequirement(parameter, isMember)).toBe(when);
  });

  it("is one paragraph in the OpenAPI document", () => {
    const parameter = required(text({ ...facts, maxLength: 9, default: "a", replacedBy: "title" }));
    expect(describeParameter(parameter, false)).toBe(
      "Name of it. Required always. Default: `a`. Rule: at most 9 characters. Replaced by `title`. It has that name.",
    );
    expect(describeParameter(text(facts), false)).toBe("Name of it. It has that name.");
  });
});
