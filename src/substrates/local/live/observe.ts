import { type ApiClient, createApiClient } from "../../../kubernetes/client.ts";
import type { ClusterRecord, ObservedNode } from "../../substrate.ts";
import { ownAccess, requireSecrets } from "../certificates/secrets.ts";
import type { LocalContext } from "../context.ts";
import { requireSite } from "../site/site.ts";
import { liveCluster } from "./live-cluster.ts";

interface NodeList {
  items: { metadata: { name: string }; status?: { conditions?: { type: string; status: string }[] } }[];
}

/** Two requests at a time are enough for a look; a client is kept for each cluster. */
const connectionsAtOnce = 2;

/** Lists the workers as the API server shows them. Rejects where it does not answer in time. */
export async function observeNodes(context: LocalContext, cluster: ClusterRecord): Promise<ObservedNode[]> {
  const client = await lookClient(context, cluster);
  const { items } = await client.request<NodeList>("GET", "/api/v1/nodes", {
    // What the API server has in memory is fresh enough, and asks nothing of etcd.
    query: { resourceVersion: "0" },
    timeoutMs: context.timing.observeDeadline,
  });
  return items.map(({ metadata, status }) => ({
    name: metadata.name,
    ready: status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false,
  }));
}

/** A client for looks at a cluster, which is kept until the cluster is closed. */
export async function lookClient(context: LocalContext, cluster: ClusterRecord): Promise<ApiClient> {
  const site = requireSite(context.home, cluster);
  return liveCluster(context, site.id).client.get(async () => {
    const access = await ownAccess(site, await requireSecrets(cluster.secrets));
    return createApiClient(access, { connections: connectionsAtOnce });
  });
}
