import type { FastifyRequest } from "fastify";
import Type from "typebox";
import type { SizedCluster } from "../../../core/clusters/clusters.ts";
import { listNodePools, listNodes } from "../../../core/nodes/nodes.ts";
import { scalingGroups } from "../../../core/resources/resources.ts";
import { type AckContext, type AckRoutes, requireCluster } from "../context.ts";
import { ackError } from "../errors.ts";
import { nodeReadiness } from "../nodes/readiness.ts";
import { routeOf } from "../operations.ts";
import { type NodePoolFacts, toAckNodePool } from "./to-wire.ts";

const nodePoolsQuery = Type.Object({
  NodepoolName: Type.Optional(Type.String({ description: "Only the node pools of this name." })),
});

/** The operations on node pools. */
export const nodePoolRoutes: AckRoutes = (app, context) => {
  app.route({
    ...routeOf("DescribeClusterNodePools", { querystring: nodePoolsQuery, tags: ["ACK node pools"] }),
    handler: async (request) => {
      const { NodepoolName: name } = request.query;
      const cluster = await requireCluster(context, request);
      const pools = await describedPools(context, request, cluster);
      return { nodepools: pools.filter(({ pool }) => !name || pool.name === name).map(toAckNodePool) };
    },
  });

  app.route({
    ...routeOf("DescribeClusterNodePoolDetail", { tags: ["ACK node pools"] }),
    handler: async (request) => {
      const { ClusterId: clusterId, NodepoolId: nodepoolId } = request.params;
      const cluster = await requireCluster(context, request);
      const pools = await describedPools(context, request, cluster);
      const found = pools.find(({ pool }) => pool.id === nodepoolId);
      if (!found) throw ackError("ErrorNodePoolNotFound", { nodepoolId, clusterId });
      return toAckNodePool(found);
    },
  });
};

/** The pools of a cluster's workers with what their descriptions need; its control plane is no node pool of the user's. */
async function describedPools(
  context: AckContext,
  request: FastifyRequest,
  cluster: SizedCluster,
): Promise<NodePoolFacts[]> {
  const { core } = context;
  const pools = (await listNodePools(core, cluster.id)).filter(({ spec }) => spec.role === "worker");
  const nodes = await listNodes(core, cluster.id);
  const groups = await scalingGroups(core, cluster.id);
  const readiness = await nodeReadiness(context, request, cluster);
  return pools.map((pool) => ({
    cluster,
    pool,
    nodes: nodes.filter(({ nodePoolId }) => nodePoolId === pool.id),
    readiness,
    scalingGroupId: groups.get(pool.id),
    securityGroupId: cluster.securityGroupId,
  }));
}
