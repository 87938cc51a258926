import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ipv4Range,
  ipv4ToNumber,
  nthAddress,
  nthPart,
  numberToIpv4,
  parseIpv4Range,
  rangeContains,
  rangesOverlap,
} from "./cidr.ts";

describe("reading a range", () => {
  it.each([
    ["10.0.0.0/8", "10.0.0.0", "10.255.255.255"],
    ["172.21.0.0/20", "172.21.0.0", "172.21.15.255"],
    ["0.0.0.0/0", "0.0.0.0", "255.255.255.255"],
    ["192.168.0.7/32", "192.168.0.7", "192.168.0.7"],
  ])("%s goes from %s to %s", (text, first, last) => {
    const range = ipv4Range(text);
    expect([numberToIpv4(range.first), numberToIpv4(range.last)]).toEqual([first, last]);
  });

  it.each([
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "10.0.0.1/8",
    "10.0.0/8",
    "fd00::/8",
    "10.0.0.0/8/8",
  ])("%j is none", (text) => {
    expect(parseIpv4Range(text)).toBeUndefined();
    expect(() => ipv4Range(text)).toThrow("not an IPv4 range");
  });
});

describe("sums", () => {
  const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });

  it("an address survives the way to a number and back", () => {
    fc.assert(fc.property(address, (value) => ipv4ToNumber(numberToIpv4(value)) === value));
  });

  it("two ranges overlap exactly when one contains the other's first address", () => {
    const range = fc
      .tuple(address, fc.integer({ min: 1, max: 32 }))
      .map(([value, prefix]) => ipv4Range(`${numberToIpv4(value - (value % 2 ** (32 - prefix)))}/${prefix}`));
    fc.assert(
      fc.property(range, range, (a, b) => {
        const contained = rangeContains(a, numberToIpv4(b.first)) || rangeContains(b, numberToIpv4(a.first));
        return rangesOverlap(a, b) === contained;
      }),
    );
  });

  it("counts addresses and parts from zero", () => {
    const range = ipv4Range("192.168.0.0/16");
    expect(nthAddress(range, 257)).toBe("192.168.1.1");
    expect(nthPart(range, 22, 1)).toBe("192.168.4.0/22");
    expect(nthPart(range, 22, 63)).toBe("192.168.252.0/22");
  });

  it("refuses what lies beyond the end", () => {
    expect(() => nthAddress(ipv4Range("10.0.0.0/30"), 4)).toThrow("has no address number 4");
    expect(() => nthPart(ipv4Range("10.0.0.0/16"), 22, 64)).toThrow("has no address number");
  });
});
