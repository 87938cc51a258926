import { describe, expect, it } from "vitest";
import type { Condition, PodObject, PodStatus } from "./objects.ts";
import {
  isFinished,
  type PodStatusPatch,
  toRunningPatch,
  toStoppedPatch,
  toSucceededPatch,
  trimPod,
} from "./pod-status.ts";

const start = new Date("2026-01-31T08:00:00.900Z");
const later = new Date("2026-01-31T08:00:10Z");
const facts = { podIps: ["10.0.1.2"], hostIp: "192.168.0.55", runtime: "docker", now: start };

function podWith(spec: Partial<PodObject["spec"]> = {}, status: PodStatus = { phase: "Pending" }): PodObject {
  return {
    metadata: { name: "web", namespace: "default", uid: "uid-1", resourceVersion: "1" },
    spec: { nodeName: "worker-1", restartPolicy: "Always", containers: [{ name: "app", image: "nginx" }], ...spec },
    status,
  };
}

/** The pod after a patch, as the API server would merge it. */
function apply(pod: PodObject, patch: PodStatusPatch | undefined): PodObject {
  const conditions = new Map((pod.status?.conditions ?? []).map((condition) => [condition.type, condition]));
  for (const changed of (patch?.conditions ?? []) as Condition[]) {
    const kept = Object.entries({ ...conditions.get(changed.type), ...changed }).filter(([, value]) => value !== null);
    conditions.set(changed.type, Object.fromEntries(kept) as unknown as Condition);
  }
  return { ...pod, status: { ...pod.status, ...patch, conditions: [...conditions.values()] } };
}

const conditionsOf = (pod: PodObject) =>
  Object.fromEntries((pod.status?.conditions ?? []).map(({ type, status, reason }) => [type, [status, reason]]));

describe("toRunningPatch", () => {
  it("makes a bound pod Running and Ready", () => {
    const running = apply(podWith(), toRunningPatch(podWith(), facts));
    expect(running.status).toMatchObject({
      phase: "Running",
      hostIP: "192.168.0.55",
      podIP: "10.0.1.2",
      podIPs: [{ ip: "10.0.1.2" }],
      startTime: "2026-01-31T08:00:00Z",
      containerStatuses: [{ name: "app", ready: true, started: true, restartCount: 0 }],
    });
    expect(conditionsOf(running)).toEqual({
      Initialized: ["True", undefined],
      Ready: ["True", undefined],
      ContainersReady: ["True", undefined],
      PodScheduled: ["True", undefined],
    });
  });

  it("gives a pod of two families both addresses, the first of them as the one", () => {
    const patch = toRunningPatch(podWith(), { ...facts, podIps: ["10.0.1.2", "fd00::2"] });
    expect(patch).toMatchObject({ podIP: "10.0.1.2", podIPs: [{ ip: "10.0.1.2" }, { ip: "fd00::2" }] });
  });

  it("has nothing to say about a pod that runs already", () => {
    const running = apply(podWith(), toRunningPatch(podWith(), facts));
    expect(toRunningPatch(running, { ...facts, now: later })).toBeUndefined();
  });

  it("keeps what others have written: their conditions, and when the pod was scheduled", () => {
    const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-31T07:00:00Z" } as const;
    const pod = podWith({}, { phase: "Pending", conditions: [scheduled, { type: "example.com/x", status: "True" }] });
    expect(toRunningPatch(pod, facts)?.conditions).toMatchObject([
      { type: "Initialized" },
      { type: "Ready" },
      { type: "ContainersReady" },
    ]);
  });

  it("completes init containers in order, leaves sidecars running, and reports all containers", () => {
    const pod = podWith({
      initContainers: [{ name: "first" }, { name: "sidecar", restartPolicy: "Always" }, { name: "last" }],
      containers: [{ name: "one" }, { name: "two" }],
    });
    const { status } = apply(pod, toRunningPatch(pod, facts));
    expect(status?.initContainerStatuses).toMatchObject([
      { name: "first", ready: true, state: { terminated: { exitCode: 0, reason: "Completed" } } },
      { name: "sidecar", ready: true, started: true, state: { running: {} } },
      { name: "last", ready: true, state: { terminated: { exitCode: 0, reason: "Completed" } } },
    ]);
    expect(status?.containerStatuses).toMatchObject([
      { name: "one", state: { running: {} } },
      { name: "two", state: { running: {} } },
    ]);
  });

  it("runs a debugging container that is added later, and touches nothing else", () => {
    const running = apply(podWith(), toRunningPatch(podWith(), facts));
    const debugged = podWith({ ephemeralContainers: [{ name: "debugger" }] }, running.status);
    expect(toRunningPatch(debugged, { ...facts, now: later })).toEqual({
      ephemeralContainerStatuses: [expect.objectContaining({ name: "debugger", ready: false })],
    });
  });

  describe("with a readiness gate", () => {
    const gated = podWith({ readinessGates: [{ conditionType: "example.com/lb" }] });

    it.each([
      ["without its condition", [], 'corresponding condition of pod readiness gate "example.com/lb" does not exist.'],
      [
        "whose condition is False",
        [{ type: "example.com/lb", status: "False" }],
        'the status of pod readiness gate "example.com/lb" is not "True", but False',
      ],
    ] as const)("%s the pod runs, but is not Ready", (_name, conditions, message) => {
      const pod = { ...gated, status: { ...gated.status, conditions: [...conditions] } };
      const patch = toRunningPatch(pod, facts);
      expect(patch).toMatchObject({ phase: "Running" });
      const ready = { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message };
      expect(patch?.conditions).toContainEqual(expect.objectContaining(ready));
    });

    it("becomes Ready, and loses the reason, when the condition is True", () => {
      const waiting = apply(gated, toRunningPatch(gated, facts));
      const gate: Condition = { type: "example.com/lb", status: "True" };
      const opened = {
        ...waiting,
        status: { ...waiting.status, conditions: [...(waiting.status?.conditions ?? []), gate] },
      };
      expect(toRunningPatch(opened, { ...facts, now: later })).toEqual({
        conditions: [
          { type: "Ready", status: "True", reason: null, message: null, lastTransitionTime: "2026-01-31T08:00:10Z" },
        ],
      });
    });
  });
});

describe("toSucceededPatch", () => {
  const job = podWith({ restartPolicy: "Never" });
  const running = apply(job, toRunningPatch(job, facts));

  it("completes every container and takes readiness away", () => {
    const done = apply(running, toSucceededPatch(running, later));
    expect(done.status).toMatchObject({
      phase: "Succeeded",
      podIP: "10.0.1.2",
      containerStatuses: [
        {
          ready: false,
          state: { terminated: { exitCode: 0, reason: "Completed", finishedAt: "2026-01-31T08:00:10Z" } },
        },
      ],
    });
    expect(conditionsOf(done)).toEqual({
      Initialized: ["True", "PodCompleted"],
      Ready: ["False", "PodCompleted"],
      ContainersReady: ["False", "PodCompleted"],
      PodScheduled: ["True", undefined],
    });
    expect(isFinished(done)).toBe(true);
    expect(toSucceededPatch(done, later)).toBeUndefined();
  });
});

describe("toStoppedPatch", () => {
  it.each([
    ["Always", "Running"],
    ["OnFailure", "Failed"],
    ["Never", "Failed"],
  ] as const)("stops the containers of a deleted pod that restarts %s, which is then %s", (restartPolicy, phase) => {
    const pod = podWith({ restartPolicy });
    const running = apply(pod, toRunningPatch(pod, facts));
    const stopped = apply(running, toStoppedPatch(running, later));
    expect(stopped.status).toMatchObject({
      phase,
      containerStatuses: [{ ready: false, state: { terminated: { exitCode: 143, reason: "Error" } } }],
    });
    expect(conditionsOf(stopped)).toMatchObject({
      Ready: ["False", "ContainersNotReady"],
      ContainersReady: ["False", "ContainersNotReady"],
    });
    expect(toStoppedPatch(stopped, later)).toBeUndefined();
  });

  it("leaves a pod alone that has ended by itself", () => {
    expect(toStoppedPatch(podWith({}, { phase: "Succeeded" }), later)).toBeUndefined();
  });

  it("works on a pod that never started", () => {
    expect(toStoppedPatch(podWith(), later)).not.toHaveProperty("containerStatuses");
  });
});

describe("trimPod", () => {
  it("drops what the simulator does not read, and keeps what makes the same patches", () => {
    const full = {
      ...podWith({ restartPolicy: "Never", initContainers: [{ name: "init" }] }),
      metadata: {
        ...podWith().metadata,
        managedFields: [{ manager: "kubectl" }],
        annotations: { "sampan.dev/run-seconds": "5", other: "x" },
      },
    };
    const trimmed = trimPod(full);
    expect(toRunningPatch(trimmed, facts)).toEqual(toRunningPatch(full, facts));
    expect(trimmed.metadata).not.toHaveProperty("managedFields");
    expect(trimmed.metadata.annotations).toEqual({ "sampan.dev/run-seconds": "5" });
  });
});
