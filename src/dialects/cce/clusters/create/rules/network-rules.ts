import { type Ipv4Range, ipv4Range, parseIpv4Range, rangesOverlap } from "../../../../../cidr.ts";
import type { Violation } from "../../../../common/errors/violations.ts";
import { shareBounds } from "../../../../common/parameters/node-shares.ts";
import { missing } from "../../../../common/parameters/value-check.ts";
import { defaultNodeMask } from "../../words/words.ts";
import { mostRanges, shareMasks } from "../table/common.ts";
import type { GivenSpec } from "../table/table.ts";
import { privatePodRange } from "../value-rules.ts";
import type { Rule } from "./rule.ts";

const highwaySubnet: Rule = ({ type, hostNetwork }) =>
  type === "BareMetal" && !hostNetwork?.highwaySubnet
    ? [missing("spec.hostNetwork.highwaySubnet", "bare-metal clusters need the id of a high-speed subnet")]
    : [];

/** Pods on network interfaces of the VPC need its subnets. */
const interfaces: Rule = ({ containerNetwork, eniNetwork, category }) => {
  if (containerNetwork?.mode !== "eni") return [];
  return [
    ...(eniNetwork?.subnets
      ? []
      : [missing("spec.eniNetwork.subnets", "the container network eni needs subnets for the pods")]),
    ...(category === "CCE"
      ? [
          {
            parameter: "spec.category",
            value: category,
            rule: "must be Turbo with the container network eni",
            wayOut: "or leave it out",
          },
        ]
      : []),
  ];
};

const interfaceSubnet: Rule = ({ eniNetwork: { subnets, eniSubnetId } = {} }) => {
  if (!subnets || !eniSubnetId || subnets.some(({ subnetID }) => subnetID === eniSubnetId)) return [];
  return [
    {
      parameter: "spec.eniNetwork.eniSubnetId",
      value: eniSubnetId,
      rule: "must be one of spec.eniNetwork.subnets, which says it too",
      wayOut: "leave it out",
    },
  ];
};

const ranges = ({ containerNetwork: { cidrs = [] } = {} }: GivenSpec): { place: string; text: string }[] =>
  cidrs.flatMap(({ cidr }, index) =>
    cidr === undefined ? [] : [{ place: `spec.containerNetwork.cidrs[${index}].cidr`, text: cidr }],
  );

const furtherRanges: Rule = ({ containerNetwork: { mode, cidrs = [] } = {} }) => {
  if (cidrs.length < 2 || !mode || mode === "vpc-router") return [];
  const rule = `must have one entry with the container network ${mode}`;
  return [{ parameter: "spec.containerNetwork.cidrs", value: cidrs, rule, wayOut: "only vpc-router has more" }];
};

const overlaps: Rule = (spec) => {
  const known = ranges(spec).flatMap(({ place, text }) => {
    const range = parseIpv4Range(text);
    return range ? [{ place, text, range }] : [];
  });
  // More of them than there may be are refused for their number.
  return known.slice(0, mostRanges).flatMap(({ place, text, range }, index): Violation[] => {
    const other = known.slice(0, index).find((earlier) => rangesOverlap(earlier.range, range));
    return other ? [{ parameter: place, value: text, rule: `must not overlap ${other.text} of ${other.place}` }] : [];
  });
};

/** Where the prefix length of the nodes' shares stands in a request. */
const maskPlace = "spec.extendParam.alpha.cce/fixPoolMask";
const [shortestMask, longestMask] = [Number(shareMasks[0]), Number(shareMasks.at(-1))];

const nodeShares: Rule = (spec) => {
  if (spec.containerNetwork?.mode === "eni") return [];
  return podRanges(spec).flatMap(({ place, text, range }): Violation[] => {
    const { least, most } = shareBounds(range);
    const mask = shareMask(spec, range);
    if (mask >= least && mask <= most) return [];
    if (least > longestMask) {
      const rule = `cannot be divided into shares of /${longestMask} for the nodes, which is the narrowest`;
      return [{ parameter: place, value: text, rule, wayOut: "choose a wider range" }];
    }
    const bounds = `from ${Math.max(least, shortestMask)} to ${Math.min(most, longestMask)}`;
    return [{ parameter: maskPlace, value: String(mask), rule: `must be ${bounds}, because of ${place} ${text}` }];
  });
};

/** The prefix length of each node's share of a Pod range. */
export const shareMask = ({ extendParam }: GivenSpec, range: Ipv4Range): number =>
  Number(extendParam?.["alpha.cce/fixPoolMask"] ?? defaultNodeMask(range.prefix));

/** The Pod ranges of a body, each once; what is no such range has a violation of its own. */
export function podRanges(spec: GivenSpec): { place: string; text: string; range: Ipv4Range }[] {
  const { cidr } = spec.containerNetwork ?? {};
  const first = cidr === undefined ? [] : [{ place: "spec.containerNetwork.cidr", text: cidr }];
  return [...first, ...ranges(spec).filter(({ text }) => text !== cidr)]
    .filter(({ text }) => privatePodRange.holds(text))
    .map(({ place, text }) => ({ place, text, range: ipv4Range(text) }));
}

/** The rules of the networks that need no knowledge of the VPC. A range that another one is in the way of is no violation. */
export const networkRules: readonly Rule[] = [
  highwaySubnet,
  interfaces,
  interfaceSubnet,
  furtherRanges,
  overlaps,
  nodeShares,
];
