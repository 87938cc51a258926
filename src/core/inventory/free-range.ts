import { type Ipv4Range, ipv4Range, nthPart, rangesOverlap } from "../../cidr.ts";
import { NoRoomError } from "./no-room.ts";

/** Ranges that an unknown VPC may get, the most usual one first. */
const usualVpcRanges = [
  "192.168.0.0/16",
  "10.0.0.0/16",
  "172.16.0.0/16",
  "10.128.0.0/16",
  "172.31.0.0/16",
  "10.64.0.0/16",
];
/** Service ranges that are taken where none is asked for: CCE's own default and those that follow it. */
const usualServiceRanges = Array.from({ length: 9 }, (_, n) => `10.${247 + n}.0.0/16`);
/** What CCE's documents offer as Pod ranges, and where they have another one chosen. */
const podRanges = Array.from({ length: 16 }, (_, n) => `172.${16 + n}.0.0/16`);
/** Where another range is looked for: what RFC 1918 leaves to private networks, and what RFC 6598 shares. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
/** Prefix length of the ranges that are given out. */
const partPrefix = 16;

/**
 * A range for a VPC of which none is known: the most usual one that no other range overlaps.
 * @param avoid ranges that it must not overlap
 * @throws {NoRoomError} where they leave no private range
 */
export function freeVpcRange(vpcId: string, avoid: readonly string[]): string {
  const free = firstFree(usualVpcRanges, avoid) ?? freePrivateRange(avoid);
  if (free === undefined)
    throw new NoRoomError(
      `${avoid.join(" and ")} leave no private range for VPC ${vpcId}; choose smaller Pod and Service ranges.`,
    );
  return free;
}

/**
 * A Service range for a cluster that asks for none: 10.247.0.0/16, or the first one after it that no other range overlaps.
 * @param avoid ranges that it must not overlap
 * @throws {NoRoomError} where they leave no private range
 */
export function freeServiceRange(avoid: readonly string[]): string {
  const free = firstFree(usualServiceRanges, avoid) ?? freePrivateRange(avoid);
  if (free === undefined)
    throw new NoRoomError(`${avoid.join(" and ")} leave no private range for Services; name a Service range.`);
  return free;
}

/** The first of 172.16.0.0/16 to 172.31.0.0/16 that overlaps none of the ranges; undefined where each overlaps one. */
export const freePodRange = (avoid: readonly string[]): string | undefined => firstFree(podRanges, avoid);

const freePrivateRange = (avoid: readonly string[]): string | undefined =>
  firstFree(privateRanges.map(ipv4Range).flatMap(partsOf), avoid);

function firstFree(candidates: readonly string[], avoid: readonly string[]): string | undefined {
  const taken = avoid.map(ipv4Range);
  return candidates.find((candidate) => !taken.some((range) => rangesOverlap(range, ipv4Range(candidate))));
}

function partsOf(range: Ipv4Range): string[] {
  return Array.from({ length: 2 ** (partPrefix - range.prefix) }, (_, n) => nthPart(range, partPrefix, n));
}
