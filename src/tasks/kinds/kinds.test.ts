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
    // A removal was accepted while the creation was under way.
    ["cluster-create", "succeeded", "removing", "removing"],
    ["cluster-create", "failed", "removing", "removing"],
    ["cluster-create", "cancelled", "removing", "removing"],
    ["cluster-create", "undone", "removing", "gone"],
    ["cluster-change", "succeeded", "running", "running"],
    ["cluster-change", "failed", "running", "running"],
    ["cluster-change", "succeeded", "failed", "failed"],
    ["cluster-change", "cancelled", "removing", "removing"],
    ["cluster-remove", "succeeded", "removing", "gone"],
    ["cluster-remove", "failed", "removing", "remove-failed"],
    ["cluster-remove", "cancelled", "removing", "remove-failed"],
  ])("%s that has %s: a cluster that is %s becomes %s", (kind, end, current, next) => {
    expect(nextState(kind, end, current)).toBe(next);
  });
});
