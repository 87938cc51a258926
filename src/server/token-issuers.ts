import type { FastifyInstance } from "fastify";
import { getCluster } from "../core/clusters/clusters.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";

/** Path of a cluster's token issuer, under the service's own address. */
export const issuerPath = (clusterId: string): string => `/oidc/${clusterId}`;

/**
 * Publishes the keys of clusters' service-account tokens, so that others (a cloud's token service) can verify a token
 * without asking the cluster: OpenID Connect Discovery 1.0. The documents are for everybody, as they hold public keys
 * only; a cluster that did not ask for it has none.
 */
export function tokenIssuers(
  app: FastifyInstance,
  { core, observer }: { core: Core; observer: ClusterObserver },
): void {
  const find = async (id: string) => {
    const cluster = await getCluster(core, id);
    return cluster?.spec.apiServer.rrsa && { cluster, issuer: cluster.spec.apiServer.rrsa.issuer };
  };
  const notFound = { error: "not_found", error_description: "No cluster of that id publishes its token keys." };

  app.get<{ Params: { id: string } }>(
    "/oidc/:id/.well-known/openid-configuration",
    { schema: { tags: ["service"], summary: "Discovery document of a cluster's token issuer" } },
    async ({ params }, reply) => {
      const found = await find(params.id);
      if (!found) return reply.code(404).send(notFound);
      const keys = `${found.issuer}/keys`;
      return {
        issuer: found.issuer,
        jwks_uri: keys,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: await algorithms(observer, found.cluster),
      };
    },
  );

  app.get<{ Params: { id: string } }>(
    "/oidc/:id/keys",
    { schema: { tags: ["service"], summary: "Keys of a cluster's service-account tokens" } },
    async ({ params }, reply) => {
      const found = await find(params.id);
      return found ? observer.serviceAccountKeys(found.cluster) : reply.code(404).send(notFound);
    },
  );
}

async function algorithms(observer: ClusterObserver, cluster: Parameters<ClusterObserver["describe"]>[0]) {
  const { keys } = await observer.serviceAccountKeys(cluster);
  return [...new Set(keys.flatMap(({ alg }) => alg ?? []))];
}
