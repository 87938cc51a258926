import type { FastifyReply, FastifyRequest } from "fastify";
import type { Static } from "typebox";
import type { AdminAccess } from "../../../cluster-access.ts";
import { type CceRoutes, type ClusterParams, dropNulls, requireCluster, requireUsable } from "../context.ts";
import { routeOf } from "../operations.ts";
import { certificateBody, clusterParams } from "../schemas.ts";
import { cceVocabulary } from "../vocabulary.ts";

const tags = ["CCE clusters"];

const minutesOfDay = 24 * 60;
/** Days: what `-1` gives, as the vendor has it (five years), and the most that older pages allow (thirty). */
const usualDays = 1827;
const mostDays = 10950;

/** The operations that give access to a cluster. */
export const certificateRoutes: CceRoutes = (app, context) => {
  const answer = async (request: FastifyRequest<{ Params: ClusterParams }>, reply: FastifyReply, minutes: number) => {
    const { name = "" } = request.routeOptions.config.operation ?? {};
    const cluster = requireUsable(await requireCluster(context, request), name);
    const access = await context.observer.adminAccess(cluster, { lifetimeMinutes: minutes });
    return reply.header("Port-ID", new URL(access.endpoints.intranet).port).send(toClusterCert(access));
  };

  // What clients had before there was the other one; those of Open Telekom Cloud and Rancher still send it.
  app.route<{ Params: ClusterParams }>({
    ...routeOf("GetKubernetesClusterCert"),
    schema: { params: clusterParams, tags },
    handler: (request, reply) => answer(request, reply, lifetime({})),
  });

  app.route<{ Params: ClusterParams; Body: Static<typeof certificateBody> }>({
    ...routeOf("CreateKubernetesClusterCert"),
    schema: { params: clusterParams, body: certificateBody, tags },
    preValidation: dropNulls,
    handler: (request, reply) => answer(request, reply, lifetime(request.body)),
  });
};

/** Minutes that the certificate is good for. A client that says nothing gets the longest, as with -1. */
function lifetime({ duration, expire_at: end }: Static<typeof certificateBody>): number {
  if (end) return minutesUntil(end);
  if (duration === undefined || duration === -1) return usualDays * minutesOfDay;
  if (duration >= 1 && duration <= mostDays) return duration * minutesOfDay;
  throw cceVocabulary.invalidParameters([
    { parameter: "duration", value: duration, rule: `must be from 1 to ${mostDays} days, or -1 for the longest` },
  ]);
}

function minutesUntil(end: string): number {
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(end);
  const minutes = isMoment ? Math.floor((Date.parse(end) - Date.now()) / 60_000) : Number.NaN;
  if (minutes >= 1 && minutes <= mostDays * minutesOfDay) return minutes;
  throw cceVocabulary.invalidParameters([
    {
      parameter: "expire_at",
      value: end,
      rule: `must be a moment as RFC 3339 writes it, one minute to ${mostDays} days from now`,
      wayOut: "e.g. 2030-01-01T00:00:00Z",
    },
  ]);
}

/**
 * A kubeconfig in Huawei Cloud's form. Clients look clusters and contexts up by these names; a cluster without a public
 * address has the inner ones alone.
 */
export function toClusterCert({ endpoints, ca, cert, key }: AdminAccess) {
  const authority = { "certificate-authority-data": base64(ca) };
  const servers = [
    { context: "internal", name: "internalCluster", cluster: { server: endpoints.intranet, ...authority } },
    ...(endpoints.public
      ? [
          {
            context: "external",
            name: "externalCluster",
            cluster: { server: endpoints.public, "insecure-skip-tls-verify": true },
          },
          {
            context: "externalTLSVerify",
            name: "externalClusterTLSVerify",
            cluster: { server: endpoints.public, ...authority },
          },
        ]
      : []),
  ];
  return {
    kind: "Config",
    apiVersion: "v1",
    preferences: {},
    clusters: servers.map(({ name, cluster }) => ({ name, cluster })),
    users: [{ name: "user", user: { "client-certificate-data": base64(cert), "client-key-data": base64(key) } }],
    contexts: servers.map(({ name, context }) => ({ name: context, context: { cluster: name, user: "user" } })),
    "current-context": endpoints.public ? "external" : "internal",
  };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
