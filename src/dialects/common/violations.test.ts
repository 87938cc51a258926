import { describe, expect, it } from "vitest";
import { describeViolation, toViolations } from "./violations.ts";

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

  it("shows no value where the request as a whole is wrong, or the place does not exist", () => {
    expect(found("type", "", {}, "must be object")).toEqual([{ parameter: "The request", rule: "must be object" }]);
    expect(found("type", "/no/such", {}, "must be string")).toEqual([
      { parameter: "no.such", value: undefined, rule: "must be string" },
    ]);
  });
});
