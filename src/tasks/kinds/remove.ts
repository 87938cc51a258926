import type { TaskKindDefinition } from "./kind.ts";

/** Removes a cluster: the substrate's removal stages, then its rows. */
export const removeCluster: TaskKindDefinition = {
  stages: (substrate) => substrate.removal,
  states: { succeeded: "gone", failed: "delete-failed", cancelled: "delete-failed", undone: "delete-failed" },
};
