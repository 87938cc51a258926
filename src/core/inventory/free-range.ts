import { type Ipv4Range, ipv4Range, nthPart, rangesOverlap } from "../../cidr.ts";
import { NoRoomError } from "./no-room.ts";

/** Ranges that an unknown VPC may get, the most usual one first. */
const usualRanges = [
  "192.168.0.0/16",
  "10.0.0.0/16",
  "172.16.0.0/16",
  "10.128.0.0/16",
  "172.31.0.0/16",
  "10.64.0.0/16",
];
/** Where another range is looked for: what RFC 1918 leaves to private networks, and what RFC 6598 shares. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
/** Prefix length of a VPC's range. */
const vpcPrefix = 16;

/**
 * A range for a VPC of which none is known: the most usual one that no other range overlaps.
 * @param avoid ranges that it must not overlap
 * @throws {NoRoomError} where they leave no private range
 */
export function freeVpcRange(vpcId: string, avoid: readonly string[]): string {
  const taken = avoid.map(ipv4Range);
  const isFree = (candidate: string) => !taken.some((range) => rangesOverlap(range, ipv4Range(candidate)));
  const free = usualRanges.find(isFree) ?? privateRanges.map(ipv4Range).flatMap(partsOf).find(isFree);
  if (free === undefined)
    throw new NoRoomError(
      `${avoid.join(" and ")} leave no private range for VPC ${vpcId}; choose smaller Pod and Service ranges.`,
    );
  return free;
}

function partsOf(range: Ipv4Range): string[] {
  return Array.from({ length: 2 ** (vpcPrefix - range.prefix) }, (_, n) => nthPart(range, vpcPrefix, n));
}
