import { and, eq, inArray } from "drizzle-orm";
import { vpcs, vswitches } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { misplaced, type NetworkConflict, nouns } from "./network-conflict.ts";
import { findSecurityGroups } from "./security-groups.ts";
import { lockVpc, namesOf, overlapping, type UsedRange, usedRanges, type Visibility } from "./used-ranges.ts";

/** The networks that a new cluster is to have, or that a cluster is to get besides its own. */
export interface WantedNetworks {
  accountId: string;
  vpcId: string;
  /** Of nodes and pods. */
  vswitchIds: readonly string[];
  /** Existing groups that are named. */
  securityGroupIds: readonly string[];
  podCidr: string | undefined;
  /** Further Pod ranges, which may overlap nothing at all. */
  morePodCidrs: readonly string[];
  serviceCidr: string | undefined;
  /** Whether the Service range is one that nobody asked for: other clusters may have the same. */
  usualServices: boolean;
  /** Whose clusters sentences may name. */
  visible: Visibility;
  /** `strict` refuses what is not known, and ranges that overlap those of another cluster in the VPC. */
  policy: "implicit" | "strict";
}

/** What there is to say about wanted networks. */
export interface NetworkFindings {
  /** Why they cannot be; empty where they can. */
  conflicts: NetworkConflict[];
  /** Sentences for the user on what can be, but may not be meant. */
  warnings: string[];
}

/**
 * Checks wanted networks against the inventory: the VPC's range, where its vSwitches and security groups are, and the
 * ranges of the other clusters in it. Nothing is registered.
 *
 * Inside a transaction, creations in one VPC wait for each other, so that none misses the other's ranges.
 */
export async function checkNetworks(core: Core, wanted: WantedNetworks): Promise<NetworkFindings> {
  await lockVpc(core, wanted);
  const unknown = wanted.policy === "strict" ? await findUnknown(core, wanted) : [];
  const elsewhere = await findMisplaced(core, wanted);
  const used = await usedRanges(core, wanted, wanted.visible);
  const refused = [...unknown, ...elsewhere, ...overlapsWithVpc(wanted, used), ...overlapsOfMore(wanted, used)];
  const overlaps = overlapsWithClusters(wanted, used);
  if (wanted.policy === "strict") return { conflicts: [...refused, ...overlaps], warnings: [] };
  return { conflicts: refused, warnings: overlaps.map(warningOf) };
}

const warningOf = ({ field, value, rule }: NetworkConflict): string =>
  `${nouns[field]} ${value} ${rule.replace(/^must not overlap/, "overlaps")}. ` +
  "In a cloud the two clusters could not reach each other's addresses there.";

/** What a strict inventory does not know. */
async function findUnknown(core: Core, wanted: WantedNetworks): Promise<NetworkConflict[]> {
  const { accountId, vpcId, vswitchIds, securityGroupIds } = wanted;
  const known = {
    vpcId: await idsOf(core, vpcs, accountId, [vpcId]),
    vswitchId: await idsOf(core, vswitches, accountId, vswitchIds),
    securityGroupId: (await findSecurityGroups(core, accountId, securityGroupIds)).map(({ id }) => id),
  };
  const asked = { vpcId: [vpcId], vswitchId: vswitchIds, securityGroupId: securityGroupIds };
  return (["vpcId", "vswitchId", "securityGroupId"] as const).flatMap((field) =>
    [...new Set(asked[field])]
      .filter((id) => !known[field].includes(id))
      .map((value) => ({
        field,
        value,
        rule: "is not in the inventory, which is strict",
        wayOut: "name one that a cluster used before, or have new ones registered by SAMPAN_INVENTORY=implicit",
      })),
  );
}

async function idsOf(
  core: Core,
  table: typeof vpcs | typeof vswitches,
  accountId: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const where = and(eq(table.accountId, accountId), inArray(table.id, [...ids]));
  return (await core.db.select({ id: table.id }).from(table).where(where)).map(({ id }) => id);
}

/** vSwitches and security groups that are known to be in another VPC. */
async function findMisplaced(core: Core, wanted: WantedNetworks): Promise<NetworkConflict[]> {
  const { accountId, vpcId, vswitchIds, securityGroupIds } = wanted;
  const where = and(eq(vswitches.accountId, accountId), inArray(vswitches.id, [...vswitchIds]));
  const placed = {
    vswitchId: vswitchIds.length > 0 ? await core.db.select().from(vswitches).where(where) : [],
    securityGroupId: await findSecurityGroups(core, accountId, securityGroupIds),
  };
  return (["vswitchId", "securityGroupId"] as const).flatMap((field) =>
    placed[field].filter((found) => found.vpcId !== vpcId).map((found) => misplaced(field, found, vpcId)),
  );
}

/** The Pod and the Service range, where they are wanted. */
function mainRanges({ podCidr, serviceCidr }: WantedNetworks) {
  const ranges = [
    { field: "podCidr", cidr: podCidr },
    { field: "serviceCidr", cidr: serviceCidr },
  ] as const;
  return ranges.flatMap(({ field, cidr }) => (cidr === undefined ? [] : [{ field, cidr }]));
}

function overlapsWithVpc(wanted: WantedNetworks, used: readonly UsedRange[]): NetworkConflict[] {
  const vpc = used.filter(({ use }) => use === "vpc");
  return mainRanges(wanted).flatMap(({ field, cidr }) => conflictsOf(field, cidr, vpc));
}

/** A usual Service range may be another cluster's, too, since it is reached from inside a cluster alone. */
function overlapsWithClusters(wanted: WantedNetworks, used: readonly UsedRange[]): NetworkConflict[] {
  const ofPods = used.filter(({ use }) => use === "podCidr");
  const ofClusters = used.filter(({ use }) => use !== "vpc");
  return mainRanges(wanted).flatMap(({ field, cidr }) =>
    conflictsOf(field, cidr, field === "serviceCidr" && wanted.usualServices ? ofPods : ofClusters),
  );
}

/** Further Pod ranges are kept for later: they overlap neither what is in use, nor the wanted ranges, nor each other. */
function overlapsOfMore(wanted: WantedNetworks, used: readonly UsedRange[]): NetworkConflict[] {
  const own = mainRanges(wanted).map(({ field, cidr }) => ({
    cidr,
    name: `the cluster's own ${nouns[field]} ${cidr}`,
  }));
  return wanted.morePodCidrs.flatMap((cidr, index) => {
    const earlier = wanted.morePodCidrs.slice(0, index);
    const others = earlier.map((other) => ({ cidr: other, name: `its other further Pod range ${other}` }));
    return conflictsOf("podCidr", cidr, [...used, ...own, ...others]);
  });
}

/** One conflict for each name of the other ranges that have an address in common with a wanted one. */
function conflictsOf(
  field: "podCidr" | "serviceCidr",
  value: string,
  others: readonly Pick<UsedRange, "cidr" | "name">[],
): NetworkConflict[] {
  return namesOf(overlapping(value, others)).map((name) => ({
    ...{ field, value },
    rule: `must not overlap ${name}`,
    wayOut: "choose another range",
  }));
}
