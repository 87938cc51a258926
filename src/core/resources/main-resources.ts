import { and, asc, eq, isNull, ne, sql } from "drizzle-orm";
import { clusterResources, clusters } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import type { ClusterResource } from "./resource.ts";

/** Resources that the description of a cluster itself names; null where the cluster has none yet. */
export interface MainResources {
  /** The API server's. */
  loadBalancerId: string | null;
  /** The nodes', whether it was made for them or named. */
  securityGroupId: string | null;
}

/** The main resources as columns of a query of clusters: clients ask again and again for what needs both. */
export const mainResourceColumns = (core: Pick<Core, "db">) => ({
  loadBalancerId: firstOfKind(core, "load-balancer"),
  securityGroupId: firstOfKind(core, "security-group"),
});

/** Neither an add-on's nor a node pool's. */
function firstOfKind({ db }: Pick<Core, "db">, kind: ClusterResource["kind"]) {
  const ids = db
    .select({ id: clusterResources.id })
    .from(clusterResources)
    .where(
      and(
        eq(clusterResources.clusterId, clusters.id),
        eq(clusterResources.kind, kind),
        ne(clusterResources.creator, "addon"),
        isNull(clusterResources.nodePoolId),
      ),
    )
    .orderBy(asc(clusterResources.ordinal))
    .limit(1);
  return sql<string | null>`${ids}`;
}

/** The main resources of one cluster; undefined where there is no such cluster. */
export async function mainResources(core: Core, clusterId: string): Promise<MainResources | undefined> {
  const [row] = await core.db.select(mainResourceColumns(core)).from(clusters).where(eq(clusters.id, clusterId));
  return row;
}
