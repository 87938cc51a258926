import { describe, expect, it } from "vitest";
import type { PodObject } from "./objects.ts";
import { endOf } from "./pod-end.ts";

/** A pod that runs since eight o'clock; its image took ten seconds to pull. */
function runningPod(spec: Partial<PodObject["spec"]> = {}, runSeconds?: string): PodObject {
  const container = { name: "app", image: "nginx", imageID: "", ready: true, restartCount: 0 };
  return {
    metadata: {
      name: "web",
      uid: "uid-1",
      resourceVersion: "1",
      ...(runSeconds !== undefined && { annotations: { "sampan.dev/run-seconds": runSeconds } }),
    },
    spec: { containers: [{ name: "app", image: "nginx" }], ...spec },
    status: {
      phase: "Running",
      startTime: "2026-01-31T07:59:50Z",
      containerStatuses: [{ ...container, state: { running: { startedAt: "2026-01-31T08:00:00Z" } } }],
    },
  };
}

describe("the end of a running pod", () => {
  it.each([
    ["Never", undefined, "2026-01-31T08:00:01.000Z"],
    ["OnFailure", undefined, "2026-01-31T08:00:01.000Z"],
    ["Never", "90", "2026-01-31T08:01:30.000Z"],
    ["Never", "0", "2026-01-31T08:00:00.000Z"],
    ["Never", "2.5", "2026-01-31T08:00:02.500Z"],
    ["Never", "nonsense", "2026-01-31T08:00:01.000Z"],
    ["Never", "-1", "2026-01-31T08:00:01.000Z"],
    ["Never", "forever", undefined],
    ["Always", undefined, undefined],
    ["Always", "5", undefined],
  ] as const)("that restarts %s with the annotation %s is %s", (restartPolicy, runSeconds, expected) => {
    expect(endOf(runningPod({ restartPolicy }, runSeconds))?.at.toISOString()).toBe(expected);
  });

  it.each([
    ["Always", 20, undefined, "2026-01-31T08:00:10.000Z", "Failed"],
    ["Never", 20, "forever", "2026-01-31T08:00:10.000Z", "Failed"],
    ["Never", 20, "60", "2026-01-31T08:00:10.000Z", "Failed"],
    ["Never", 20, "10", "2026-01-31T08:00:10.000Z", "Succeeded"],
    ["Never", 20, "5", "2026-01-31T08:00:05.000Z", "Succeeded"],
  ] as const)(
    "that restarts %s, may run for %i s and runs for %s s is %s, as %s",
    (restartPolicy, activeDeadlineSeconds, runSeconds, at, phase) => {
      const pod = runningPod({ restartPolicy, activeDeadlineSeconds }, runSeconds);
      const end = endOf(pod);
      expect(end?.at.toISOString()).toBe(at);
      expect(end?.toPatch(pod, new Date(at))).toMatchObject({ phase });
    },
  );

  it("at its deadline is told in a kubelet's words, with its containers stopped", () => {
    const pod = runningPod({ restartPolicy: "Always", activeDeadlineSeconds: 20 });
    expect(endOf(pod)?.toPatch(pod, new Date("2026-01-31T08:00:10Z"))).toMatchObject({
      phase: "Failed",
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
      containerStatuses: [{ ready: false, state: { terminated: { exitCode: 143 } } }],
    });
  });

  it("is unknown before the pod runs", () => {
    const pod = runningPod({ restartPolicy: "Never", activeDeadlineSeconds: 1 });
    expect(endOf({ ...pod, status: { ...pod.status, phase: "Pending" } })).toBeUndefined();
  });
});
