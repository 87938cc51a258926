import type { Static } from "typebox";
import { type ClusterNode, listNodePools, listNodes } from "../../../core/nodes/nodes.ts";
import { page } from "../../common/page.ts";
import { type AckRoutes, requireCluster } from "../context.ts";
import { routeOf } from "../operations.ts";
import { listNodesQuery } from "../schemas.ts";
import { nodeReadiness } from "./readiness.ts";
import { toAckNode } from "./to-wire.ts";

type NodesQuery = Static<typeof listNodesQuery>;

/** The operations on nodes. */
export const nodeRoutes: AckRoutes = (app, context) => {
  const { core } = context;

  app.route({
    ...routeOf("DescribeClusterNodes", { querystring: listNodesQuery, tags: ["ACK nodes"] }),
    handler: async (request) => {
      const { query } = request;
      const cluster = await requireCluster(context, request);
      const pools = new Map((await listNodePools(core, cluster.id)).map((pool) => [pool.id, pool]));
      const readiness = await nodeReadiness(context, request, cluster);
      const found = (await listNodes(core, cluster.id))
        .filter((node) => isWanted(node, query))
        .map((node) => toAckNode(cluster, node, pools.get(node.nodePoolId), readiness.get(node.name)))
        .filter(({ state }) => !query.state || query.state === "all" || query.state === state);
      const { page_number, page_size, offset, limit } = page(query.pageNumber, query.pageSize, 10);
      return {
        nodes: found.slice(offset, offset + limit),
        page: { page_number, page_size, total_count: found.length },
      };
    },
  });
};

/** Lists are separated by commas; an empty one does not restrict. */
function isWanted(node: ClusterNode, query: NodesQuery): boolean {
  const admits = (list: string | undefined, value: string) => !list || list.split(",").includes(value);
  return (
    admits(query.nodepool_id, node.nodePoolId) &&
    admits(query.instanceIds, node.instanceId) &&
    admits(query.nodeNames, node.name) &&
    admits(query.nodeIps, node.address)
  );
}
