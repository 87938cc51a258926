import type { ClusterState } from "../../core/clusters/cluster.ts";
import type { TaskKind } from "../../core/tasks/task.ts";
import { changeCluster } from "./change.ts";
import { createCluster } from "./create.ts";
import type { TaskEnd, TaskKindDefinition } from "./kind.ts";
import { removeCluster } from "./remove.ts";

/** Every kind of task. */
export const kinds: Readonly<Record<TaskKind, TaskKindDefinition>> = {
  "cluster-create": createCluster,
  "cluster-change": changeCluster,
  "cluster-remove": removeCluster,
};

/**
 * The state of a cluster after a task.
 * @param current its state at that moment, which may be another than when the task began
 */
export function nextState(kind: TaskKind, end: TaskEnd, current: ClusterState): ClusterState | "gone" {
  const next = kinds[kind].states[end];
  if (next === "gone") return next;
  // A removal that was accepted meanwhile has said so already, and ends by itself.
  const isOvertaken = current === "removing" && kind !== "cluster-remove";
  return next === "same" || isOvertaken ? current : next;
}
