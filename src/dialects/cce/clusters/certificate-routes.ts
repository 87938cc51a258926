import type { FastifyReply, FastifyRequest } from "fastify";
import type { AdminAccess } from "../../../cluster-access.ts";
import { checkedBody, taking } from "../../common/checked-body.ts";
import { type CceRoutes, type ClusterParams, requireCluster, requireUsable } from "../context.ts";
import { routeOf } from "../operations.ts";
import { certificateBody, lifetimeOf } from "./certificate-body.ts";

const tags = ["CCE clusters"];

/** The operations that give access to a cluster. */
export const certificateRoutes: CceRoutes = (app, context) => {
  const answer = async (
    request: FastifyRequest<{ Params: ClusterParams }>,
    reply: FastifyReply,
    minutes: () => number,
  ) => {
    const { name = "" } = request.routeOptions.config.operation ?? {};
    const cluster = requireUsable(await requireCluster(context, request), name);
    const access = await context.observer.adminAccess(cluster, { lifetimeMinutes: minutes() });
    return reply.header("Port-ID", new URL(access.endpoints.intranet).port).send(toClusterCert(access));
  };

  // What clients had before there was the other one; those of Open Telekom Cloud and Rancher still send it.
  app.route({
    ...routeOf("GetKubernetesClusterCert", { tags }),
    handler: (request, reply) => answer(request, reply, () => lifetimeOf({})),
  });

  app.route({
    ...routeOf("CreateKubernetesClusterCert", { body: certificateBody.schema, tags }),
    ...taking(certificateBody),
    handler: (request, reply) => answer(request, reply, () => lifetimeOf(checkedBody(request, certificateBody).body)),
  });
};

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
