import { expect, it } from "vitest";
import { ipv6NodeMask } from "./dual-stack.ts";

it.each([
  ["fd00::/32", 48],
  ["fd00::/47", 63],
  ["fd00::/48", 64],
  ["fd00::/56", 64],
  ["fd00::/64", 64],
  ["fd00::/65", 81],
  ["fd00::/112", 128],
  ["fd00::/120", 128],
])("a node's share of %s is a /%i", (podCidr, mask) => {
  expect(ipv6NodeMask(podCidr)).toBe(mask);
});
