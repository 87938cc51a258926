import { describe, expect, it } from "vitest";
import { zonesOf } from "./zones.ts";

describe("the zones of a region", () => {
  it.each([
    ["cn-beijing", "cn-beijing-a", "cn-beijing-f"],
    ["ap-southeast-1", "ap-southeast-1a", "ap-southeast-1f"],
    ["cn-north-4", "cn-north-4a", "cn-north-4f"],
    ["cn-north-4_test", "cn-north-4a", "cn-north-4f"],
  ])("%s are six, from %s to %s", (region, first, last) => {
    const zones = zonesOf(region);
    expect([zones[0], zones.at(-1)]).toEqual([first, last]);
    expect(new Set(zones).size).toBe(6);
  });
});
