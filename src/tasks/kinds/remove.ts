import type { TaskKindDefinition } from "./kind.ts";

/** Removes a cluster: the substrate's removal stages, then its rows. */
export const removeCluster: TaskKindDefinition = {
  stages: (substrate) => substrate.removal,
  states: { succeeded: "gone", failed: "remove-failed", cancelled: "remove-failed", undone: "remove-failed" },
};
