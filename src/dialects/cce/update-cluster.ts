import type { Static } from "typebox";
import { parseIpv4Range, rangesOverlap } from "../../cidr.ts";
import type { Cluster } from "../../core/clusters/cluster.ts";
import type { ClusterChange } from "../../core/clusters/modify-cluster.ts";
import { alternativeName } from "../common/parameters/value-rules.ts";
import type { Violation } from "../common/violations.ts";
import { toUuid } from "./ids.ts";
import { privatePodRange } from "./parameters/index.ts";
import type { updateClusterBody } from "./schemas.ts";

/** The body of UpdateCluster. */
export type UpdateClusterBody = Static<typeof updateClusterBody>;

/** Members of `spec` that can be changed and are only kept and shown. */
const recorded = ["agencyName", "enableAutoResizing"];
/** What can be changed, by the place of the object that has it. Members of the envelope mean nothing. */
const changeable = {
  metadata: ["alias"],
  spec: [
    ...["description", "customSan", "deletionProtection", "containerNetwork", "eniNetwork", "hostNetwork"],
    ...recorded,
  ],
  "spec.containerNetwork": ["cidrs"],
  "spec.containerNetwork.cidrs[]": ["cidr"],
  "spec.eniNetwork": ["subnets"],
  "spec.eniNetwork.subnets[]": ["subnetID"],
  "spec.hostNetwork": ["SecurityGroup"],
} as const satisfies Record<string, readonly string[]>;

/**
 * What an update asks for. Ranges and subnets of pods can only be added to.
 * @param body after its schema; `null` and members of the envelope mean nothing
 */
export function toClusterChange({ dialect }: Cluster, { metadata, spec = {} }: UpdateClusterBody): ClusterChange {
  const kept = Object.fromEntries(Object.entries(spec).filter(([name]) => recorded.includes(name)));
  return {
    alias: metadata?.alias || undefined,
    description: spec.description,
    deletionProtection: spec.deletionProtection,
    extraSans: spec.customSan,
    morePodCidrs: spec.containerNetwork?.cidrs?.slice(1).map(({ cidr }) => cidr),
    podVswitchIds: spec.eniNetwork?.subnets && [...new Set(spec.eniNetwork.subnets.map(({ subnetID }) => subnetID))],
    securityGroupId: spec.hostNetwork?.SecurityGroup || undefined,
    request:
      dialect === "cce" && Object.keys(kept).length > 0
        ? (current) => ({ ...current, spec: { ...(current.spec as object), ...kept } })
        : undefined,
  };
}

/** Whether a change is of the protection from deletion alone, which a cluster that failed needs to be removed. */
export function concernsProtectionAlone(change: ClusterChange): boolean {
  const changed = Object.entries(change).filter(([, value]) => value !== undefined);
  return changed.length === 1 && change.deletionProtection !== undefined;
}

/** What is wrong with an update of a cluster, beyond its schema. */
export function checkUpdate(cluster: Cluster, { metadata = {}, spec = {} }: UpdateClusterBody): Violation[] {
  const { spec: current } = cluster;
  return [
    ...checkMetadata(cluster, metadata),
    ...unchangeable("spec", spec),
    ...unchangeable("spec.containerNetwork", spec.containerNetwork),
    ...(spec.containerNetwork?.cidrs ?? []).flatMap((entry) => unchangeable("spec.containerNetwork.cidrs[]", entry)),
    ...unchangeable("spec.eniNetwork", spec.eniNetwork),
    ...(spec.eniNetwork?.subnets ?? []).flatMap((entry) => unchangeable("spec.eniNetwork.subnets[]", entry)),
    ...unchangeable("spec.hostNetwork", spec.hostNetwork),
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

/** Clients may name the cluster that they change. */
function checkMetadata({ name, id }: Cluster, metadata: object): Violation[] {
  const names: Record<string, unknown> = { name, uid: toUuid(id) };
  const sent = Object.entries(metadata).filter(([member, value]) => value !== names[member]);
  return unchangeable("metadata", Object.fromEntries(sent));
}

/** Refuses what cannot be changed, rather than to let a client believe that it was. */
function unchangeable(place: keyof typeof changeable, sent: object = {}): Violation[] {
  const members: readonly string[] = changeable[place];
  const wayOut = `UpdateCluster takes ${members.join(", ")}`;
  return Object.keys(sent)
    .filter((name) => !members.includes(name))
    .map((name) => ({ parameter: `${place}.${name}`, rule: "cannot be changed here", wayOut }));
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
