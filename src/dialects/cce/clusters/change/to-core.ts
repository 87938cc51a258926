import { isDeepStrictEqual } from "node:util";
import type { Static } from "typebox";
import { parseIpv4Range, rangesOverlap } from "../../../../cidr.ts";
import type { ClusterChange } from "../../../../core/clusters/change.ts";
import type { Cluster } from "../../../../core/clusters/cluster.ts";
import type { Violation } from "../../../common/errors/violations.ts";
import { alternativeName } from "../../../common/parameters/value-rules.ts";
import { toUuid } from "../../ids.ts";
import type { updateClusterBody } from "../../schemas.ts";
import { mostRanges } from "../create/table/common.ts";
import { privatePodRange } from "../create/value-rules.ts";

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
export function toClusterChange(
  { dialect, spec: current }: Cluster,
  { metadata, spec = {} }: UpdateClusterBody,
): ClusterChange {
  const kept = Object.fromEntries(Object.entries(spec).filter(([name]) => recorded.includes(name)));
  return {
    spec: {
      alias: metadata?.alias || undefined,
      description: spec.description,
      deletionProtection: spec.deletionProtection,
      apiServer: { extraSans: spec.customSan },
      network: {
        morePodCidrs: morePodRanges(current.network, rangesOf(spec)),
        podVswitchIds: subnetsOf(spec) && [...new Set(subnetsOf(spec))],
        securityGroupId: spec.hostNetwork?.SecurityGroup || undefined,
      },
    },
    request:
      dialect === "cce" && Object.keys(kept).length > 0
        ? (current) => ({ ...current, spec: { ...(current.spec as object), ...kept } })
        : undefined,
  };
}

/** Whether a change is of the protection from deletion alone, which a cluster that failed needs to be removed. */
export function concernsProtectionAlone(change: ClusterChange): boolean {
  return isDeepStrictEqual(placesIn(change), ["spec.deletionProtection"]);
}

/** Where a change says something. */
const placesIn = (change: object): string[] =>
  Object.entries(change).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const goesOn = typeof value === "object" && value !== null && !Array.isArray(value);
    return goesOn ? placesIn(value).map((below) => `${name}.${below}`) : [name];
  });

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
    ...checkPodRanges(current.network, rangesOf(spec)),
    ...checkSubnets(current.network, subnetsOf(spec)),
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
    .filter((name) => !members.includes(name) && !isZero(sent[name as keyof typeof sent]))
    .map((name) => ({ parameter: `${place}.${name}`, rule: "cannot be changed here", wayOut }));
}

/** Go's clients send every member, also those that nobody set: an empty text, 0, false, and what has nothing else in it. */
function isZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isZero);
  return !value;
}

type Network = Cluster["spec"]["network"];
type UpdatedSpec = NonNullable<UpdateClusterBody["spec"]>;

const rangesOf = ({ containerNetwork }: UpdatedSpec): string[] | undefined =>
  containerNetwork?.cidrs?.length ? containerNetwork.cidrs.map(({ cidr }) => cidr) : undefined;

const subnetsOf = ({ eniNetwork }: UpdatedSpec): string[] | undefined =>
  eniNetwork?.subnets?.length ? eniNetwork.subnets.map(({ subnetID }) => subnetID) : undefined;

/** The ranges of pods that a cluster has. */
const presentRanges = ({ podCidr, morePodCidrs }: Network): string[] => [
  ...(podCidr ? [podCidr] : []),
  ...morePodCidrs,
];

/** All ranges of pods that are wanted: a list that names none of the present ones has those to add, as Terraform sends it. */
function allRanges(network: Network, wanted: string[]): string[] {
  const present = presentRanges(network);
  return wanted.some((cidr) => present.includes(cidr)) ? wanted : [...present, ...wanted];
}

const morePodRanges = (network: Network, wanted: string[] | undefined): string[] | undefined =>
  wanted && allRanges(network, wanted).slice(1);

function checkPodRanges(network: Network, sent: string[] | undefined): Violation[] {
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
    const place = `${parameter}[${index - unsent}].cidr`;
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
