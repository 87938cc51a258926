import type { StageKind } from "../../stage-kind.ts";

/** What a task does to its cluster. */
export type TaskKind = "cluster-create" | "cluster-change" | "cluster-remove";

/** What a task is about: its cluster, or a part of it, by the core's id. */
export interface TaskTarget {
  type: "cluster" | "node-pool" | "node";
  id: string;
}

/**
 * Where a task is. `succeeded`, `failed` and `cancelled` are final. A paused task waits for a resume.
 */
export type TaskState = "queued" | "running" | "paused" | "succeeded" | "failed" | "cancelled";

/** Where a stage is. A stage that roll-back removed is `undone`. */
export type StageState = "waiting" | "running" | "succeeded" | "failed" | "undone";

/** The record of one step of a task. Times are ISO 8601. */
export interface StageRecord {
  /** The substrate's name for it, the only one of that name in its task. */
  name: string;
  /** What it is about. */
  kind: StageKind;
  /** What it does, for people. */
  title: string;
  state: StageState;
  startedAt?: string;
  endedAt?: string;
  /** Progress while it runs, the reason where it failed. */
  message?: string;
  /** What ended it early, where that was no failure of its own. */
  endedBy?: "cancelled" | "deadline";
}

/** A long operation on a cluster. */
export interface Task {
  id: string;
  accountId: string;
  /** Huawei Cloud project of its cluster; null for the account's first. */
  projectId: string | null;
  clusterId: string;
  clusterName: string;
  /** The queue whose workers can reach the cluster. */
  placement: string;
  kind: TaskKind;
  target: TaskTarget;
  /** With what it is done, as it was asked for: a change's name and patch; empty where its cluster says all. JSON values. */
  input: Readonly<Record<string, unknown>>;
  state: TaskState;
  stages: StageRecord[];
  requested: "cancel" | "pause" | null;
  /** Whether a failure undoes what the task made. */
  rollback: boolean;
  /** Minutes that may be worked on the task; pauses, waits and stops of Sampan do not count. */
  timeoutMinutes: number;
  /** Milliseconds that were worked on it so far, over all runs. */
  workedMs: number;
  /** Why it failed. */
  error: string | null;
  createdAt: Date;
  updatedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

/** States that a task never leaves. */
export const finalTaskStates: readonly TaskState[] = ["succeeded", "failed", "cancelled"];
export const isFinal = (task: Pick<Task, "state">): boolean => finalTaskStates.includes(task.state);
