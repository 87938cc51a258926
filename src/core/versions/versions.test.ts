import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloudOf } from "../clouds/index.ts";
import type { DialectName } from "../clusters/cluster.ts";
import { findRelease, isKnownVersion, knownVersions, upgradesOf } from "./catalogue.ts";
import { parseVendorVersion } from "./version.ts";

describe("a version", () => {
  it.each<[DialectName, string, ReturnType<typeof parseVendorVersion>]>([
    ["ack", "1.18.8-aliyun.1", { minor: "1.18", patch: 8, build: 1, kubernetes: "1.18.8" }],
    ["ack", "1.16.9", { minor: "1.16", patch: 9, build: undefined, kubernetes: "1.16.9" }],
    ["ack", "1.20", { minor: "1.20", patch: undefined, build: undefined, kubernetes: "1.20" }],
    ["ack", "1.28.0-aliyun.12", { minor: "1.28", patch: 0, build: 12, kubernetes: "1.28.0" }],
    ["cce", "v1.7", { minor: "1.7", patch: undefined, build: undefined, kubernetes: "1.7" }],
    ["cce", "v1.7.3-r13", { minor: "1.7", patch: 3, build: 13, kubernetes: "1.7.3" }],
    ["cce", "v1.9.2-r1", { minor: "1.9", patch: 2, build: 1, kubernetes: "1.9.2" }],
    ["cce", "v1.33", { minor: "1.33", patch: undefined, build: undefined, kubernetes: "1.33" }],
    ["cce", "v1.30.0-r0", { minor: "1.30", patch: 0, build: 0, kubernetes: "1.30.0" }],
    ["cce", "v1.33.1", { minor: "1.33", patch: 1, build: undefined, kubernetes: "1.33.1" }],
  ])("of %s is read from %s", (dialect, text, parsed) => {
    expect(parseVendorVersion(dialect, text)).toEqual(parsed);
  });

  it.each<[DialectName, string]>([
    ["ack", ""],
    ["ack", "newest"],
    ["ack", "1"],
    ["ack", "v1.18.8"],
    ["ack", "1.18-aliyun.1"],
    ["ack", "1.18.8-aliyun"],
    ["ack", "1.18.8-r1"],
    ["ack", "1.18.8-aliyun.1 "],
    ["ack", "1.018.8"],
    ["ack", "1.18.8.1"],
    ["ack", "1.99999.1"],
    ["cce", "1.7"],
    ["cce", "v1.7-r13"],
    ["cce", "v1.7.3-r"],
    ["cce", "v1.7.3-aliyun.1"],
    ["cce", "1.33"],
    ["cce", "abc"],
    ["cce", ""],
    ["cce", "V1.33"],
    ["cce", "v1.33."],
    ["cce", "v1.33.0-r01"],
  ])("of %s is not read from %j", (dialect, text) => {
    expect(parseVendorVersion(dialect, text)).toBeUndefined();
    expect(isKnownVersion(dialect, text)).toBe(false);
  });

  it("of a vendor of whom no facts are known is read as the community writes it, and is in no catalogue", () => {
    expect(parseVendorVersion("third", "v1.33.1")).toMatchObject({ minor: "1.33", kubernetes: "1.33.1" });
    expect(parseVendorVersion("third", "1.33")).toMatchObject({ minor: "1.33", patch: undefined });
    expect(isKnownVersion("third", "1.33")).toBe(false);
    expect(knownVersions("third")).toEqual([]);
  });

  it("keeps its numbers, whatever they are", () => {
    const part = fc.nat(9999);
    fc.assert(
      fc.property(part, part, part, part, (major, minor, patch, build) => {
        const expected = { minor: `${major}.${minor}`, patch, build, kubernetes: `${major}.${minor}.${patch}` };
        expect(parseVendorVersion("ack", `${major}.${minor}.${patch}-aliyun.${build}`)).toEqual(expected);
        expect(parseVendorVersion("cce", `v${major}.${minor}.${patch}-r${build}`)).toEqual(expected);
      }),
    );
  });

  it("is no other text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^v?\d+\.\d+/.test(text));
        expect(parseVendorVersion("ack", text)).toBeUndefined();
        expect(parseVendorVersion("cce", text)).toBeUndefined();
      }),
    );
  });
});

describe("the catalogue", () => {
  it.each<[DialectName, string, boolean]>([
    ["ack", "1.16.9-aliyun.1", true],
    ["ack", "1.18.8-aliyun.1", true],
    ["ack", "1.18.99-aliyun.7", true],
    ["ack", "1.20.2", true],
    ["ack", "1.36", true],
    ["ack", "1.10", true],
    ["ack", "1.13.4-aliyun.1", false],
    ["ack", "1.9", false],
    ["ack", "1.100", false],
    ["ack", "2.18.8-aliyun.1", false],
    ["cce", "v1.7", true],
    ["cce", "v1.7.3-r13", true],
    ["cce", "v1.9.2-r1", true],
    ["cce", "v1.34", true],
    ["cce", "v1.33", true],
    ["cce", "v1.30.0-r0", true],
    ["cce", "v1.8", false],
    ["cce", "v1.8.0-r1", false],
    ["cce", "v2.7", false],
  ])("of %s, asked for %s: %s", (dialect, version, known) => {
    expect(isKnownVersion(dialect, version)).toBe(known);
  });

  it("lists the newest version of each minor, newest first", () => {
    expect(knownVersions("ack")).toEqual([
      ...["1.36.1-aliyun.1", "1.35.1-aliyun.1", "1.34.3-aliyun.1", "1.33.3-aliyun.1", "1.32.7-aliyun.1"],
      ...["1.31.9-aliyun.1", "1.30.7-aliyun.1", "1.28.15-aliyun.1", "1.26.15-aliyun.1", "1.24.6-aliyun.1"],
      ...["1.22.15-aliyun.1", "1.20.11-aliyun.1", "1.18.8-aliyun.1", "1.16.9-aliyun.1", "1.14.8-aliyun.1"],
      ...["1.12.6-aliyun.1", "1.11.5-aliyun.1", "1.10.4-aliyun.1"],
    ]);
    expect(knownVersions("ack")[0]).toBe("1.36.1-aliyun.1");
    expect(knownVersions("cce")).toEqual([
      ...["v1.34", "v1.33", "v1.32", "v1.31", "v1.30", "v1.29", "v1.28", "v1.27", "v1.25", "v1.23", "v1.21", "v1.19"],
      ...["v1.17", "v1.15", "v1.13", "v1.11", "v1.9", "v1.7"],
    ]);
  });

  it.each(["ack", "cce"] as const)("of %s holds only versions that it knows itself, in order", (dialect) => {
    for (const release of cloudOf(dialect).releases)
      for (const version of release.versions) expect(findRelease(dialect, version)).toBe(release);
    const minors = cloudOf(dialect).releases.map(({ minor }) => Number(minor.split(".")[1]));
    expect(minors).toEqual(minors.toSorted((one, other) => one - other));
    expect(new Set(minors).size).toBe(minors.length);
  });

  it("of cce knows every patch and build of its minors, and no other minor", () => {
    const offered = new Set(cloudOf("cce").releases.map(({ minor }) => minor));
    const part = fc.nat(9999);
    fc.assert(
      fc.property(fc.nat(40), part, part, (minor, patch, build) => {
        const known = offered.has(`1.${minor}`);
        for (const version of [`v1.${minor}`, `v1.${minor}.${patch}`, `v1.${minor}.${patch}-r${build}`])
          expect(isKnownVersion("cce", version)).toBe(known);
      }),
    );
  });

  it("has support end after it began", () => {
    for (const { released, expires } of cloudOf("ack").releases)
      expect(released === undefined || new Date(released) < new Date(expires ?? "")).toBe(true);
  });

  it.each([
    ["1.20.4-aliyun.1", ["1.20.11-aliyun.1", "1.22.15-aliyun.1"]],
    ["1.20.11-aliyun.1", ["1.22.15-aliyun.1"]],
    ["1.20.11", ["1.22.15-aliyun.1"]],
    ["1.20.11-aliyun.0", ["1.20.11-aliyun.1", "1.22.15-aliyun.1"]],
    ["1.20", ["1.22.15-aliyun.1"]],
    ["1.30.1-aliyun.1", ["1.30.7-aliyun.1", "1.31.9-aliyun.1"]],
    ["1.36.1-aliyun.1", []],
    ["1.13.1-aliyun.1", []],
  ])("upgrades %s to %j", (version, upgrades) => {
    expect(upgradesOf("ack", version)).toEqual(upgrades);
  });
});
