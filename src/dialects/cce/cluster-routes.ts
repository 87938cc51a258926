import type { Static } from "typebox";
import { findCluster, listClusters } from "../../core/clusters/clusters.ts";
import { DeletionProtectedError, deleteCluster } from "../../core/clusters/delete-cluster.ts";
import {
  type CceContext,
  type CceRoutes,
  type ClusterParams,
  notFound,
  type ProjectParams,
  requireCluster,
  requireProject,
} from "./context.ts";
import { toDeleteOptions } from "./delete-options.ts";
import { describeClusters } from "./describe-cluster.ts";
import { cceError } from "./errors.ts";
import { toJobId } from "./ids.ts";
import { routeOf } from "./operations.ts";
import { clusterParams, deleteQuery, listQuery, projectParams, showQuery } from "./schemas.ts";

const tags = ["CCE clusters"];

/** The operations on clusters themselves, but for those that make and change them. */
export const clusterRoutes: CceRoutes = (app, context) => {
  const { core } = context;

  app.route<{ Params: ProjectParams; Querystring: Static<typeof listQuery> }>({
    ...routeOf("ListClusters"),
    schema: { params: projectParams, querystring: listQuery, tags },
    handler: async (request) => {
      const { accountId, id: projectId } = await requireProject(context, request);
      const { clusters } = await listClusters(core, accountId, { projectId });
      const items = await describeClusters(context, clusters, request.query);
      return { kind: "Cluster", apiVersion: "v3", items: items.filter((item) => passes(item, request.query)) };
    },
  });

  app.route<{ Params: ClusterParams; Querystring: Static<typeof showQuery> }>({
    ...routeOf("ShowCluster"),
    schema: { params: clusterParams, querystring: showQuery, tags },
    handler: async (request) => {
      const [described] = await describeClusters(context, [await requireCluster(context, request)], request.query);
      return described;
    },
  });

  app.route<{ Params: ClusterParams; Querystring: Static<typeof deleteQuery> }>({
    ...routeOf("DeleteCluster"),
    schema: { params: clusterParams, querystring: deleteQuery, tags },
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      const options = toDeleteOptions(request.query);
      if (request.query.tobedeleted === "true") return answerDeletion(context, cluster, options);
      const taskId = await deleteCluster(core, cluster).catch((error: unknown) => {
        throw error instanceof DeletionProtectedError
          ? cceError("CCE.01400034", { clusterId: request.params.cluster_id })
          : error;
      });
      if (taskId === undefined) throw notFound("cluster", request.params.cluster_id);
      const deleting = await findCluster(core, cluster.accountId, cluster.id);
      return answerDeletion(context, deleting ?? { ...cluster, state: "deleting" }, options, taskId);
    },
  });
};

type Described = Awaited<ReturnType<typeof describeClusters>>[number];
type Sized = Parameters<typeof describeClusters>[1][number];

/** The cluster as it is, with the options that the deletion was asked for with. */
async function answerDeletion(context: CceContext, cluster: Sized, options: readonly object[], taskId?: string) {
  const [described] = await describeClusters(context, [cluster]);
  const status = {
    ...(described?.status as object),
    ...(taskId && { jobID: toJobId({ taskId, stage: 0 }) }),
    deleteOption: options,
  };
  return { ...described, status };
}

/** Filters of a list; an empty text means "not set". */
function passes(cluster: Described, { status, type, version }: Static<typeof listQuery>): boolean {
  const { spec, status: shown } = cluster as { spec: Record<string, unknown>; status: Record<string, unknown> };
  return (
    (!status || shown.phase === status) &&
    (!type || spec.type === type) &&
    (!version || isOfVersion(String(spec.version ?? ""), version))
  );
}

/** `v1.9` finds `v1.9.2-r1`, and not `v1.90`. */
const isOfVersion = (version: string, wanted: string): boolean =>
  version === wanted || version.startsWith(`${wanted}.`) || version.startsWith(`${wanted}-`);
