import { and, eq, ne, type SQL, sql } from "drizzle-orm";
import { parseIpv4Range, rangesOverlap } from "../../cidr.ts";
import { clusters, projects, vpcs } from "../../storage/schema.ts";
import type { ClusterNetwork } from "../clusters/cluster.ts";
import type { Core } from "../core.ts";
import { nouns } from "./network-conflict.ts";

/** A range that is in use in a VPC. */
export interface UsedRange {
  cidr: string;
  /** The VPC's own, or what a cluster in it has the range for. */
  use: "vpc" | "podCidr" | "serviceCidr";
  /**
   * For a sentence: `VPC vpc-1 (10.0.0.0/16)`, `the Pod range 172.20.0.0/16 of cluster first in VPC vpc-1`,
   * `a Pod range of another project's cluster in VPC vpc-1`.
   */
  name: string;
}

/**
 * Whose clusters sentences may name: all of the account's, or those in a project alone (null: the account's first), since
 * who works in one must not learn what there is in the others.
 */
export type Visibility = "account" | { projectId: string | null };

/** A VPC of an account. */
interface VpcReference {
  accountId: string;
  vpcId: string;
}

/**
 * Makes creations and changes in one VPC wait for each other until the end of the transaction, so that none misses the
 * other's ranges. A VPC that is not known yet has no row that could be locked.
 */
export async function lockVpc(core: Pick<Core, "db">, { accountId, vpcId }: VpcReference): Promise<void> {
  await core.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${accountId}/${vpcId}`}, 0))`);
}

/**
 * The ranges in use in a VPC: its own, where it is known, then those of the clusters in it, oldest first. Clusters that are
 * being removed give their ranges back and do not count.
 */
export async function usedRanges(core: Core, vpc: VpcReference, visible: Visibility): Promise<UsedRange[]> {
  return [...(await vpcRange(core, vpc)), ...(await clusterRanges(core, vpc, visible))];
}

async function vpcRange(core: Core, { accountId, vpcId }: VpcReference): Promise<UsedRange[]> {
  const rows = await core.db
    .select({ cidr: vpcs.cidr })
    .from(vpcs)
    .where(and(eq(vpcs.accountId, accountId), eq(vpcs.id, vpcId)));
  return rows.map(({ cidr }) => ({ cidr, use: "vpc", name: `VPC ${vpcId} (${cidr})` }));
}

async function clusterRanges(
  core: Core,
  { accountId, vpcId }: VpcReference,
  visible: Visibility,
): Promise<UsedRange[]> {
  const network: SQL<ClusterNetwork> = sql`${clusters.spec}->'network'`;
  const rows = await core.db
    .select({ name: clusters.name, network, projectId: clusters.projectId, ofFirst: projects.isFirst })
    .from(clusters)
    .leftJoin(projects, eq(projects.id, clusters.projectId))
    .where(and(eq(clusters.accountId, accountId), ne(clusters.state, "removing"), sql`${network}->>'vpcId' = ${vpcId}`))
    .orderBy(clusters.createdAt, clusters.id);
  return rows.flatMap(({ name, network, ofFirst, projectId }) => {
    const isVisible = visible === "account" || visible.projectId === (ofFirst ? null : projectId);
    return rangesOf(network).map(({ use, cidr }) => {
      const range = isVisible ? `the ${nouns[use]} ${cidr} of cluster ${name}` : `a ${nouns[use]} of ${foreign}`;
      return { use, cidr, name: `${range} in VPC ${vpcId}` };
    });
  });
}

/** What a cluster is called that may not be named. */
const foreign = "another project's cluster";

function rangesOf({ podCidr, morePodCidrs, serviceCidr }: ClusterNetwork) {
  const ofPods = podCidr === undefined ? morePodCidrs : [podCidr, ...morePodCidrs];
  return [
    ...ofPods.map((cidr) => ({ use: "podCidr" as const, cidr })),
    { use: "serviceCidr" as const, cidr: serviceCidr },
  ];
}

/** The names of ranges, each once: those of clusters that may not be named are alike. */
export const namesOf = (ranges: readonly Pick<UsedRange, "name">[]): string[] => [
  ...new Set(ranges.map(({ name }) => name)),
];

/** Those of the ranges that have an address in common with a range. */
export function overlapping<Range extends { cidr: string }>(cidr: string, others: readonly Range[]): Range[] {
  const range = parseIpv4Range(cidr);
  return others.filter((other) => {
    const parsed = parseIpv4Range(other.cidr);
    return range !== undefined && parsed !== undefined && rangesOverlap(range, parsed);
  });
}
