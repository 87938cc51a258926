import { deleteClusterRow, setClusterState } from "../core/clusters/clusters.ts";
import { addEvent } from "../core/events/events.ts";
import type { TaskKindDefinition } from "./task-kind.ts";

/** Makes a cluster: the substrate's creation stages, then the cluster is usable. */
export const createClusterTask: TaskKindDefinition = {
  stages: (substrate) => substrate.creation,

  async succeeded({ core, task, cluster }) {
    await setClusterState(core, cluster.id, "running");
    const subject = { accountId: cluster.accountId, clusterId: cluster.id, taskId: task.id };
    await addEvent(core, {
      ...subject,
      level: "info",
      reason: "ClusterRunning",
      message: `Cluster ${cluster.name} is running.`,
    });
  },

  async failed({ core, cluster }) {
    // A deletion that waits for this task has said so already.
    if (cluster.state !== "deleting") await setClusterState(core, cluster.id, "failed");
  },

  async rolledBack({ core, cluster }) {
    await deleteClusterRow(core, cluster.id);
  },
};
