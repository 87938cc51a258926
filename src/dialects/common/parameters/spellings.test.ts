import { describe, expect, it } from "vitest";
import { describeViolation } from "../errors/violations.ts";
import { type Spelling, toOneSpelling } from "./spellings.ts";

const spellings: readonly Spelling[] = [
  { place: "count", other: "config.size", kind: "dedicated" },
  {
    place: "names",
    other: "name_list",
    as: String,
    isSame: (one, other) => String(one).length === String(other).length,
  },
  { place: "spec.mode", other: "spec.extra.mode", told: "other" },
  { place: "spec.ranges[0].cidr", other: "spec.range", told: "other" },
  { place: "disks[0].category", other: "disk_category", mayDiffer: true },
  { place: "disks[0].size", other: "disk_size", mayDiffer: true },
];
const read = (given: object, kind = "dedicated") => toOneSpelling(given, spellings, kind);

describe("what is said elsewhere", () => {
  it.each<[string, object, object]>([
    ["comes to its place", { config: { size: 3 } }, { count: 3 }],
    ["does so within objects", { spec: { extra: { mode: "a" } } }, { spec: { mode: "a" } }],
    ["is put as the place has it", { name_list: ["a", "b"] }, { names: "a,b" }],
    ["makes an entry of a list that is not given", { spec: { range: "x" } }, { spec: { ranges: [{ cidr: "x" }] } }],
    [
      "makes one entry of two parameters",
      { disk_category: "ssd", disk_size: 40 },
      { disks: [{ category: "ssd", size: 40 }] },
    ],
    ["does not count beside what is in its place", { count: 5, config: { size: 3 } }, { count: 5 }],
    [
      "may be false, or 0",
      { spec: { extra: { mode: false } }, disk_size: 0 },
      { spec: { mode: false }, disks: [{ size: 0 }] },
    ],
  ])("%s", (_what, given, body) => {
    expect(read(given).body).toMatchObject(body);
  });

  it("leaves what was given as it was", () => {
    const given = { spec: { range: "x" }, disks: [{ category: "ssd" }], disk_size: 40 };
    const before = structuredClone(given);
    expect(read(given).body).toEqual({ ...before, spec: { range: "x", ranges: [{ cidr: "x" }] } });
    expect(given).toEqual(before);
  });

  it("is another thing in another kind of cluster", () => {
    const { body, conflicts } = read({ count: 5, config: { size: 3 } }, "managed");
    expect(body).toEqual({ count: 5, config: { size: 3 } });
    expect(conflicts).toEqual([]);
  });
});

describe("what is said twice", () => {
  it.each<[string, object, string[]]>([
    ["the same way", { count: 3, config: { size: 3 } }, []],
    ["the same way, as the place reads it", { names: "a,b", name_list: ["b", "a"] }, []],
    ["in two ways where that may be", { disk_size: 40, disks: [{ size: 50 }] }, []],
    [
      "in two ways",
      { count: 5, config: { size: 3 } },
      ["count 5 must be the same as config.size, which says it too: leave one of them out"],
    ],
    [
      "in two ways, of which the other is told",
      { spec: { range: "x", ranges: [{ cidr: "y" }] } },
      ['spec.range "x" must be the same as spec.ranges[0].cidr, which says it too: leave one of them out'],
    ],
  ])("%s", (_what, given, said) => {
    expect(read(given).conflicts.map(describeViolation)).toEqual(said);
  });
});

describe("the name that a client used", () => {
  it.each<[object, string, string]>([
    [{ config: { size: 3 } }, "count", "config.size"],
    [{ count: 3 }, "count", "count"],
    [{ count: 3, config: { size: 3 } }, "count", "count"],
    [{}, "count", "count"],
    [{ spec: { mode: "a", extra: { mode: "a" } } }, "spec.mode", "spec.extra.mode"],
    [{}, "other", "other"],
  ])("of %j for %s is %s", (given, place, name) => {
    expect(read(given).nameOf(place)).toBe(name);
  });

  it.each<[object, string, boolean]>([
    [{ config: { size: 3 } }, "count", true],
    [{ count: 3 }, "count", true],
    [{ config: {} }, "count", false],
    [{}, "toString", false],
  ])("of %j says whether %s is given: %s", (given, place, isGiven) => {
    expect(read(given).isGiven(place)).toBe(isGiven);
  });
});
