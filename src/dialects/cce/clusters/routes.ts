import type { Static } from "typebox";
import type { WorkerKind } from "../../../core/clusters/cluster.ts";
import { findCluster, listClusters } from "../../../core/clusters/clusters.ts";
import { DeletionProtectedError, removeCluster } from "../../../core/clusters/remove.ts";
import { type CceContext, type CceRoutes, notFound, requireCluster, requireProject } from "../context.ts";
import { cceError } from "../errors.ts";
import { toJobId } from "../ids.ts";
import { routeOf } from "../operations.ts";
import { deleteQuery, listQuery, showQuery } from "../schemas.ts";
import { toDeleteOptions } from "./delete-options.ts";
import { describeClusters } from "./describe.ts";
import { shownVersion, statesShownAs } from "./to-wire.ts";
import { clusterTypes, toWords } from "./words/index.ts";

const tags = ["CCE clusters"];

/** The operations on clusters themselves, but for those that make and change them. */
export const clusterRoutes: CceRoutes = (app, context) => {
  const { core } = context;

  app.route({
    ...routeOf("ListClusters", { querystring: listQuery, tags }),
    handler: async (request) => {
      const { accountId, id: projectId } = await requireProject(context, request);
      const items = await listWanted(context, { accountId, projectId }, request.query);
      return { kind: "Cluster", apiVersion: "v3", items };
    },
  });

  app.route({
    ...routeOf("ShowCluster", { querystring: showQuery, tags }),
    handler: async (request) => {
      const wish = { ...request.query, authority: true };
      const [described] = await describeClusters(context, [await requireCluster(context, request)], wish);
      return described;
    },
  });

  app.route({
    ...routeOf("DeleteCluster", { querystring: deleteQuery, tags }),
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      const { tobedeleted: isTrial, ...asked } = request.query;
      const options = toDeleteOptions(asked);
      if (isTrial) return answerDeletion(context, cluster, options);
      const taskId = await removeCluster(core, cluster).catch((error: unknown) => {
        throw error instanceof DeletionProtectedError
          ? cceError("CCE.01400034", { clusterId: request.params.cluster_id })
          : error;
      });
      if (taskId === undefined) throw notFound("cluster", request.params.cluster_id);
      const deleting = await findCluster(core, cluster.accountId, cluster.id);
      return answerDeletion(context, deleting ?? { ...cluster, state: "removing" }, options, taskId);
    },
  });
};

/** What there is outside of a cluster that options of its deletion could apply to, and what becomes of it. */
const nothingOutside = { previous_total: 0, current_total: 0, updated: 0, added: 0, deleted: 0 };

/** The cluster as it is, with the options that the deletion was asked for with. */
async function answerDeletion(context: CceContext, cluster: Sized, options: readonly object[], taskId?: string) {
  const [described] = await describeClusters(context, [cluster]);
  const status = {
    ...(described?.status as object),
    ...(taskId && { jobID: toJobId({ taskId, stage: 0 }) }),
    deleteOption: options,
    deleteStatus: nothingOutside,
  };
  return { ...described, status };
}

type Described = Awaited<ReturnType<typeof describeClusters>>[number];
type Sized = Parameters<typeof describeClusters>[1][number];
type ListQuery = Static<typeof listQuery>;

/**
 * The clusters that pass a list's filters, of which an empty text means "not set". A cluster is asked whether it is ready
 * only where that decides, or is shown.
 */
async function listWanted(
  context: CceContext,
  { accountId, projectId }: { accountId: string; projectId: string },
  query: ListQuery,
): Promise<Described[]> {
  const states = query.status ? statesShownAs(query.status, Boolean(query.errorStatus)) : undefined;
  const workerKinds = query.type ? workerKindsOf(query.type) : undefined;
  // To the core an empty list is no restriction; here it is a word that nothing has.
  if (states?.length === 0 || workerKinds?.length === 0) return [];
  const { clusters } = await listClusters(context.core, accountId, { projectId, states, workerKinds });
  const wanted = clusters.filter((cluster) => !query.version || isOfVersion(context, cluster, query.version));
  const items = await describeClusters(context, wanted, query);
  return query.status ? items.filter((item) => phaseShown(item) === query.status) : items;
}

const workerKindsOf = (type: string): WorkerKind[] =>
  (Object.keys(clusterTypes) as WorkerKind[]).filter((kind) => clusterTypes[kind] === type);

const phaseShown = (item: Described): unknown => (item as { status: { phase?: string } }).status.phase;

/** `v1.9` finds `v1.9.2-r1`, and not `v1.90`. */
function isOfVersion({ observer }: CceContext, cluster: Sized, wanted: string): boolean {
  const version = shownVersion(toWords(cluster).spec.version, observer.describe(cluster).runningVersion) ?? "";
  return version === wanted || version.startsWith(`${wanted}.`) || version.startsWith(`${wanted}-`);
}
