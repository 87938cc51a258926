import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ipv4Range } from "../../../cidr.ts";
import { shareBounds } from "./node-shares.ts";
import { repeated } from "./repeated.ts";
import { alternativeName, base64, isRangeWithin, podRange, privateRanges, timeZone } from "./value-rules.ts";

describe.each([
  ["time zones", timeZone, ["Asia/Shanghai", "UTC", "Etc/GMT+8"], ["Mars/Base", "+08:00", "Asia/", "5"]],
  [
    "names for certificates",
    alternativeName,
    ["a.org", "*.a.org", "10.0.0.1", "::1", `${"a.".repeat(126)}a`],
    ["a b", "*", "a.*.org", "a_b", "-a", "a.", "fe80::1%eth0", `${"a.".repeat(126)}aa`],
  ],
  ["Pod ranges", podRange, ["172.20.0.0/16", "8.8.8.8/32"], ["172.20.0.1/16", "172.20.0.0", "fd00::/64", "x"]],
  ["Base64", base64, ["", "YQ==", "YWJj\nYWJj", "YQ =="], ["YQ=", "YQ", "%%%%", "YQ==YQ==", "Y-_="]],
])("%s", (_what, rule, right, wrong) => {
  it.each(right)("may be %j", (value) => {
    expect(rule.holds(value)).toBe(true);
  });

  it.each(wrong)("may not be %j", (value) => {
    expect(rule.holds(value)).toBe(false);
  });
});

describe("Base64", () => {
  it("may be any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(base64.holds(Buffer.from(bytes).toString("base64"))).toBe(true);
      }),
    );
  });
});

describe("private ranges", () => {
  it.each([
    ["10.0.0.0/8", true],
    ["10.255.255.0/24", true],
    ["172.31.0.0/16", true],
    ["172.32.0.0/16", false],
    ["10.0.0.0/7", false],
    ["0.0.0.0/0", false],
    ["192.168.0.1/16", false],
    ["192.169.0.0/16", false],
    ["x", false],
  ])("have %s within them: %s", (range, within) => {
    expect(isRangeWithin(privateRanges, range)).toBe(within);
  });
});

describe("nodes' shares of a Pod range", () => {
  it.each([
    ["10.0.0.0/8", 8, 24],
    ["172.20.0.0/16", 16, 30],
    ["172.20.0.0/29", 29, 30],
    ["172.20.0.0/31", 31, 30],
  ])("of %s are from /%i to /%i", (range, least, most) => {
    expect(shareBounds(ipv4Range(range))).toEqual({ least, most });
  });
});

describe("repeated items", () => {
  it("are those whose name was there before, in any number", () => {
    const items = ["a", "b", "a", "", "", "a"];
    expect(repeated(items, (item) => item || undefined)).toEqual([
      { item: "a", index: 2 },
      { item: "a", index: 5 },
    ]);
  });
});
