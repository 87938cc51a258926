import type { ClusterState } from "../core/clusters/cluster.ts";
import type { TaskKindDefinition } from "./task-kind.ts";

/** A cluster that failed, or is being deleted, has nothing that a change could take effect in. */
const livingStates: readonly ClusterState[] = ["running", "updating"];

/**
 * Brings a cluster to what was changed of it: the request has written it down, the substrate's modification stages make
 * it so.
 */
export const modifyClusterTask: TaskKindDefinition = {
  stages: (substrate, { state }) => (livingStates.includes(state) ? substrate.modification : []),
  succeeded: async () => undefined,
  failed: async () => undefined,
  rolledBack: async () => undefined,
};
