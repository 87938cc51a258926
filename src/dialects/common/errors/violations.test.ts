import { describe, expect, it } from "vitest";
import { describeViolation, describeViolations, outerPlaces, toViolations } from "./violations.ts";

describe("a violation", () => {
  it.each([
    [
      { parameter: "num_of_nodes", value: 101, rule: "must be between 0 and 100", wayOut: "ask for fewer nodes" },
      "num_of_nodes 101 must be between 0 and 100: ask for fewer nodes",
    ],
    [{ parameter: "name", value: "", rule: "must not be empty" }, 'name "" must not be empty'],
    [{ parameter: "region_id", rule: "is mandatory" }, "region_id is mandatory"],
    [{ parameter: "tags", value: null, rule: "must be an array" }, "tags null must be an array"],
    [{ parameter: "name", value: "x".repeat(200), rule: "is too long" }, `name "${"x".repeat(99)}… is too long`],
  ])("reads as a clause with parameter, value, rule and way out", (violation, clause) => {
    expect(describeViolation(violation)).toBe(clause);
  });

  it("does not repeat a name of the user's that is very long", () => {
    const clause = describeViolation({ parameter: `labels.${"集".repeat(100_000)}`, rule: "is wrong" });
    expect(clause).toBe(`labels.${"集".repeat(393)}… is wrong`);
  });

  it.each([
    { parameter: "login_password", value: "Hunter2!" },
    { parameter: "control_plane_config.login_password", value: "Hunter2!" },
    { parameter: "control_plane_config", value: { size: 3, login_password: "Hunter2!" } },
    { parameter: "nodepools", value: [{ scaling_group: { login_password: "Hunter2!" } }] },
    { parameter: "user_data", value: "Hunter2!" },
  ])("hides secrets: $parameter", ({ parameter, value }) => {
    const clause = describeViolation({ parameter, value, rule: "is wrong" });
    expect(clause).toContain("(hidden)");
    expect(clause).not.toContain("Hunter2");
  });
});

describe("violations", () => {
  const many = (length: number) => Array.from({ length }, (_, index) => ({ parameter: `a${index}`, rule: "is wrong" }));

  it("are told in one sentence", () => {
    expect(describeViolations(many(2))).toBe("a0 is wrong; a1 is wrong.");
  });

  it("are counted where they are more than fifty", () => {
    expect(describeViolations(many(50))).toMatch(/; a49 is wrong\.$/);
    expect(describeViolations(many(53))).toMatch(/; a49 is wrong; … and 3 more\.$/);
  });
});

describe("the places that a place is in", () => {
  it.each<[string, string, number | undefined, string[]]>([
    ["a.b[0].c", ".[", undefined, ["a", "a.b", "a.b[0]"]],
    ["a.b[0].c", ".[", 3, ["a", "a.b"]],
    ["/a/b/0", "/", undefined, ["/a", "/a/b"]],
    ["a", ".[", undefined, []],
    ["", ".[", undefined, []],
  ])("of %j with the separators %j, up to %s characters: %j", (place, separators, longest, outer) => {
    expect(outerPlaces(place, separators, longest)).toEqual(outer);
  });
});

describe("what a schema validator found", () => {
  const body = { worker_data_disks: [{ size: true }], "a/b": 1 };
  const found = (keyword: string, instancePath: string, params: Record<string, string>, message?: string) =>
    toViolations([{ keyword, instancePath, schemaPath: "", params, ...(message && { message }) }], body);

  it("names the parameter as the client would, with its value", () => {
    expect(found("type", "/worker_data_disks/0/size", {}, "must be string")).toEqual([
      { parameter: "worker_data_disks[0].size", value: true, rule: "must be string" },
    ]);
    expect(found("type", "/a~1b", {}, "must be string")).toMatchObject([{ parameter: "a/b", value: 1 }]);
  });

  it("tells a missing parameter from a wrong one", () => {
    expect(found("required", "", { missingProperty: "name" })).toEqual([
      { parameter: "name", rule: "is mandatory", missing: true },
    ]);
    expect(found("required", "/worker_data_disks/0", { missingProperty: "category" })).toMatchObject([
      { parameter: "worker_data_disks[0].category" },
    ]);
  });

  it("tells of a list that is too long nothing more", () => {
    const error = (keyword: string, instancePath: string) => ({ keyword, instancePath, schemaPath: "", params: {} });
    const errors = [
      error("type", "/tags/0/key"),
      error("maxItems", "/tags"),
      error("type", "/tags"),
      error("type", "/tags2/0"),
    ];
    expect(toViolations(errors, {}).map(({ parameter }) => parameter)).toEqual(["tags", "tags", "tags2[0]"]);
  });

  it("shows no value where the request as a whole is wrong, or the place does not exist", () => {
    expect(found("type", "", {}, "must be object")).toEqual([{ parameter: "The request", rule: "must be object" }]);
    expect(found("type", "/no/such", {}, "must be string")).toEqual([
      { parameter: "no.such", value: undefined, rule: "must be string" },
    ]);
  });
});
