import { describe, expect, it } from "vitest";
import { invalidParameters, missingParameter } from "./invalid-parameters.ts";

describe("the error for violations", () => {
  const wrongSize = { parameter: "worker_system_disk_size", value: 10, rule: "must be at least 40" };
  const noRegion = { parameter: "region_id", rule: "is mandatory", missing: true };

  it("lists every one of them", () => {
    expect(invalidParameters([wrongSize, noRegion])).toMatchObject({
      code: "InvalidParameter",
      status: 400,
      message: "worker_system_disk_size 10 must be at least 40; region_id is mandatory.",
    });
  });

  it("has the gateway's own code where one parameter is missing and all else is well", () => {
    const expected = { code: "MissingRegionId", status: 400, message: "region_id is mandatory for this action." };
    expect(invalidParameters([noRegion])).toMatchObject(expected);
    expect(missingParameter("region_id")).toMatchObject(expected);
  });

  it.each([
    ["ClusterId", "MissingClusterId"],
    ["nodepools[0].scaling_group", "MissingNodepools0ScalingGroup"],
    ["…", "MissingParameter"],
  ])("makes of the parameter %s the code %s", (parameter, code) => {
    expect(missingParameter(parameter).code).toBe(code);
  });
});
