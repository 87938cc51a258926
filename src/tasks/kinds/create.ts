import type { TaskKindDefinition } from "./kind.ts";

/** Makes a cluster: the substrate's creation stages, then the cluster is usable. */
export const createCluster: TaskKindDefinition = {
  stages: (substrate) => substrate.creation,
  states: { succeeded: "running", failed: "failed", cancelled: "failed", undone: "gone" },
};
