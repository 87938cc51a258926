import { type ClusterState, isUsable } from "../../../core/clusters/cluster.ts";
import type { SizedCluster } from "../../../core/clusters/clusters.ts";
import type { Readiness } from "../../../core/clusters/observer.ts";
import { findVswitches } from "../../../core/inventory/inventory.ts";
import { currentTasks, failedTasks } from "../../../core/tasks/tasks.ts";
import { inTurns } from "../../common/in-turns.ts";
import type { CceContext } from "../context.ts";
import { clusterFigures } from "./figures.ts";
import { toCceCluster } from "./to-wire.ts";

/** What a query asks of a description; an empty text means "not set". */
export interface DescribeWish {
  /** `true` adds figures of nodes and add-ons as annotations. */
  detail?: boolean;
  /** Any value shows a cluster that failed as such. */
  errorStatus?: string;
  /** Whether the certificate of the cluster's authority is shown: where one cluster is asked for, as at the vendor's. */
  authority?: boolean;
}

/** The clusters as CCE shows them. */
export async function describeClusters(
  context: CceContext,
  clusters: readonly SizedCluster[],
  { detail, errorStatus, authority }: DescribeWish = {},
) {
  const ids = clusters.map(({ id }) => id);
  const tasks = await currentTasks(context.core, ids);
  const failed = clusters.filter(({ state }) => failedStates.includes(state));
  const failures = await failedTasks(
    context.core,
    failed.map(({ id }) => id),
  );
  const podSubnets = await firstPodSubnets(context, clusters);
  const describe = async (cluster: SizedCluster) => {
    const description = context.observer.describe(cluster);
    const isOpen = description.runningVersion === undefined && cluster.spec.requestedVersion === undefined;
    return toCceCluster(cluster, {
      ...description,
      expectedVersion: isOpen ? await context.newestVersion() : undefined,
      ...(await readiness(context, cluster)),
      showErrors: Boolean(errorStatus),
      taskId: tasks.get(cluster.id),
      failure: failures.get(cluster.id),
      podSubnetCidr: podSubnets.get(cluster.id),
      securityGroupId: cluster.securityGroupId ?? cluster.spec.network.securityGroupId,
      authority: authority ? await context.observer.certificateAuthority(cluster) : undefined,
      figures: detail ? await clusterFigures(context, cluster) : undefined,
    });
  };
  return inTurns(clusters, describe);
}

const failedStates: readonly ClusterState[] = ["failed", "remove-failed"];

/** The range of the first subnet of pods of each cluster that has any, by the cluster's id. */
async function firstPodSubnets(
  { core }: CceContext,
  clusters: readonly SizedCluster[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = clusters.flatMap(({ id, accountId, spec }) =>
    spec.network.podVswitchIds.slice(0, 1).map((subnet) => ({ id, accountId, subnet })),
  );
  const [first] = wanted;
  if (!first) return new Map();
  // Clusters that are described together are one account's.
  const known = await findVswitches(
    core,
    first.accountId,
    wanted.map(({ subnet }) => subnet),
  );
  const ranges = new Map(known.map(({ id, cidr }) => [id, cidr]));
  return new Map(
    wanted.flatMap(({ id, subnet }) => {
      const range = ranges.get(subnet);
      return range === undefined ? [] : [[id, range] as const];
    }),
  );
}

/** Asked of usable clusters alone: the others' phase does not depend on it. */
const readiness = async ({ observer }: CceContext, cluster: SizedCluster): Promise<Readiness> =>
  isUsable(cluster) ? observer.readiness(cluster) : { isReady: false };
