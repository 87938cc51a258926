import type { TaskKindDefinition } from "./kind.ts";

/** Makes a cluster, which is usable then. */
export const createCluster: TaskKindDefinition = {
  stages: ({ create }) => create,
  states: { succeeded: "running", failed: "failed", cancelled: "failed", undone: "gone" },
};
