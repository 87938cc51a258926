import {
  isFinal,
  type StageRecord,
  type StageState,
  type Task,
  type TaskKind,
  type TaskState,
} from "../../../core/tasks/task.ts";
import type { StageKind } from "../../../stage-kind.ts";
import { toJobId, toUuid } from "../ids.ts";
import { toTimestamp } from "../timestamps.ts";

/** Where a job is, in the words that the vendor's clients wait for. */
type JobPhase = "Initializing" | "Running" | "Success" | "Failed";

/** A job as CCE shows it: a task of the core, or one of its stages. */
export interface CceJob {
  kind: "Job";
  apiVersion: "v3";
  metadata: { uid: string; creationTimestamp: string; updateTimestamp: string };
  spec: {
    type: string;
    clusterUID: string;
    resourceID: string;
    resourceName: string;
    extendParam: Record<string, string>;
    /** Id of the job that it is a part of. */
    ownerJob?: string;
    subJobs: CceJob[];
  };
  /** `reason` says why it failed and is empty where it has not; `message` is the same for clients that look there. */
  status: { phase: JobPhase; reason: string; message?: string };
}

const types: Readonly<Record<TaskKind, string>> = {
  "cluster-create": "CreateCluster",
  "cluster-change": "UpdateCluster",
  "cluster-remove": "DeleteCluster",
};

/** Types of the sub-jobs by what the stages are about. The documents know `CreatePSMCert` and `InstallMaster`. */
const stageTypes: Readonly<Record<TaskKind, Readonly<Partial<Record<StageKind, string>>>>> = {
  "cluster-create": {
    network: "CreateNetwork",
    distribution: "PrepareMaster",
    certificates: "CreatePSMCert",
    etcd: "InstallEtcd",
    "control-plane": "InstallMaster",
    "add-ons": "InstallAddons",
    nodes: "JoinNodes",
  },
  "cluster-change": {},
  "cluster-remove": {
    nodes: "RemoveNodes",
    "add-ons": "UninstallAddons",
    "control-plane": "UninstallMaster",
    etcd: "UninstallEtcd",
    certificates: "DeleteData",
    distribution: "ReleaseMaster",
    network: "DeleteNetwork",
  },
};

/** CCE's jobs cannot be paused or cancelled: what waits for a resume is under way, and what was cancelled has failed. */
const phases: Readonly<Record<TaskState, JobPhase>> = {
  queued: "Initializing",
  running: "Running",
  paused: "Running",
  succeeded: "Success",
  failed: "Failed",
  cancelled: "Failed",
};

const stagePhases: Readonly<Record<StageState, JobPhase>> = {
  waiting: "Initializing",
  running: "Running",
  succeeded: "Success",
  failed: "Failed",
  undone: "Failed",
};

/** A task as `GET /api/v3/projects/{project_id}/jobs/{job_id}` shows it, with a sub-job for each of its stages. */
export function toCceJob(task: Task): CceJob {
  return {
    kind: "Job",
    apiVersion: "v3",
    metadata: metadataOf(task, 0, { created: task.createdAt, updated: task.updatedAt }),
    spec: {
      type: types[task.kind],
      ...subjectOf(task),
      // The same task by the id that other dialects know it by.
      extendParam: { taskID: task.id },
      subJobs: task.stages.map((record, index) => stageJob(task, record, index + 1)),
    },
    status: statusOf(phases[task.state], task.error ?? ""),
  };
}

/**
 * The job of a task's stage, or of the task itself, as it is fetched by its own id.
 * @param stage as in a job's id: 0 is the task, n its n-th stage
 * @returns undefined where the task has no such stage, or not yet
 */
export function jobOf(task: Task, stage: number): CceJob | undefined {
  if (stage === 0) return toCceJob(task);
  const record = task.stages[stage - 1];
  return record && stageJob(task, record, stage);
}

function stageJob(task: Task, record: StageRecord, stage: number): CceJob {
  const created = record.startedAt ? new Date(record.startedAt) : task.createdAt;
  const updated = record.endedAt ? new Date(record.endedAt) : created;
  return {
    kind: "Job",
    apiVersion: "v3",
    metadata: metadataOf(task, stage, { created, updated }),
    spec: {
      type: stageTypes[task.kind][record.kind] ?? camelCase(record.name),
      ...subjectOf(task),
      extendParam: { title: record.title, ...(record.message && { progress: record.message }) },
      ownerJob: toJobId({ taskId: task.id, stage: 0 }),
      subJobs: [],
    },
    status: stageStatus(task, record),
  };
}

/** A stage that its task has ended without is not going to begin, so nobody has to wait for it. */
function stageStatus(task: Task, { state, message }: StageRecord): CceJob["status"] {
  if (state === "waiting" && isFinal(task)) return statusOf("Failed", "The job ended before this step began.");
  if (state === "undone") return statusOf("Failed", "The job failed, and what this step had made was removed.");
  return statusOf(stagePhases[state], message ?? task.error ?? "");
}

const statusOf = (phase: JobPhase, reason: string): CceJob["status"] =>
  phase === "Failed" ? { phase, reason, message: reason } : { phase, reason: "" };

const metadataOf = (
  { id: taskId }: Task,
  stage: number,
  { created, updated }: { created: Date; updated: Date },
): CceJob["metadata"] => ({
  uid: toJobId({ taskId, stage }),
  creationTimestamp: toTimestamp(created),
  updateTimestamp: toTimestamp(updated),
});

const subjectOf = ({ clusterId, clusterName, target }: Task) => ({
  clusterUID: toUuid(clusterId),
  resourceID: target.type === "cluster" ? toUuid(target.id) : target.id,
  resourceName: clusterName,
});

/** `served-certificates` as `ServedCertificates`: the type of a stage that is not in the table. */
const camelCase = (name: string): string =>
  name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, first: string) => first.toUpperCase());
