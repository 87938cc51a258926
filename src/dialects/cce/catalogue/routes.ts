import { accountQuotas } from "../../../core/clusters/quotas.ts";
import { knownVersions, upgradesOf } from "../../../core/versions/catalogue.ts";
import { addressOf } from "../../huawei/address.ts";
import { type CceRoutes, requireProject } from "../context.ts";
import { routeOf } from "../operations.ts";
import { flavorsQuery } from "../schemas.ts";
import { toFlavorSpecifications } from "./flavors.ts";

const tags = ["CCE catalogue"];

/** What there is to choose from: versions, flavors, quotas. */
export const catalogueRoutes: CceRoutes = (app, context) => {
  app.route({
    ...routeOf("ShowQuotas", { tags }),
    handler: async (request) => {
      const { accountId } = await requireProject(context, request);
      const { clusters, nodes } = await accountQuotas(context.core, accountId, "cce");
      return {
        quotas: [
          { quotaKey: "cluster", quotaLimit: clusters.limit, used: clusters.used, unit: "count" },
          { quotaKey: "node", quotaLimit: nodes.limit, used: nodes.used, unit: "count" },
        ],
      };
    },
  });

  app.route({
    ...routeOf("ListClusterFlavors", { querystring: flavorsQuery, tags }),
    handler: async ({ query }) => toFlavorSpecifications(query.clusterType),
  });

  app.route({
    ...routeOf("ListClusterUpgradePaths", { tags }),
    handler: async () => ({
      kind: "ClusterUpgradePaths",
      apiVersion: "v3",
      metadata: {},
      upgradePaths: knownVersions("cce").map((version) => ({ version, targetVersions: upgradesOf("cce", version) })),
    }),
  });

  app.route({
    ...routeOf("ShowVersion", { tags }),
    handler: async (request) => ({
      versions: [
        {
          id: "v3",
          links: [{ href: `${addressOf(request, context.settings)}/api/v3`, rel: "self" }],
          version: "",
          status: "CURRENT",
          updated: "2018-09-15 00:00:00Z",
          min_version: "",
        },
      ],
    }),
  });
};
