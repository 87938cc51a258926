import type { ClusterEvent } from "../../../core/events/events.ts";
import type { StageState, Task, TaskKind, TaskState, TaskTarget } from "../../../core/tasks/task.ts";
import { toAckClusterId } from "../clusters/to-wire.ts";

/** `task_type` by the core's word. */
const types: Readonly<Record<TaskKind, string>> = {
  "cluster-create": "cluster_create",
  "cluster-change": "cluster_modify",
  "cluster-remove": "cluster_delete",
};

/** `state` of a task; the clients wait for `success` and `fail`. */
const taskStates: Readonly<Record<TaskState, string>> = {
  queued: "initial",
  running: "running",
  paused: "paused",
  succeeded: "success",
  failed: "fail",
  cancelled: "fail",
};

const stageStates: Readonly<Record<StageState, string>> = {
  waiting: "initial",
  running: "running",
  succeeded: "success",
  failed: "fail",
  undone: "rolled_back",
};

const targetTypes: Readonly<Record<TaskTarget["type"], string>> = {
  cluster: "cluster",
  "node-pool": "nodepool",
  node: "node",
};

const toAckTarget = ({ type, id }: TaskTarget) => ({
  id: type === "cluster" ? toAckClusterId(id) : id,
  type: targetTypes[type],
});

/** A task as DescribeClusterTasks lists it. */
export function toAckTaskSummary(task: Task) {
  return {
    task_id: task.id,
    cluster_id: toAckClusterId(task.clusterId),
    task_type: types[task.kind],
    state: taskStates[task.state],
    created: task.createdAt.toISOString(),
    updated: task.updatedAt.toISOString(),
    // An error with an empty code would read as a failure: it is left out while all is well.
    ...(task.error !== null && {
      error: { code: task.state === "cancelled" ? "TaskCancelled" : "TaskFailed", message: task.error },
    }),
  };
}

/**
 * A task as DescribeTaskInfo shows it, with its stages and events.
 * @param events the task's own, in the order in which they happened
 */
export function toAckTask(task: Task, events: ClusterEvent[]) {
  const clusterId = toAckClusterId(task.clusterId);
  const current = task.stages.find(({ state }) => state === "running" || state === "failed");
  return {
    ...toAckTaskSummary(task),
    target: toAckTarget(task.target),
    current_stage: current?.name ?? "",
    stages: task.stages.map((stage) => ({
      name: stage.name,
      state: stageStates[stage.state],
      start_time: stage.startedAt ?? null,
      end_time: stage.endedAt ?? null,
      message: stage.message ?? stage.title,
      outputs: {},
    })),
    events: events.map(({ level, reason, message, at }) => ({
      action: "",
      level,
      message,
      reason,
      source: "sampan",
      timestamp: at.toISOString(),
    })),
    parameters: {},
    outputs: {},
    task_result: [
      { data: clusterId, status: task.state === "succeeded" ? "success" : task.error === null ? "initial" : "failed" },
    ],
  };
}

/** An event as DescribeClusterLogs shows it. Clients cut a line of the log at its first ` | `: the cluster, and the text. */
export function toAckLog(event: ClusterEvent) {
  const at = event.at.toISOString();
  const clusterId = toAckClusterId(event.clusterId);
  return {
    ID: event.id,
    cluster_id: clusterId,
    cluster_log: `${clusterId} | [${event.level.toUpperCase()}] ${event.reason}: ${event.message}`,
    created: at,
    updated: at,
  };
}
