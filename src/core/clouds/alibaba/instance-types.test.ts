import { describe, expect, it } from "vitest";
import { findInstanceType } from "./instance-types.ts";

describe("an instance type", () => {
  it.each([
    ["ecs.t6-c1m4.large", 2, 8],
    ["ecs.n4.xlarge", 4, 8],
    ["ecs.c6.large", 2, 4],
    ["ecs.g7.2xlarge", 8, 32],
    ["ecs.r6.4xlarge", 16, 128],
    ["ecs.d1ne.2xlarge", 8, 32],
    ["ecs.hfc7.16xlarge", 64, 128],
    ["ecs.n4.small", 1, 2],
  ])("%s has %i CPUs and %i GiB", (name, cpu, memoryGiB) => {
    expect(findInstanceType(name)).toEqual({ cpu, memoryGiB });
  });

  it.each(["", "ecs.c6", "ecs.nothing.large", "ecs.c6.huge", "ecs.c6.0xlarge", "c6.large", "ecs.constructor.large"])(
    "%j is not known",
    (name) => {
      expect(findInstanceType(name)).toBeUndefined();
    },
  );
});
