import Type from "typebox";
import { listResources } from "../../../core/resources/resources.ts";
import { inTurns } from "../../common/in-turns.ts";
import { type AckRoutes, requireCluster } from "../context.ts";
import { routeOf } from "../operations.ts";
import { toAckResource } from "./to-wire.ts";

const resourcesQuery = Type.Object({
  with_addon_resources: Type.Optional(Type.Boolean({ description: "Whether what add-ons brought is listed too." })),
});

/** The operation on a cluster's cloud resources. */
export const resourceRoutes: AckRoutes = (app, context) => {
  app.route({
    ...routeOf("DescribeClusterResources", { querystring: resourcesQuery, tags: ["ACK clusters"] }),
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      const withAddons = request.query.with_addon_resources ?? false;
      const resources = await listResources(context.core, cluster.id);
      const wanted = resources.filter(({ creator }) => withAddons || creator !== "addon");
      return inTurns(wanted, (resource) => toAckResource(cluster, resource));
    },
  });
};
