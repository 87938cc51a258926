import { isUsable } from "../../core/clusters/cluster.ts";
import type { TaskKindDefinition } from "./kind.ts";

/**
 * Brings a cluster to what was changed of it: the request has written it down, the stages make it so.
 */
export const changeCluster: TaskKindDefinition = {
  // One that failed, or is being removed, has nothing that a change could take effect in.
  stages: ({ change }, cluster) => (isUsable(cluster) ? change : []),
  states: { succeeded: "same", failed: "same", cancelled: "same", undone: "same" },
};
