import { describe, expect, it } from "vitest";
import type { ClusterState } from "../../core/clusters/cluster.ts";
import type { TaskKind } from "../../core/tasks/task.ts";
import { nextState } from "./index.ts";
import type { TaskEnd } from "./kind.ts";

describe("the state of a cluster after a task", () => {
  it.each<[TaskKind, TaskEnd, ClusterState, ClusterState | "gone"]>([
    ["cluster-create", "succeeded", "creating", "running"],
    ["cluster-create", "failed", "creating", "failed"],
    ["cluster-create", "cancelled", "creating", "failed"],
    ["cluster-create", "undone", "creating", "gone"],
    // A deletion was accepted while the creation was under way.
    ["cluster-create", "succeeded", "deleting", "deleting"],
    ["cluster-create", "failed", "deleting", "deleting"],
    ["cluster-create", "cancelled", "deleting", "deleting"],
    ["cluster-create", "undone", "deleting", "gone"],
    ["cluster-modify", "succeeded", "running", "running"],
    ["cluster-modify", "failed", "running", "running"],
    ["cluster-modify", "succeeded", "failed", "failed"],
    ["cluster-modify", "cancelled", "deleting", "deleting"],
    ["cluster-delete", "succeeded", "deleting", "gone"],
    ["cluster-delete", "failed", "deleting", "delete-failed"],
    ["cluster-delete", "cancelled", "deleting", "delete-failed"],
  ])("%s that has %s: a cluster that is %s becomes %s", (kind, end, current, next) => {
    expect(nextState(kind, end, current)).toBe(next);
  });
});
