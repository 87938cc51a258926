import type { Static } from "typebox";
import { parseIpv4Range, rangesOverlap } from "../../cidr.ts";
import type { Cluster } from "../../core/clusters/cluster.ts";
import type { ClusterChange } from "../../core/clusters/modify-cluster.ts";
import { alternativeName } from "../common/parameters/value-rules.ts";
import type { Violation } from "../common/violations.ts";
import { privatePodRange } from "./parameters/index.ts";
import type { updateClusterBody } from "./schemas.ts";

/** The body of UpdateCluster. */
export type UpdateClusterBody = Static<typeof updateClusterBody>;

/** Members of `spec` that can be changed and are only kept and shown. */
const recorded = ["agencyName", "enableAutoResizing"];
/** Members of `spec` that can be changed. */
const changeable = [
  ...["description", "customSan", "deletionProtection", "containerNetwork", "eniNetwork", "hostNetwork"],
  ...recorded,
];

/**
 * What an update asks for. Ranges and subnets of pods can only be added to.
 * @param body after its schema; `null` and members of the envelope mean nothing
 */
export function toClusterChange(
  { request, dialect }: Cluster,
  { metadata, spec = {} }: UpdateClusterBody,
): ClusterChange {
  const kept = Object.fromEntries(Object.entries(spec).filter(([name]) => recorded.includes(name)));
  return {
    alias: metadata?.alias || undefined,
    description: spec.description,
    deletionProtection: spec.deletionProtection,
    extraSans: spec.customSan,
    morePodCidrs: spec.containerNetwork?.cidrs?.slice(1).map(({ cidr }) => cidr),
    podVswitchIds: spec.eniNetwork?.subnets?.map(({ subnetID }) => subnetID),
    securityGroupId: spec.hostNetwork?.SecurityGroup || undefined,
    request:
      dialect === "cce" && Object.keys(kept).length > 0
        ? { ...request, spec: { ...(request.spec as object), ...kept } }
        : undefined,
  };
}

/** What is wrong with an update of a cluster, beyond its schema. */
export function checkUpdate({ spec: current }: Cluster, { spec = {} }: UpdateClusterBody): Violation[] {
  return [
    ...Object.keys(spec)
      .filter((name) => !changeable.includes(name))
      .map((name) => ({
        parameter: `spec.${name}`,
        rule: "cannot be changed here",
        wayOut: `UpdateCluster takes ${changeable.join(", ")}`,
      })),
    ...(spec.customSan ?? []).flatMap((value, index): Violation[] =>
      alternativeName.holds(value)
        ? []
        : [{ parameter: `spec.customSan[${index}]`, value, rule: alternativeName.says }],
    ),
    ...checkPodRanges(
      current.network,
      spec.containerNetwork?.cidrs?.map(({ cidr }) => cidr),
    ),
    ...checkSubnets(
      current.network,
      spec.eniNetwork?.subnets?.map(({ subnetID }) => subnetID),
    ),
  ];
}

type Network = Cluster["spec"]["network"];

function checkPodRanges(
  { plugin, podCidr, morePodCidrs, serviceCidr }: Network,
  wanted: string[] | undefined,
): Violation[] {
  if (!wanted) return [];
  const parameter = "spec.containerNetwork.cidrs";
  if (plugin !== "vpc-router" && plugin !== "flannel")
    return [{ parameter, rule: "can be changed with the network mode vpc-router alone" }];
  const kept = [podCidr, ...morePodCidrs];
  if (!kept.every((cidr, index) => wanted[index] === cidr))
    return [{ parameter, value: wanted, rule: `must begin with ${kept.join(", ")}: ranges can only be added` }];
  return wanted.flatMap((value, index): Violation[] => {
    const place = `${parameter}[${index}].cidr`;
    const range = privatePodRange.holds(value) ? parseIpv4Range(value) : undefined;
    if (!range) return [{ parameter: place, value, rule: privatePodRange.says }];
    const others = [serviceCidr, ...wanted.slice(0, index)];
    const other = others.find((text) => {
      const parsed = parseIpv4Range(text);
      return parsed && rangesOverlap(parsed, range);
    });
    return other ? [{ parameter: place, value, rule: `must not overlap ${other}` }] : [];
  });
}

function checkSubnets({ podVswitchIds }: Network, wanted: string[] | undefined): Violation[] {
  if (!wanted) return [];
  const parameter = "spec.eniNetwork.subnets";
  if (podVswitchIds.length === 0) return [{ parameter, rule: "can be changed with the network mode eni alone" }];
  const missing = podVswitchIds.filter((id) => !wanted.includes(id));
  if (missing.length === 0) return [];
  return [{ parameter, value: wanted, rule: `must hold ${missing.join(", ")}: subnets can only be added` }];
}
