import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ipv4Range, numberToIpv4, rangesOverlap } from "../../cidr.ts";
import { freePodRange, freeServiceRange } from "./free-range.ts";
import { NoRoomError } from "./no-room.ts";

const ranges = fc.array(
  fc
    .tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 8, max: 28 }))
    .map(([address, prefix]) => `${numberToIpv4(address - (address % 2 ** (32 - prefix)))}/${prefix}`),
  { maxLength: 4 },
);

describe("a free Service range", () => {
  it.each([
    [[], "10.247.0.0/16"],
    [["10.1.0.0/16"], "10.247.0.0/16"],
    [["10.247.3.0/24"], "10.248.0.0/16"],
    [["10.240.0.0/13", "10.248.0.0/15"], "10.250.0.0/16"],
    [["10.128.0.0/9"], "10.0.0.0/16"],
    [["10.0.0.0/8", "172.16.0.0/12"], "192.168.0.0/16"],
  ])("beside %j is %s", (avoid, range) => {
    expect(freeServiceRange(avoid)).toBe(range);
  });

  it("is asked for in vain where every private range is taken", () => {
    expect(() => freeServiceRange(["0.0.0.0/0"])).toThrow(NoRoomError);
    expect(() => freeServiceRange(["0.0.0.0/0"])).toThrow("name a Service range");
  });

  it("overlaps nothing that it is to avoid", () => {
    fc.assert(
      fc.property(ranges, (avoid) => {
        const found = ipv4Range(freeServiceRange(avoid));
        for (const other of avoid) expect(rangesOverlap(found, ipv4Range(other))).toBe(false);
      }),
    );
  });
});

describe("a free Pod range", () => {
  it.each([
    [[], "172.16.0.0/16"],
    [["172.16.255.0/24"], "172.17.0.0/16"],
    [["172.16.0.0/13", "172.24.0.0/16"], "172.25.0.0/16"],
    [["172.16.0.0/13", "172.24.0.0/14", "172.28.0.0/15", "172.30.0.0/16"], "172.31.0.0/16"],
    [["172.16.0.0/12"], undefined],
    [["0.0.0.0/0"], undefined],
  ])("beside %j is %s", (avoid, range) => {
    expect(freePodRange(avoid)).toBe(range);
  });

  it("overlaps nothing that it is to avoid, and is the first such one", () => {
    fc.assert(
      fc.property(ranges, (avoid) => {
        const found = freePodRange(avoid);
        const overlapsOne = (range: string) => avoid.some((other) => rangesOverlap(ipv4Range(range), ipv4Range(other)));
        const expected = Array.from({ length: 16 }, (_, n) => `172.${16 + n}.0.0/16`).find(
          (range) => !overlapsOne(range),
        );
        expect(found).toBe(expected);
      }),
    );
  });
});
