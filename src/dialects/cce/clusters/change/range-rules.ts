import { parseIpv4Range, rangesOverlap } from "../../../../cidr.ts";
import type { Cluster } from "../../../../core/clusters/cluster.ts";
import type { Violation } from "../../../common/errors/violations.ts";
import { mostRanges } from "../create/table/common.ts";

/** Networks of a cluster. */
type Network = Cluster["spec"]["network"];

/** What `spec` of an update may say of the addresses of pods. */
export interface PodAddresses {
  containerNetwork?: { cidrs?: { cidr?: string }[] };
  eniNetwork?: { subnets?: { subnetID?: string }[] };
}

const isText = (text: string | undefined): text is string => text !== undefined;

/** The ranges that an update names. */
export const rangesOf = ({ containerNetwork }: PodAddresses): string[] | undefined =>
  containerNetwork?.cidrs?.map(({ cidr }) => cidr).filter(isText);

/** The subnets that an update names. */
export const subnetsOf = ({ eniNetwork }: PodAddresses): string[] | undefined =>
  eniNetwork?.subnets?.map(({ subnetID }) => subnetID).filter(isText);

/** The ranges of pods that a cluster has. */
const presentRanges = ({ podCidr, morePodCidrs }: Network): string[] => [
  ...(podCidr ? [podCidr] : []),
  ...morePodCidrs,
];

/** All ranges of pods that are wanted: a list that names none of the present ones has those to add, as Terraform sends it. */
export function allRanges(network: Network, wanted: string[]): string[] {
  const present = presentRanges(network);
  return wanted.some((cidr) => present.includes(cidr)) ? wanted : [...present, ...wanted];
}

function podRanges(network: Network, spec: PodAddresses): Violation[] {
  const sent = rangesOf(spec);
  if (!sent) return [];
  const { plugin, serviceCidr } = network;
  const parameter = "spec.containerNetwork.cidrs";
  if (plugin !== "vpc-router" && plugin !== "flannel")
    return [{ parameter, rule: "can be changed with the network mode vpc-router alone" }];
  const present = presentRanges(network);
  const wanted = allRanges(network, sent);
  if (!present.every((cidr, index) => wanted[index] === cidr))
    return [
      {
        parameter,
        value: sent,
        rule: `must begin with ${present.join(", ")}, or name none of them: ranges can only be added`,
      },
    ];
  if (wanted.length > mostRanges)
    return [{ parameter, value: sent, rule: `must make at most ${mostRanges} ranges with those that are there` }];
  const unsent = wanted.length - sent.length;
  return wanted.flatMap((value, index): Violation[] => {
    const other = [serviceCidr, ...wanted.slice(0, index)].find((one) => overlap(one, value));
    const place = `${parameter}[${index - unsent}].cidr`;
    return other ? [{ parameter: place, value, rule: `must not overlap ${other}` }] : [];
  });
}

/** What is no range has a violation of its own. */
function overlap(one: string, other: string): boolean {
  const [first, second] = [parseIpv4Range(one), parseIpv4Range(other)];
  return first !== undefined && second !== undefined && rangesOverlap(first, second);
}

function podSubnets({ podVswitchIds }: Network, spec: PodAddresses): Violation[] {
  const wanted = subnetsOf(spec);
  if (!wanted) return [];
  const parameter = "spec.eniNetwork.subnets";
  if (podVswitchIds.length === 0) return [{ parameter, rule: "can be changed with the network mode eni alone" }];
  const missing = podVswitchIds.filter((id) => !wanted.includes(id));
  if (missing.length === 0) return [];
  return [{ parameter, value: wanted, rule: `must hold ${missing.join(", ")}: subnets can only be added` }];
}

/** The rules of the addresses of a cluster's pods, to which an update can only add. */
export const rangeRules = [podRanges, podSubnets];
