import type { ControlPlane } from "../control-plane.ts";
import type { FlagRow } from "./command.ts";

/** The usual length of a node's share, and how many bits longer than the whole range the controllers let it be. */
const nodePrefix = 64;
const nodeBits = 16;

/** IPv6 addresses have so many bits. */
const addressBits = 128;

/** What lets a component have two address families: by default it may since 1.21, and without being told since 1.23. */
export function dualStackFlags({ ipv6 }: Pick<ControlPlane["network"], "ipv6">): FlagRow[] {
  return [["feature-gates", ipv6 && "IPv6DualStack=true", { before: "1.21" }]];
}

/** Prefix length of each node's share of an IPv6 Pod range: 64 where the range has that many shares, and not too many. */
export function ipv6NodeMask(podCidr: string): number {
  const prefix = Number(podCidr.split("/")[1]);
  const longest = Math.min(prefix + nodeBits, addressBits);
  return prefix <= nodePrefix && nodePrefix <= longest ? nodePrefix : longest;
}
