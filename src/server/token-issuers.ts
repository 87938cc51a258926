import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { getCluster } from "../core/clusters/clusters.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import { isClusterId } from "../core/ids.ts";

/** Path of a cluster's token issuer, under the service's own address. */
export const issuerPath = (clusterId: string): string => `/oidc/${clusterId}`;

/** What is published of one cluster. */
interface Issuer {
  /** `iss` of the cluster's tokens. */
  issuer: string;
  keys: readonly Readonly<Record<string, string>>[];
}

/** When the keys of a cluster that is being made may be asked for again, in seconds. */
const retryAfter = 5;

/**
 * Publishes the keys of clusters' service-account tokens, so that others (a cloud's token service) can verify a token
 * without asking the cluster: OpenID Connect Discovery 1.0. The documents are for everybody, as they hold public keys
 * only; a cluster that did not ask for it has none.
 */
export function tokenIssuers(
  app: FastifyInstance,
  { core, observer }: { core: Core; observer: ClusterObserver },
): void {
  /** Answers with a document of the issuer, or with why there is none. */
  const publish =
    (document: (issuer: Issuer) => object) =>
    async ({ params }: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
      const cluster = isClusterId(params.id) ? await getCluster(core, params.id) : undefined;
      const issuer = cluster?.spec.apiServer.rrsa?.issuer;
      if (!cluster || issuer === undefined)
        return reply
          .code(404)
          .send({ error: "not_found", error_description: "No cluster of that id publishes its token keys." });
      const published = await observer.serviceAccountKeys(cluster);
      if (published) return document({ issuer, keys: published.keys });
      return reply.code(503).header("retry-after", retryAfter).send({
        error: "temporarily_unavailable",
        error_description: "The cluster is being made, or its creation failed: it has no token keys yet.",
      });
    };

  app.get(
    "/oidc/:id/.well-known/openid-configuration",
    { schema: { tags: ["service"], summary: "Discovery document of a cluster's token issuer" } },
    publish(({ issuer, keys }) => ({
      issuer,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [...new Set(keys.flatMap(({ alg }) => alg ?? []))],
    })),
  );

  app.get(
    "/oidc/:id/keys",
    { schema: { tags: ["service"], summary: "Keys of a cluster's service-account tokens" } },
    publish(({ keys }) => ({ keys })),
  );
}
