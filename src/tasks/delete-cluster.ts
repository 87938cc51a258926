import { deleteClusterRow, setClusterState } from "../core/clusters/clusters.ts";
import type { TaskKindDefinition } from "./task-kind.ts";

/** Removes a cluster: the substrate's removal stages, then its rows. */
export const deleteClusterTask: TaskKindDefinition = {
  stages: (substrate) => substrate.removal,

  async succeeded({ core, cluster }) {
    await deleteClusterRow(core, cluster.id);
  },

  async failed({ core, cluster }) {
    await setClusterState(core, cluster.id, "delete-failed");
  },

  async rolledBack({ core, cluster }) {
    await setClusterState(core, cluster.id, "delete-failed");
  },
};
