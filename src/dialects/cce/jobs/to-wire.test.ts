import { describe, expect, it } from "vitest";
import type { StageRecord, StageState, Task, TaskKind, TaskState } from "../../../core/tasks/task.ts";
import type { StageKind } from "../../../stage-kind.ts";
import { jobOf, toCceJob } from "./to-wire.ts";

const created = new Date("2026-11-21T08:00:00.120Z");
const updated = new Date("2026-11-21T08:00:09.000Z");
const job = "89abcdef-0123-4567-89ab-cdef";

const taskOf = (changes: Partial<Task> = {}): Task => ({
  id: "T-89abcdef0123456789abcdef",
  accountId: "default",
  projectId: null,
  clusterId: "0123456789abcdef0123456789abcdef",
  clusterName: "demo",
  placement: "here",
  kind: "cluster-create",
  target: { type: "cluster", id: "0123456789abcdef0123456789abcdef" },
  input: {},
  state: "running",
  stages: [],
  requested: null,
  rollback: false,
  timeoutMinutes: 60,
  workedMs: 0,
  error: null,
  createdAt: created,
  updatedAt: updated,
  startedAt: created,
  endedAt: null,
  ...changes,
});

const stageOf = (changes: Partial<StageRecord> = {}): StageRecord => ({
  name: "etcd",
  kind: "etcd",
  title: "Start etcd",
  state: "waiting",
  ...changes,
});

describe("a job", () => {
  it("shows a task with its stages", () => {
    const stages = [
      stageOf({
        ...{ name: "certificates", kind: "certificates", title: "Make certificates and keys", state: "succeeded" },
        ...{ startedAt: "2026-11-21T08:00:01.000Z", endedAt: "2026-11-21T08:00:02.500Z" },
      }),
      stageOf({
        ...{
          name: "control-plane",
          kind: "control-plane",
          title: "Start the API server",
          state: "running",
          message: "Waiting.",
        },
        ...{ startedAt: "2026-11-21T08:00:03.000Z" },
      }),
    ];
    const subject = {
      clusterUID: "01234567-89ab-cdef-0123-456789abcdef",
      resourceID: "01234567-89ab-cdef-0123-456789abcdef",
      resourceName: "demo",
    };
    expect(toCceJob(taskOf({ stages }))).toEqual({
      kind: "Job",
      apiVersion: "v3",
      metadata: {
        uid: `${job}00000000`,
        creationTimestamp: "2026-11-21 08:00:00.12 +0000 UTC",
        updateTimestamp: "2026-11-21 08:00:09 +0000 UTC",
      },
      spec: {
        type: "CreateCluster",
        ...subject,
        extendParam: { taskID: "T-89abcdef0123456789abcdef" },
        subJobs: [
          {
            kind: "Job",
            apiVersion: "v3",
            metadata: {
              uid: `${job}00000001`,
              creationTimestamp: "2026-11-21 08:00:01 +0000 UTC",
              updateTimestamp: "2026-11-21 08:00:02.5 +0000 UTC",
            },
            spec: {
              type: "CreatePSMCert",
              ...subject,
              extendParam: { title: "Make certificates and keys" },
              ownerJob: `${job}00000000`,
              subJobs: [],
            },
            status: { phase: "Success", reason: "" },
          },
          {
            kind: "Job",
            apiVersion: "v3",
            metadata: {
              uid: `${job}00000002`,
              creationTimestamp: "2026-11-21 08:00:03 +0000 UTC",
              updateTimestamp: "2026-11-21 08:00:03 +0000 UTC",
            },
            spec: {
              type: "InstallMaster",
              ...subject,
              extendParam: { title: "Start the API server", progress: "Waiting." },
              ownerJob: `${job}00000000`,
              subJobs: [],
            },
            status: { phase: "Running", reason: "" },
          },
        ],
      },
      status: { phase: "Running", reason: "" },
    });
  });

  it.each<[TaskKind, string]>([
    ["cluster-create", "CreateCluster"],
    ["cluster-change", "UpdateCluster"],
    ["cluster-remove", "DeleteCluster"],
  ])("of %s is %s", (kind, type) => {
    expect(toCceJob(taskOf({ kind })).spec.type).toBe(type);
  });

  it("may be about a part of its cluster", () => {
    const { clusterUID, resourceID } = toCceJob(taskOf({ target: { type: "node-pool", id: "np1" } })).spec;
    expect({ clusterUID, resourceID }).toEqual({
      clusterUID: "01234567-89ab-cdef-0123-456789abcdef",
      resourceID: "np1",
    });
  });

  it.each<[TaskState, string | null, object]>([
    ["queued", null, { phase: "Initializing", reason: "" }],
    ["running", null, { phase: "Running", reason: "" }],
    ["paused", null, { phase: "Running", reason: "" }],
    ["succeeded", null, { phase: "Success", reason: "" }],
    ["failed", "etcd died.", { phase: "Failed", reason: "etcd died.", message: "etcd died." }],
    ["cancelled", "It was cancelled.", { phase: "Failed", reason: "It was cancelled.", message: "It was cancelled." }],
  ])("that is %s with error %j has status %j", (state, error, status) => {
    expect(toCceJob(taskOf({ state, error })).status).toEqual(status);
  });

  it.each<[TaskState, StageState, string | undefined, object]>([
    ["running", "waiting", undefined, { phase: "Initializing", reason: "" }],
    ["running", "running", "Waiting.", { phase: "Running", reason: "" }],
    ["succeeded", "succeeded", "etcd answers.", { phase: "Success", reason: "" }],
    ["failed", "failed", "No room.", { phase: "Failed", reason: "No room.", message: "No room." }],
    ["failed", "failed", undefined, { phase: "Failed", reason: "The task's.", message: "The task's." }],
  ])("of a task that is %s, its stage being %s with message %j, has status %j", (state, stage, message, status) => {
    const task = taskOf({ state, error: state === "failed" ? "The task's." : null });
    expect(jobOf({ ...task, stages: [stageOf({ state: stage, message })] }, 1)?.status).toEqual(status);
  });

  it.each<[StageState, string]>([
    ["waiting", "The job ended before this step began."],
    ["undone", "The job failed, and what this step had made was removed."],
  ])("of a stage that is %s when its task has failed has failed, too", (state, reason) => {
    const task = taskOf({ state: "failed", error: "etcd died.", stages: [stageOf({ state })] });
    expect(jobOf(task, 1)?.status).toEqual({ phase: "Failed", reason, message: reason });
  });

  it.each<[TaskKind, StageKind, string]>([
    ["cluster-create", "network", "CreateNetwork"],
    ["cluster-create", "distribution", "PrepareMaster"],
    ["cluster-create", "certificates", "CreatePSMCert"],
    ["cluster-create", "etcd", "InstallEtcd"],
    ["cluster-create", "control-plane", "InstallMaster"],
    ["cluster-create", "add-ons", "InstallAddons"],
    ["cluster-create", "nodes", "JoinNodes"],
    ["cluster-remove", "nodes", "RemoveNodes"],
    ["cluster-remove", "add-ons", "UninstallAddons"],
    ["cluster-remove", "control-plane", "UninstallMaster"],
    ["cluster-remove", "etcd", "UninstallEtcd"],
    ["cluster-remove", "certificates", "DeleteData"],
    ["cluster-remove", "distribution", "ReleaseMaster"],
    ["cluster-remove", "network", "DeleteNetwork"],
  ])("of a %s's stage about %s is %s, whatever its substrate calls it", (kind, about, type) => {
    expect(jobOf(taskOf({ kind, stages: [stageOf({ name: "x", kind: about })] }), 1)?.spec.type).toBe(type);
  });

  it.each<[TaskKind, StageKind, string, string]>([
    ["cluster-create", "endpoint", "cloud-load-balancer", "CloudLoadBalancer"],
    ["cluster-change", "certificates", "certificates", "Certificates"],
    ["cluster-change", "control-plane", "served-certificates", "ServedCertificates"],
  ])(
    "of a %s's stage about %s, for which there is no word, is called by its name %s: %s",
    (kind, about, name, type) => {
      expect(jobOf(taskOf({ kind, stages: [stageOf({ name, kind: about })] }), 1)?.spec.type).toBe(type);
    },
  );

  it("is fetched by its stage as it stands among the sub-jobs", () => {
    const task = taskOf({ stages: [stageOf(), stageOf({ name: "nodes" })] });
    expect(jobOf(task, 0)).toEqual(toCceJob(task));
    expect(jobOf(task, 2)).toEqual(toCceJob(task).spec.subJobs[1]);
    expect(jobOf(task, 3)).toBeUndefined();
    expect(jobOf(taskOf(), 1)).toBeUndefined();
  });

  it("of a stage that has not begun is as old as its task", () => {
    expect(jobOf(taskOf({ stages: [stageOf()] }), 1)?.metadata).toMatchObject({
      creationTimestamp: "2026-11-21 08:00:00.12 +0000 UTC",
      updateTimestamp: "2026-11-21 08:00:00.12 +0000 UTC",
    });
  });
});
