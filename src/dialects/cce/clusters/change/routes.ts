import type { FastifyRequest } from "fastify";
import { type ClusterChange, changeCluster } from "../../../../core/clusters/change.ts";
import type { Cluster } from "../../../../core/clusters/cluster.ts";
import { findCluster, type SizedCluster } from "../../../../core/clusters/clusters.ts";
import { checkedBody, taking } from "../../../common/checked-body.ts";
import { type CceContext, type CceRoutes, notFound, requireCluster, requireUsable } from "../../context.ts";
import { toUuid } from "../../ids.ts";
import { routeOf } from "../../operations.ts";
import { toCceError } from "../create/route.ts";
import { describeClusters } from "../describe.ts";
import { updateClusterBody } from "./body.ts";
import { eipBody } from "./eip-body.ts";
import { concernsProtectionAlone, toClusterChange } from "./to-core.ts";

const tags = ["CCE clusters"];

/** What of a cluster's own public address is shown; the real one has a bandwidth. */
const bandwidth = { size: 5, sharetype: "PER" };

/** The operations that change a cluster, or show what of it can be changed by an operation of its own. */
export const updateClusterRoutes: CceRoutes = (app, context) => {
  app.route({
    ...routeOf("UpdateCluster", { body: updateClusterBody.schema, tags }),
    ...taking(updateClusterBody),
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      const changed = await change(context, cluster, (current) => checkedChange(current, request));
      const [described] = await describeClusters(context, [changed]);
      return described;
    },
  });

  app.route({
    ...routeOf("ShowClusterEndpoints", { tags }),
    handler: async (request) => toEndpoints(context, await requireCluster(context, request), {}),
  });

  app.route({
    ...routeOf("UpdateClusterEip", { body: eipBody.schema, tags }),
    ...taking(eipBody),
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      const { action, spec } = checkedBody(request, eipBody).body.spec;
      const bound = action === "bind";
      const eipId = bound ? (spec?.id ?? null) : null;
      const wish = { spec: { apiServer: { publicEndpoint: bound }, cloud: { eipId } } };
      const changed = await change(context, cluster, (current) => {
        requireUsable(current, "UpdateClusterEip");
        return wish;
      });
      return toEndpoints(context, changed, { action });
    },
  });
};

/** @throws {ApiError} where the cluster is in no state for the update, or the update breaks a rule */
function checkedChange(cluster: Cluster, request: FastifyRequest): ClusterChange {
  const { given } = checkedBody(request, updateClusterBody, { subject: cluster });
  const wish = toClusterChange(cluster, given);
  if (cluster.state === "removing" || !concernsProtectionAlone(wish)) requireUsable(cluster, "UpdateCluster");
  return wish;
}

/** @param wish is given the cluster as it is when it is changed */
async function change(
  context: CceContext,
  cluster: SizedCluster,
  wish: (current: Cluster) => ClusterChange,
): Promise<SizedCluster> {
  const { core, settings } = context;
  const taskId = await changeCluster(core, cluster, wish, settings.inventory).catch((error: unknown) => {
    throw toCceError(error);
  });
  const changed = taskId && (await findCluster(core, cluster.accountId, cluster.id));
  if (!changed) throw notFound("cluster", toUuid(cluster.id));
  return changed;
}

/** How the API server is reached. `publicEndpoint` is there once a public address is. */
function toEndpoints({ observer }: CceContext, cluster: SizedCluster, { action }: { action?: string }) {
  const { endpoints } = observer.describe(cluster);
  const { eipId } = cluster.spec.cloud;
  return {
    metadata: {},
    spec: {
      ...(action && { action }),
      ...(eipId && { spec: { id: eipId, eip: { bandwidth }, IsDynamic: false } }),
      ...(endpoints?.public && { elasticIp: new URL(endpoints.public).hostname }),
    },
    status: {
      ...(endpoints && { privateEndpoint: endpoints.intranet }),
      ...(endpoints?.public && { publicEndpoint: endpoints.public }),
    },
  };
}
