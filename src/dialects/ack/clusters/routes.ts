import type { FastifyRequest } from "fastify";
import { changeCluster } from "../../../core/clusters/change.ts";
import { isUsable, type NodePoolSpec } from "../../../core/clusters/cluster.ts";
import { type ClusterFilter, listClusters, type SizedCluster } from "../../../core/clusters/clusters.ts";
import { DeletionProtectedError, removeCluster } from "../../../core/clusters/remove.ts";
import { listEvents } from "../../../core/events/events.ts";
import { listNodePools } from "../../../core/nodes/nodes.ts";
import { checkedBody, taking } from "../../common/checked-body.ts";
import { inTurns } from "../../common/in-turns.ts";
import { page } from "../../common/page.ts";
import { type AckContext, type AckRoutes, type ClusterParams, requireCluster } from "../context.ts";
import { ackError } from "../errors.ts";
import { invalidParameters } from "../invalid-parameters.ts";
import { routeOf } from "../operations.ts";
import { kubeconfigQuery, listClustersOldQuery, listClustersQuery } from "../schemas.ts";
import { toAckLog } from "../tasks/to-wire.ts";
import { modifyClusterBody } from "./change/body.ts";
import { toAckChange } from "./change/to-core.ts";
import { fromAckClusterId, fromAckClusterType, toAckCluster, toAckState } from "./to-wire.ts";

/** The operations on clusters themselves. */
export const clusterRoutes: AckRoutes = (app, context) => {
  const { core, observer } = context;

  app.route({
    ...routeOf("DescribeClusterDetail", { tags: ["ACK clusters"] }),
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      const [described] = await describe(context, [cluster], await mastersOf(context, cluster));
      return described;
    },
  });

  app.route({
    ...routeOf("DescribeClustersV1", { querystring: listClustersQuery, tags: ["ACK clusters"] }),
    handler: async ({ query, caller }) => {
      const { page_number, page_size, offset, limit } = page(query.page_number, query.page_size, 10);
      const filter = { ...filterOf(query), region: query.region_id, offset, limit };
      const { clusters, total } = await listClusters(core, caller.accountId, filter);
      return { clusters: await describe(context, clusters), page_info: { page_number, page_size, total_count: total } };
    },
  });

  app.route({
    ...routeOf("DescribeClusters", { querystring: listClustersOldQuery, tags: ["ACK clusters"] }),
    handler: async ({ query, caller }) => {
      const filter = filterOf({ ...query, cluster_type: query.clusterType });
      const wanted = { ...filter, resourceGroupId: query.resource_group_id };
      return describe(context, (await listClusters(core, caller.accountId, wanted)).clusters);
    },
  });

  app.route({
    ...routeOf("ModifyCluster", { body: modifyClusterBody.schema, tags: ["ACK clusters"] }),
    ...taking(modifyClusterBody),
    handler: async (request) => modify(context, request),
  });

  app.route({
    ...routeOf("DeleteCluster", { tags: ["ACK clusters"] }),
    handler: async (request) => {
      const { ClusterId: clusterId } = request.params;
      const cluster = await requireCluster(context, request);
      const taskId = await removeCluster(core, cluster).catch((error: unknown) => {
        throw error instanceof DeletionProtectedError ? ackError("ErrorDeletionProtection", { clusterId }) : error;
      });
      if (taskId === undefined) throw ackError("ErrorClusterNotFound", { clusterId });
      return { cluster_id: clusterId, task_id: taskId, request_id: request.id };
    },
  });

  app.route({
    ...routeOf("DescribeClusterLogs", { tags: ["ACK clusters"] }),
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      // As the vendor's, the newest first: clients read the first line for how the cluster is.
      return (await listEvents(core, cluster.id)).toReversed().map(toAckLog);
    },
  });

  app.route({
    ...routeOf("DescribeClusterUserKubeconfig", { querystring: kubeconfigQuery, tags: ["ACK clusters"] }),
    handler: async (request) => {
      const { ClusterId: clusterId } = request.params;
      const cluster = await requireCluster(context, request);
      if (!isUsable(cluster))
        throw ackError("ErrorClusterState", {
          clusterId,
          state: toAckState(cluster.state),
          operation: "DescribeClusterUserKubeconfig",
          wayOut: "Only a running cluster has a kubeconfig.",
        });
      const { config, expiration } = await observer.kubeconfig(cluster, {
        lifetimeMinutes: lifetime(request.query.TemporaryDurationMinutes),
        endpoint: request.query.PrivateIpAddress ? "intranet" : "public",
      });
      return { config, expiration: expiration.toISOString() };
    },
  });
};

/** @param masters of the cluster, where there is one alone */
const describe = ({ observer }: AckContext, clusters: readonly SizedCluster[], masters?: NodePoolSpec) =>
  inTurns(clusters, (cluster) => {
    const { size, loadBalancerId, securityGroupId } = cluster;
    return toAckCluster(cluster, { size, loadBalancerId, securityGroupId, masters, ...observer.describe(cluster) });
  });

/** Only a dedicated cluster has masters of its user's. */
async function mastersOf({ core }: AckContext, { id, spec }: SizedCluster): Promise<NodePoolSpec | undefined> {
  if (spec.kind !== "dedicated") return undefined;
  const pools = await listNodePools(core, id);
  return pools.map((pool) => pool.spec).find(({ role }) => role === "control-plane");
}

/** Names match in part, ids as a whole; an id that is none of ACK's finds nothing. */
function filterOf(query: { cluster_id?: string; name?: string; cluster_type?: string }): ClusterFilter {
  return {
    ids: query.cluster_id ? [fromAckClusterId(query.cluster_id) ?? "none"] : undefined,
    namePart: query.name,
    kind: query.cluster_type ? (fromAckClusterType(query.cluster_type) ?? "none") : undefined,
  };
}

async function modify(context: AckContext, request: FastifyRequest<{ Params: ClusterParams }>) {
  const { ClusterId: clusterId } = request.params;
  const cluster = await requireCluster(context, request);
  const { given } = checkedBody(request, modifyClusterBody, { subject: cluster });
  const taskId = await changeCluster(context.core, cluster, toAckChange(given));
  if (taskId === undefined) throw ackError("ErrorClusterNotFound", { clusterId });
  return { cluster_id: clusterId, task_id: taskId, request_id: request.id };
}

/** Bounds of a temporary kubeconfig's lifetime in minutes, as documented. */
const shortestLifetime = 15;
const longestLifetime = 4320;

function lifetime(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const minutes = Number(text);
  if (minutes >= shortestLifetime && minutes <= longestLifetime) return minutes;
  throw invalidParameters([
    {
      parameter: "TemporaryDurationMinutes",
      value: minutes,
      rule: `must be from ${shortestLifetime} to ${longestLifetime}`,
    },
  ]);
}
