import { type Ipv4Range, parseIpv4Range, rangesOverlap } from "../../../../../cidr.ts";
import type { Violation } from "../../../../common/errors/violations.ts";
import { shareBounds } from "../../../../common/parameters/node-shares.ts";
import { missing } from "../../../../common/parameters/value-check.ts";
import { networkPlugin } from "../network-plugin.ts";
import type { GivenBody } from "../table/table.ts";
import { nodeCount } from "./node-rules.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Whether a VPC and vSwitches are to be made: zones are named, and no VPC. */
export const makesNetwork = ({ vpcid, zone_ids }: GivenBody): boolean => !vpcid && zone_ids !== undefined;

/** The network plug-in's own parameters have to be there. */
const needed: Rule = ({ body }) => {
  if (networkPlugin(body) === "flannel")
    return body.container_cidr || makesNetwork(body)
      ? []
      : [missing("container_cidr", "Flannel needs a Pod range, e.g. 172.20.0.0/16")];
  return body.pod_vswitch_ids || makesNetwork(body)
    ? []
    : [missing("pod_vswitch_ids", "Terway needs vSwitches for the pods")];
};

/** A cluster names its VPC, or the zones in which one is made for it; what is made has no parts that are there already. */
const vpc: Rule = ({ body }) => {
  if (body.vpcid) return [];
  if (!makesNetwork(body)) return [missing("vpcid", "name the VPC of the nodes, or zone_ids to have one made")];
  return nodeVswitchIds(body).length + (body.pod_vswitch_ids?.length ?? 0) === 0
    ? []
    : [
        {
          parameter: "vpcid",
          rule: "must be given where vSwitches are named",
          wayOut: "name their VPC, or leave them out to have both made",
        },
      ];
};

/** A managed cluster names the vSwitches of its workers; its node pools, or its members', may do it in its place. */
const vswitches: Rule = ({ body, kind }) =>
  kind === "dedicated" || makesNetwork(body) || nodeVswitchIds(body).length > 0
    ? []
    : [missing("vswitch_ids", "name 1 to 3 vSwitches of the nodes; unknown ones are registered")];

/** In a VPC that is made, the Service range can be chosen as well. */
const services: Rule = ({ body }) =>
  body.service_cidr || makesNetwork(body) ? [] : [missing("service_cidr", "e.g. 172.19.0.0/20")];

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

const nodeShares: Rule = (context) => {
  const { body, isGiven } = context;
  const pods = rangeOf(body.container_cidr);
  if (!pods || networkPlugin(body) === "terway") return [];
  // A text that is no number has a violation of its own.
  const mask = Number(body.node_cidr_mask);
  const { least, most } = shareBounds(pods);
  if (Number.isNaN(mask)) return [];
  if (mask >= least && mask <= most) return enoughShares(context, mask - pods.prefix);
  const bounds = least > most ? "is not possible with" : `must be from ${least} to ${most}, because of`;
  if (isGiven("node_cidr_mask"))
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
function enoughShares({ body, kind, isGiven }: RuleContext, bits: number): Violation[] {
  const [shares, nodes] = [2 ** bits, nodeCount({ body, kind })];
  if (nodes <= shares) return [];
  const parameter = isGiven("node_cidr_mask") ? "node_cidr_mask" : "container_cidr";
  return [
    {
      parameter,
      value: body[parameter],
      rule: `leaves container_cidr ${body.container_cidr} with room for ${shares} nodes, and ${nodes} are asked for`,
      wayOut: "choose a wider range, a longer mask, or fewer nodes",
    },
  ];
}

/** The vSwitches of masters and workers, each once. */
export const nodeVswitchIds = (body: GivenBody): string[] => [
  ...new Set([
    ...(body.vswitch_ids ?? []),
    ...(body.master_vswitch_ids ?? []),
    ...(body.nodepools ?? []).flatMap((pool) => pool.scaling_group?.vswitch_ids ?? []),
  ]),
];

/** The rules of the cluster's networks that need no knowledge of the VPC. */
export const networkRules: readonly Rule[] = [vpc, needed, vswitches, services, overlap, nodeShares];
