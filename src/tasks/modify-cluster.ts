import type { TaskKindDefinition } from "./task-kind.ts";

/**
 * Changes a cluster. What can be changed so far takes effect with the request itself and needs no stage; the task is what
 * clients wait for.
 */
export const modifyClusterTask: TaskKindDefinition = {
  stages: () => [],
  succeeded: async () => undefined,
  failed: async () => undefined,
  rolledBack: async () => undefined,
};
