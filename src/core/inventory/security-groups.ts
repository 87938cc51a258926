import { and, eq, inArray, sql } from "drizzle-orm";
import { clusterResources, clusters, securityGroups } from "../../storage/schema.ts";
import type { Core } from "../core.ts";

/** A security group that is known, and its VPC. */
export interface SecurityGroup {
  id: string;
  vpcId: string;
}

/** Registers the security groups of a VPC that are not known yet. */
export async function ensureSecurityGroups(
  core: Core,
  { accountId, vpcId, ids }: { accountId: string; vpcId: string; ids: readonly string[] },
): Promise<void> {
  const rows = [...new Set(ids)].map((id) => ({ accountId, id, vpcId }));
  if (rows.length > 0) await core.db.insert(securityGroups).values(rows).onConflictDoNothing();
}

/** Those of the security groups that are known: named by a cluster before, or made for one that is there. */
export async function findSecurityGroups(
  core: Core,
  accountId: string,
  ids: readonly string[],
): Promise<SecurityGroup[]> {
  if (ids.length === 0) return [];
  const named = await core.db
    .select({ id: securityGroups.id, vpcId: securityGroups.vpcId })
    .from(securityGroups)
    .where(and(eq(securityGroups.accountId, accountId), inArray(securityGroups.id, [...ids])));
  const made = await core.db
    .select({ id: clusterResources.id, vpcId: sql<string>`${clusters.spec}->'network'->>'vpcId'` })
    .from(clusterResources)
    .innerJoin(clusters, eq(clusters.id, clusterResources.clusterId))
    .where(
      and(
        eq(clusters.accountId, accountId),
        eq(clusterResources.kind, "security-group"),
        eq(clusterResources.existing, false),
        inArray(clusterResources.id, [...ids]),
      ),
    );
  return [...named, ...made];
}
