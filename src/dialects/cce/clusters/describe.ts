import { isUsable } from "../../../core/clusters/cluster.ts";
import type { SizedCluster } from "../../../core/clusters/clusters.ts";
import type { Readiness } from "../../../core/clusters/observer.ts";
import { mainResources } from "../../../core/resources/resources.ts";
import { currentTasks } from "../../../core/tasks/tasks.ts";
import type { CceContext } from "../context.ts";
import { clusterFigures } from "./figures.ts";
import { toCceCluster } from "./to-wire.ts";

/** What a query asks of a description; an empty text means "not set". */
export interface DescribeWish {
  /** `true` adds figures of nodes and add-ons as annotations. */
  detail?: boolean;
  /** Any value shows a cluster that failed as such. */
  errorStatus?: string;
}

/** The clusters as CCE shows them. */
export async function describeClusters(
  context: CceContext,
  clusters: readonly SizedCluster[],
  { detail, errorStatus }: DescribeWish = {},
) {
  const ids = clusters.map(({ id }) => id);
  const [resources, tasks] = [await mainResources(context.core, ids), await currentTasks(context.core, ids)];
  const describe = async (cluster: SizedCluster) => {
    const description = context.observer.describe(cluster);
    const isOpen = description.runningVersion === undefined && cluster.spec.requestedVersion === undefined;
    return toCceCluster(cluster, {
      ...description,
      expectedVersion: isOpen ? await context.newestVersion() : undefined,
      ...(await readiness(context, cluster)),
      showErrors: Boolean(errorStatus),
      taskId: tasks.get(cluster.id),
      securityGroupId: resources.get(cluster.id)?.securityGroupId ?? cluster.spec.network.securityGroupId,
      figures: detail ? await clusterFigures(context, cluster) : undefined,
    });
  };
  return Promise.all(clusters.map(describe));
}

/** Asked of usable clusters alone: the others' phase does not depend on it. */
const readiness = async ({ observer }: CceContext, cluster: SizedCluster): Promise<Readiness> =>
  isUsable(cluster) ? observer.readiness(cluster) : { isReady: false };
