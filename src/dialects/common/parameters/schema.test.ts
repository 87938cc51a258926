import { describe, expect, it } from "vitest";
import { choice, type Facts, flag, integer, map, object, objects, required, text, texts } from "./parameter.ts";
import { bodySchema } from "./schema.ts";
import { schemaViolations } from "./testing/schema-violations.ts";

const facts: Facts = { kinds: [], meaning: "It is something.", effect: "It does something.", observed: "" };
const members = {
  name: required(text({ ...facts, maxLength: 3 })),
  kind: required(choice(["a", "b"], facts)),
  mode: choice(["a", "b"], facts),
  size: integer({ ...facts, minimum: 2, maximum: 9 }),
  count: integer({ ...facts, minimum: 0 }),
  step: integer({ ...facts, values: [3, 5] }),
  on: flag(facts),
  names: texts({ ...facts, maxItems: 2, item: { maxLength: 3 } }),
  tags: objects({ key: required(text(facts)) }, { ...facts, maxItems: 2 }),
  network: object({ vpc: required(text(facts)), cidr: text(facts) }, facts),
  labels: map(facts),
  settings: object({ zone: text(facts) }, { ...facts, open: true }),
};
const schema = bodySchema(members, "A thing.");
const violations = await schemaViolations(schema);

/** Validates a body that has the mandatory members. */
function validated(further: object) {
  const body = { name: "x", kind: "a", ...further };
  return { body, refused: violations(body).map(({ parameter }) => parameter) };
}

describe("the schema of a body", () => {
  it.each([
    { name: "", mode: "", size: 0, step: 0, names: [], tags: [], labels: {}, settings: {} },
    { mode: "b", size: 2, count: 0, step: 5, on: true, names: ["a", "abc"], tags: [{ key: "" }] },
    { network: { vpc: "" }, labels: { any: 1 }, settings: { zone: "", other: [1] }, unknown: { a: null } },
  ])("takes %j: what is not set, and what is right", (further) => {
    expect(validated(further).refused).toEqual([]);
  });

  it.each<[object, string[]]>([
    [{ name: "abcd" }, ["name"]],
    [{ kind: "" }, ["kind"]],
    [{ mode: "c" }, ["mode"]],
    [{ size: 10 }, ["size"]],
    [{ size: 2.5 }, ["size"]],
    [{ count: -1 }, ["count"]],
    [{ step: 4 }, ["step"]],
    [{ on: "perhaps" }, ["on"]],
    [{ names: "a" }, ["names"]],
    [{ names: ["a", "b", "c"] }, ["names"]],
    [{ names: ["abcd", ""] }, ["names[0]", "names[1]"]],
    [{ tags: [{}, { key: {} }] }, ["tags[0].key", "tags[1].key"]],
    [{ network: {} }, ["network.vpc"]],
    [{ labels: "a", settings: ["a"] }, ["labels", "settings"]],
  ])("refuses %j", (further, names) => {
    expect(validated(further).refused).toEqual(names);
  });

  it("names what is missing", () => {
    expect(violations({}).map(({ parameter, missing }) => [parameter, missing])).toEqual([
      ["name", true],
      ["kind", true],
    ]);
  });

  it.each([
    [
      { size: "4", on: "true", name: 7 },
      { size: 4, on: true, name: "7" },
    ],
    [{ settings: { zone: 5, other: "5" } }, { settings: { zone: "5", other: "5" } }],
    [{ labels: { a: 5 } }, { labels: { a: 5 } }],
  ])("turns texts into what they stand for: %j", (sent, read) => {
    expect(validated(sent).body).toMatchObject(read);
  });

  it("describes each member, and where it is mandatory", () => {
    const described = JSON.parse(JSON.stringify(schema));
    expect(described.description).toBe("A thing.");
    expect(described.properties.name.description).toBe(
      "It is something. Required always. Rule: at most 3 characters. It does something.",
    );
    expect(described.properties.network.properties.vpc.description).toContain("Required always.");
    expect(described.properties.tags.items.properties.key.description).toContain("Required in each entry.");
  });
});
