import { count, eq } from "drizzle-orm";
import { clusters, nodes } from "../../storage/schema.ts";
import type { Core } from "../core.ts";

/** What an account has, and the most of it that the vendors let it have. Sampan itself sets no limit. */
export interface Quota {
  limit: number;
  used: number;
}

/** Clusters: what CCE is seen to allow. Nodes: that many clusters of its widest flavor, with 2000 nodes each. */
const limits = { clusters: 50, nodes: 100_000 } as const;

/** How many clusters and nodes an account has, whichever dialect and project they were made in. */
export async function accountQuotas(
  core: Core,
  accountId: string,
): Promise<Readonly<Record<keyof typeof limits, Quota>>> {
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
