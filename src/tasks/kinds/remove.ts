import { undosOf } from "../../substrates/undos.ts";
import type { TaskKindDefinition } from "./kind.ts";

/** Removes a cluster, whatever was made of it: its creation is undone, and its rows go. */
export const removeCluster: TaskKindDefinition = {
  stages: ({ create }) => undosOf(create),
  states: { succeeded: "gone", failed: "remove-failed", cancelled: "remove-failed", undone: "remove-failed" },
};
