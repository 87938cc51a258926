import { and, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { parseIpv4Range, rangesOverlap } from "../../cidr.ts";
import { clusters, vpcs, vswitches } from "../../storage/schema.ts";
import type { ClusterNetwork } from "../clusters/cluster.ts";
import type { Core } from "../core.ts";
import { type NetworkConflict, nouns } from "./network-conflict.ts";
import { findSecurityGroups } from "./security-groups.ts";

/** The networks of a cluster that is to be made. */
export interface WantedNetworks {
  accountId: string;
  vpcId: string;
  /** Of nodes and pods. */
  vswitchIds: readonly string[];
  /** Existing groups that are named. */
  securityGroupIds: readonly string[];
  podCidr: string | undefined;
  serviceCidr: string;
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

/** The ranges of a cluster that its VPC has to keep apart. */
const rangeFields = ["podCidr", "serviceCidr"] as const;

/**
 * Checks wanted networks against the inventory: the VPC's range, where its vSwitches and security groups are, and the
 * ranges of the other clusters in it. Nothing is registered.
 *
 * Inside a transaction, creations in one VPC wait for each other, so that none misses the other's ranges.
 */
export async function checkNetworks(core: Core, wanted: WantedNetworks): Promise<NetworkFindings> {
  await lockVpc(core, wanted);
  const unknown = wanted.policy === "strict" ? await findUnknown(core, wanted) : [];
  const misplaced = await findMisplaced(core, wanted);
  const overlaps = await overlapsWithClusters(core, wanted);
  const conflicts = [...unknown, ...misplaced, ...(await overlapsWithVpc(core, wanted))];
  if (wanted.policy === "strict") return { conflicts: [...conflicts, ...overlaps], warnings: [] };
  return {
    conflicts,
    warnings: overlaps.map(
      ({ field, value, rule }) =>
        `${nouns[field]} ${value} ${rule.replace(/^must not overlap/, "overlaps")}. ` +
        "In a cloud the two clusters could not reach each other's addresses there.",
    ),
  };
}

/** Until the end of the transaction; a VPC that is not known yet has no row that could be locked. */
async function lockVpc(core: Core, { accountId, vpcId }: WantedNetworks): Promise<void> {
  await core.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${accountId}/${vpcId}`}, 0))`);
}

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
    placed[field]
      .filter((found) => found.vpcId !== vpcId)
      .map((found) => ({
        field,
        value: found.id,
        rule: `is in VPC ${found.vpcId}, not in ${vpcId}`,
        wayOut: `name one of ${vpcId}, or that VPC`,
      })),
  );
}

async function overlapsWithVpc(core: Core, wanted: WantedNetworks): Promise<NetworkConflict[]> {
  const { accountId, vpcId } = wanted;
  const rows = await core.db
    .select({ cidr: vpcs.cidr })
    .from(vpcs)
    .where(and(eq(vpcs.accountId, accountId), eq(vpcs.id, vpcId)));
  return rows.flatMap(({ cidr }) => overlaps(wanted, [{ cidr, name: `VPC ${vpcId} (${cidr})` }]));
}

/** Clusters that are being deleted give their ranges back and do not count. */
async function overlapsWithClusters(core: Core, wanted: WantedNetworks): Promise<NetworkConflict[]> {
  const network: SQL<ClusterNetwork> = sql`${clusters.spec}->'network'`;
  const others = await core.db
    .select({ name: clusters.name, network })
    .from(clusters)
    .where(
      and(
        eq(clusters.accountId, wanted.accountId),
        ne(clusters.state, "deleting"),
        sql`${network}->>'vpcId' = ${wanted.vpcId}`,
      ),
    )
    .orderBy(clusters.createdAt, clusters.id);
  const ranges = others.flatMap((other) =>
    rangeFields.flatMap((field) => {
      const cidr = other.network[field];
      return cidr
        ? [{ cidr, name: `the ${nouns[field]} ${cidr} of cluster ${other.name} in VPC ${wanted.vpcId}` }]
        : [];
    }),
  );
  return overlaps(wanted, ranges);
}

/** One conflict for each wanted range and each other range that have an address in common. */
function overlaps(
  wanted: Pick<WantedNetworks, "podCidr" | "serviceCidr">,
  others: readonly { cidr: string; name: string }[],
): NetworkConflict[] {
  return rangeFields.flatMap((field) => {
    const value = wanted[field];
    const range = value && parseIpv4Range(value);
    if (!range) return [];
    return others.flatMap(({ cidr, name }) => {
      const other = parseIpv4Range(cidr);
      if (!other || !rangesOverlap(range, other)) return [];
      return [{ field, value, rule: `must not overlap ${name}`, wayOut: "choose another range" }];
    });
  });
}
