import type { Ipv4Range } from "../../../cidr.ts";

/** The controller manager does not start with a share that is wider than the range, or more than 16 bits narrower. */
const widestStep = 16;
/** A share of two addresses has none for a pod. */
const longestMask = 30;

/** The prefix lengths that each node's share of a Pod range can have; `least` is above `most` where none can be. */
export const shareBounds = ({ prefix }: Ipv4Range): { least: number; most: number } => ({
  least: prefix,
  most: Math.min(longestMask, prefix + widestStep),
});
