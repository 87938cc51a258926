import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPodAddresses, RangeExhaustedError, usableRange } from "./pod-addresses.ts";

describe("usableRange", () => {
  it.each([
    ["10.0.1.0/24", "10.0.1.2", "10.0.1.254", 253],
    ["192.168.255.192/26", "192.168.255.194", "192.168.255.254", 61],
    ["255.255.255.252/30", "255.255.255.254", "255.255.255.254", 1],
    ["0.0.0.0/0", "0.0.0.2", "255.255.255.254", 2 ** 32 - 3],
    ["fd00:10:0:3::/120", "fd00:10:0:3::2", "fd00:10:0:3::fe", 253],
    ["fd00:10:0:ff00::/56", "fd00:10:0:ff00::2", "fd00:10:0:ff00:1f:ffff:ffff:ffff", Number.MAX_SAFE_INTEGER],
  ])("of %s goes from %s to %s, %i addresses", (cidr, first, last, count) => {
    const range = usableRange(cidr);
    expect(range.count).toBe(count);
    // The last one of those that can be counted is two further than the number.
    expect([range.at(0), cidr.endsWith("/56") ? range.at(count - 2) : range.at(count - 1)]).toEqual([first, last]);
  });

  it.each(["10.0.0.0/31", "10.0.0.0/32", "fd00::/127", "fd00::/128"])("of %s has none", (cidr) => {
    expect(usableRange(cidr).count).toBe(0);
  });

  it("refuses what is no range with a sentence that shows it", () => {
    expect(() => usableRange("10.0.0.0")).toThrow('"10.0.0.0" is not an IPv4 range');
    expect(() => usableRange("fd00::1/64")).toThrow('"fd00::1/64" is not an IPv6 range');
  });
});

describe("createPodAddresses", () => {
  it("starts behind the gateway and counts up", () => {
    const addresses = createPodAddresses();
    expect([addresses.assign("a", "10.0.1.0/24"), addresses.assign("b", "10.0.1.0/24")]).toEqual([
      "10.0.1.2",
      "10.0.1.3",
    ]);
  });

  it("gives an owner the same address again", () => {
    const addresses = createPodAddresses();
    const first = addresses.assign("a", "10.0.1.0/24");
    expect(addresses.assign("a", "10.0.1.0/24")).toBe(first);
  });

  it("does not give an address that an owner has kept from before", () => {
    const addresses = createPodAddresses();
    addresses.keep("old", "10.0.1.2");
    expect(addresses.assign("new", "10.0.1.0/24")).toBe("10.0.1.3");
  });

  it("gives a released address again only after the others", () => {
    const addresses = createPodAddresses();
    addresses.assign("a", "10.0.1.0/29");
    addresses.release("a");
    const next = ["b", "c", "d", "e", "f"].map((owner) => addresses.assign(owner, "10.0.1.0/29"));
    expect(next).toEqual(["10.0.1.3", "10.0.1.4", "10.0.1.5", "10.0.1.6", "10.0.1.2"]);
  });

  it("gives an owner an address of each family, and lets go of both", () => {
    const addresses = createPodAddresses();
    const assign = (owner: string) => ["10.0.1.0/30", "fd00::/126"].map((cidr) => addresses.assign(owner, cidr));
    expect(assign("a")).toEqual(["10.0.1.2", "fd00::2"]);
    expect(assign("a")).toEqual(["10.0.1.2", "fd00::2"]);
    addresses.release("a");
    expect(assign("b")).toEqual(["10.0.1.2", "fd00::2"]);
  });

  it("says which range is full", () => {
    const addresses = createPodAddresses();
    addresses.assign("a", "10.0.1.0/30");
    expect(() => addresses.assign("b", "10.0.1.0/30")).toThrow(
      new RangeExhaustedError("All 1 pod addresses of 10.0.1.0/30 are taken; delete a pod of the node."),
    );
  });

  it("keeps the new owner's address when an owner that it was taken from lets go", () => {
    const addresses = createPodAddresses();
    addresses.keep("first", "10.0.1.2");
    addresses.keep("second", "10.0.1.2");
    addresses.release("first");
    expect(addresses.assign("third", "10.0.1.0/24")).toBe("10.0.1.3");
  });

  it("never gives two owners one address, nor one outside the range, in any order of assigning and releasing", () => {
    const step = fc.record({ owner: fc.nat(40), release: fc.boolean() });
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: 29 }),
        fc.nat(255),
        fc.array(step, { maxLength: 120 }),
        (length, third, steps) => {
          const range = `10.0.${third}.0/${length}`;
          const addresses = createPodAddresses();
          const held = new Map<number, string>();
          const inside = new BlockList();
          inside.addSubnet(`10.0.${third}.0`, length);
          for (const { owner, release } of steps) {
            if (release) {
              addresses.release(String(owner));
              held.delete(owner);
              continue;
            }
            if (held.size >= usableRange(range).count && !held.has(owner)) continue;
            const address = addresses.assign(String(owner), range);
            expect(inside.check(address)).toBe(true);
            expect(held.get(owner) ?? address).toBe(address);
            held.set(owner, address);
            expect(new Set(held.values()).size).toBe(held.size);
          }
        },
      ),
    );
  });
});
