import { count, eq } from "drizzle-orm";
import { clusters, nodes } from "../../storage/schema.ts";
import type { QuotaName } from "../clouds/cloud.ts";
import { cloudOf } from "../clouds/index.ts";
import type { Core } from "../core.ts";
import type { DialectName } from "./cluster.ts";

/** What an account has, and the most of it that a cloud lets it have. Sampan itself sets no limit. */
export interface Quota {
  limit: number;
  used: number;
}

/** How many clusters and nodes an account has, in whichever dialect and project they were made, by a cloud's limits. */
export async function accountQuotas(
  core: Core,
  accountId: string,
  dialect: DialectName,
): Promise<Readonly<Record<QuotaName, Quota>>> {
  const limits = cloudOf(dialect).quotas;
  const own = eq(clusters.accountId, accountId);
  const [ofClusters] = await core.db.select({ used: count() }).from(clusters).where(own);
  const [ofNodes] = await core.db
    .select({ used: count() })
    .from(nodes)
    .innerJoin(clusters, eq(clusters.id, nodes.clusterId))
    .where(own);
  return {
    clusters: { limit: limits.clusters, used: ofClusters?.used ?? 0 },
    nodes: { limit: limits.nodes, used: ofNodes?.used ?? 0 },
  };
}
