import { type Ipv4Range, parseIpv4Range, rangesOverlap } from "../../../../cidr.ts";
import { shareBounds } from "../../../common/parameters/node-shares.ts";
import { ofKind } from "../../../common/parameters/parameter.ts";
import { missing } from "../../../common/parameters/value-check.ts";
import type { Violation } from "../../../common/violations.ts";
import { networkPlugin } from "../network-plugin.ts";
import { networkParameters } from "../table/network.ts";
import type { GivenBody } from "../table/table.ts";
import { nodeCount } from "./node-rules.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** The network plug-in's own parameters have to be there. */
const needed: Rule = ({ body }) => {
  if (networkPlugin(body) === "flannel")
    return body.container_cidr ? [] : [missing("container_cidr", "Flannel needs a Pod range, e.g. 172.20.0.0/16")];
  return body.pod_vswitch_ids ? [] : [missing("pod_vswitch_ids", "Terway needs vSwitches for the pods")];
};

/** A managed cluster names the vSwitches of its workers; its node pools may do it in its place. */
const vswitches: Rule = ({ body, kind }) => {
  const inPools = body.nodepools?.some((pool) => pool.scaling_group?.vswitch_ids);
  return kind === "dedicated" || body.vswitch_ids || inPools
    ? []
    : [missing("vswitch_ids", "name 1 to 3 vSwitches of the nodes; unknown ones are registered")];
};

const overlap: Rule = ({ body }) => {
  const [pods, services] = [rangeOf(body.container_cidr), rangeOf(body.service_cidr)];
  if (!pods || !services || !rangesOverlap(pods, services)) return [];
  return [
    {
      parameter: "service_cidr",
      value: body.service_cidr,
      rule: `must not overlap container_cidr ${body.container_cidr}`,
    },
  ];
};

const rangeOf = (text: string | undefined): Ipv4Range | undefined => (text ? parseIpv4Range(text) : undefined);

const nodeShares: Rule = ({ body, kind }) => {
  const pods = rangeOf(body.container_cidr);
  if (!pods || networkPlugin(body) === "terway") return [];
  const mask = maskOf(body, kind);
  const { least, most } = shareBounds(pods);
  if (Number.isNaN(mask)) return [];
  if (mask >= least && mask <= most) return enoughShares(body, mask - pods.prefix, nodeCount(body, kind));
  const bounds = least > most ? "is not possible with" : `must be from ${least} to ${most}, because of`;
  if (body.node_cidr_mask)
    return [
      {
        parameter: "node_cidr_mask",
        value: body.node_cidr_mask,
        rule: `${bounds} container_cidr ${body.container_cidr}`,
      },
    ];
  return [
    {
      parameter: "container_cidr",
      value: body.container_cidr,
      rule: `cannot be divided into shares of /${mask} for the nodes, which is the default of node_cidr_mask`,
      wayOut: least > most ? "choose a wider range" : `give node_cidr_mask from ${least} to ${most}`,
    },
  ];
};

/** A node for which no share is left has no addresses for its pods. */
function enoughShares(body: GivenBody, bits: number, nodes: number): Violation[] {
  const shares = 2 ** bits;
  if (nodes <= shares) return [];
  const parameter = body.node_cidr_mask ? "node_cidr_mask" : "container_cidr";
  return [
    {
      parameter,
      value: body[parameter],
      rule: `leaves container_cidr ${body.container_cidr} with room for ${shares} nodes, and ${nodes} are asked for`,
      wayOut: "choose a wider range, a longer mask, or fewer nodes",
    },
  ];
}

/** The mask in force; NaN for a text that is no number, which has a violation of its own. */
const maskOf = (body: GivenBody, kind: RuleContext["kind"]): number =>
  Number(body.node_cidr_mask ?? ofKind(networkParameters.node_cidr_mask.default ?? Number.NaN, kind));

/** Pods get addresses from vSwitches of their own. */
const podVswitches: Rule = ({ body }) => {
  if (networkPlugin(body) === "flannel") return [];
  const ofNodes = new Set(nodeVswitchIds(body));
  return (body.pod_vswitch_ids ?? []).flatMap((value, index): Violation[] =>
    ofNodes.has(value)
      ? [
          {
            parameter: `pod_vswitch_ids[${index}]`,
            value,
            rule: "must not be a vSwitch of the nodes",
            wayOut: "give the pods a vSwitch of their own",
          },
        ]
      : [],
  );
};

/** The vSwitches of masters and workers, each once. */
export const nodeVswitchIds = (body: GivenBody): string[] => [
  ...new Set([
    ...(body.vswitch_ids ?? []),
    ...(body.master_vswitch_ids ?? []),
    ...(body.nodepools ?? []).flatMap((pool) => pool.scaling_group?.vswitch_ids ?? []),
  ]),
];

const enterpriseGroup: Rule = ({ body, kind }) => {
  if (kind === "dedicated" || networkPlugin(body) === "flannel") return [];
  if (body.security_group_id || body.is_enterprise_security_group) return [];
  return [
    {
      parameter: "is_enterprise_security_group",
      value: body.is_enterprise_security_group,
      rule: "must be true with Terway in a managed cluster",
      wayOut: "set it, or name a group by security_group_id",
    },
  ];
};

/** The rules of the cluster's networks that need no knowledge of the VPC. */
export const networkRules: readonly Rule[] = [needed, vswitches, overlap, nodeShares, podVswitches, enterpriseGroup];
