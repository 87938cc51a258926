import type { FastifyRequest } from "fastify";
import type { Static } from "typebox";
import type { Cluster } from "../../core/clusters/cluster.ts";
import { type ClusterFilter, listClusters, type SizedCluster } from "../../core/clusters/clusters.ts";
import { createCluster } from "../../core/clusters/create-cluster.ts";
import { DeletionProtectedError, deleteCluster } from "../../core/clusters/delete-cluster.ts";
import { modifyCluster } from "../../core/clusters/modify-cluster.ts";
import { listEvents } from "../../core/events/events.ts";
import { NoRoomError } from "../../core/inventory/no-room.ts";
import { type AckContext, type AckRoutes, page, requireCluster, routeOf } from "./context.ts";
import { toNewCluster } from "./create-cluster-request.ts";
import { checkCreateCluster } from "./create-cluster-rules.ts";
import { ackError } from "./errors.ts";
import {
  type CreateClusterBody,
  clusterParams,
  createClusterBody,
  kubeconfigQuery,
  listClustersOldQuery,
  listClustersQuery,
  modifyClusterBody,
} from "./schemas.ts";
import { fromAckClusterId, toAckCluster, toAckClusterId, toAckState } from "./translate-cluster.ts";
import { toAckLog } from "./translate-task.ts";
import { invalidParameters } from "./violations.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it was sent: validation turns texts into numbers and booleans in place. */
    sentBody: Record<string, unknown>;
  }
}

type ClusterParams = { Params: Static<typeof clusterParams> };

/** The operations on clusters themselves. */
export const clusterRoutes: AckRoutes = (app, context) => {
  const { core, observer } = context;
  app.decorateRequest("sentBody");

  app.route<{ Body: CreateClusterBody }>({
    ...routeOf("CreateCluster"),
    schema: { body: createClusterBody, tags: ["ACK clusters"] },
    preValidation: keepSentBody,
    handler: async (request) => {
      const [first, ...others] = checkCreateCluster(request.body);
      if (first) throw invalidParameters([first, ...others]);
      const wanted = toNewCluster(request.caller.accountId, request.body, request.sentBody);
      const { clusterId, taskId } = await createCluster(core, wanted).catch((error: unknown) => {
        throw error instanceof NoRoomError ? ackError("InvalidParameter", { reason: error.message }) : error;
      });
      return { cluster_id: toAckClusterId(clusterId), task_id: taskId, request_id: request.id };
    },
  });

  app.route<ClusterParams>({
    ...routeOf("DescribeClusterDetail"),
    schema: { params: clusterParams, tags: ["ACK clusters"] },
    handler: async (request) => describe(context, await requireCluster(context, request, request.params.ClusterId)),
  });

  app.route<{ Querystring: Static<typeof listClustersQuery> }>({
    ...routeOf("DescribeClustersV1"),
    schema: { querystring: listClustersQuery, tags: ["ACK clusters"] },
    handler: async ({ query, caller }) => {
      const { page_number, page_size, offset, limit } = page(query.page_number, query.page_size, 10);
      const filter = { ...filterOf(query), region: query.region_id, offset, limit };
      const { clusters, total } = await listClusters(core, caller.accountId, filter);
      const described = clusters.map((cluster) => describe(context, cluster));
      return { clusters: described, page_info: { page_number, page_size, total_count: total } };
    },
  });

  app.route<{ Querystring: Static<typeof listClustersOldQuery> }>({
    ...routeOf("DescribeClusters"),
    schema: { querystring: listClustersOldQuery, tags: ["ACK clusters"] },
    handler: async ({ query, caller }) => {
      const { clusters } = await listClusters(
        core,
        caller.accountId,
        filterOf({ ...query, cluster_type: query.clusterType }),
      );
      const wanted = clusters.filter((cluster) => inResourceGroup(cluster, query.resource_group_id));
      return wanted.map((cluster) => describe(context, cluster));
    },
  });

  app.route<ClusterParams & { Body: Static<typeof modifyClusterBody> }>({
    ...routeOf("ModifyCluster"),
    schema: { params: clusterParams, body: modifyClusterBody, tags: ["ACK clusters"] },
    handler: async (request) => modify(context, request),
  });

  app.route<ClusterParams>({
    ...routeOf("DeleteCluster"),
    schema: { params: clusterParams, tags: ["ACK clusters"] },
    handler: async (request) => {
      const { ClusterId: clusterId } = request.params;
      const cluster = await requireCluster(context, request, clusterId);
      const taskId = await deleteCluster(core, cluster).catch((error: unknown) => {
        throw error instanceof DeletionProtectedError ? ackError("ErrorDeletionProtection", { clusterId }) : error;
      });
      if (taskId === undefined) throw ackError("ErrorClusterNotFound", { clusterId });
      return { cluster_id: clusterId, task_id: taskId, request_id: request.id };
    },
  });

  app.route<ClusterParams>({
    ...routeOf("DescribeClusterLogs"),
    schema: { params: clusterParams, tags: ["ACK clusters"] },
    handler: async (request) => {
      const cluster = await requireCluster(context, request, request.params.ClusterId);
      return (await listEvents(core, cluster.id)).map(toAckLog);
    },
  });

  app.route<ClusterParams & { Querystring: Static<typeof kubeconfigQuery> }>({
    ...routeOf("DescribeClusterUserKubeconfig"),
    schema: { params: clusterParams, querystring: kubeconfigQuery, tags: ["ACK clusters"] },
    handler: async (request) => {
      const { ClusterId: clusterId } = request.params;
      const cluster = await requireCluster(context, request, clusterId);
      if (cluster.state !== "running" && cluster.state !== "updating")
        throw ackError("ErrorClusterState", {
          clusterId,
          state: toAckState(cluster.state),
          operation: "DescribeClusterUserKubeconfig",
          wayOut: "Only a running cluster has a kubeconfig.",
        });
      const { config, expiration } = await observer.kubeconfig(
        cluster,
        lifetime(request.query.TemporaryDurationMinutes),
      );
      return { config, expiration: expiration.toISOString() };
    },
  });
};

/** `null` means "not set", as in the requests of an old client that sends every field. */
async function keepSentBody(request: FastifyRequest): Promise<void> {
  const sent = request.body as Record<string, unknown>;
  request.sentBody = structuredClone(sent);
  request.body = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null));
}

function describe({ observer }: AckContext, cluster: SizedCluster) {
  return toAckCluster(cluster, { size: cluster.size, ...observer.describe(cluster) });
}

/** Names match in part, ids as a whole; an id that is none of ACK's finds nothing. */
function filterOf(query: { cluster_id?: string; name?: string; cluster_type?: string }): ClusterFilter {
  return {
    ids: query.cluster_id ? [fromAckClusterId(query.cluster_id) ?? "none"] : undefined,
    namePart: query.name,
    kind: query.cluster_type
      ? query.cluster_type === "ManagedKubernetes"
        ? "managed"
        : query.cluster_type
      : undefined,
  };
}

const inResourceGroup = ({ request }: Cluster, id: string | undefined): boolean =>
  !id || request.resource_group_id === id;

/** Refuses what cannot be changed here, rather than to let a client believe that it was. */
async function modify(
  context: AckContext,
  request: FastifyRequest<ClusterParams & { Body: Static<typeof modifyClusterBody> }>,
) {
  const { ClusterId: clusterId } = request.params;
  const cluster = await requireCluster(context, request, clusterId);
  const unsupported = Object.keys(request.body).filter((field) => !Object.hasOwn(modifyClusterBody.properties, field));
  const [first, ...others] = unsupported.map((parameter) => ({
    parameter,
    rule: "cannot be changed here",
    wayOut: `ModifyCluster takes ${Object.keys(modifyClusterBody.properties).join(" and ")}`,
  }));
  if (first) throw invalidParameters([first, ...others]);
  const taskId = await modifyCluster(context.core, cluster, {
    name: request.body.cluster_name,
    deletionProtection: request.body.deletion_protection,
  });
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
