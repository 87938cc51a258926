import { type Core, within } from "../core.ts";
import { addTask } from "../tasks/tasks.ts";
import type { Cluster } from "./cluster.ts";
import { findCluster, updateClusterSpec } from "./clusters.ts";

/** Minutes that a change may take. */
const timeoutMinutes = 10;

/** What of a cluster can be changed; an undefined member stays as it is. */
export interface ClusterChange {
  name: string | undefined;
  deletionProtection: boolean | undefined;
}

/**
 * Changes a cluster.
 * @returns the id of the task; undefined where the cluster has gone meanwhile
 */
export async function modifyCluster(
  core: Core,
  { id, accountId }: Pick<Cluster, "id" | "accountId">,
  change: ClusterChange,
): Promise<string | undefined> {
  return core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    const cluster = await findCluster(inside, accountId, id);
    if (!cluster) return undefined;
    const name = change.name ?? cluster.name;
    const deletionProtection = change.deletionProtection ?? cluster.spec.deletionProtection;
    await updateClusterSpec(inside, { id, name, spec: { ...cluster.spec, deletionProtection } });
    const task = {
      accountId,
      clusterId: id,
      clusterName: name,
      placement: cluster.placement,
      rollback: false,
      timeoutMinutes,
    };
    return addTask(inside, { ...task, kind: "cluster-modify" });
  });
}
