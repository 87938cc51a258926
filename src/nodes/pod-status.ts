import { isDeepStrictEqual } from "node:util";
import {
  type ContainerFacts,
  toCompleted,
  toDebugging,
  toInitialized,
  toKilled,
  toRunning,
} from "./container-status.ts";
import {
  type Condition,
  type ContainerSpec,
  type ContainerStatus,
  type PodObject,
  type PodStatus,
  toKubernetesTime,
} from "./objects.ts";

/**
 * Annotation of a pod with restart policy `Never` or `OnFailure`: how many seconds its containers run before they
 * complete, or `forever`. Without it, one.
 */
export const runSecondsAnnotation = "sampan.dev/run-seconds";

/** A strategic merge patch of a pod's status: only what changes; lists of containers whole, conditions by type. */
export type PodStatusPatch = Record<string, unknown>;

/** What a pod's status takes from its node. */
export interface PodFacts {
  /** One of each family, that of the node's first range first. */
  podIps: readonly string[];
  hostIp: string;
  /** Name of the container runtime, e.g. `docker`. */
  runtime: string;
  now: Date;
}

/** Whether all containers of a pod have ended for good. */
export function isFinished({ status }: PodObject): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** The addresses that a pod's status has. */
export function podIpsOf({ status }: PodObject): string[] {
  if (status?.podIPs) return status.podIPs.map(({ ip }) => ip);
  return status?.podIP ? [status.podIP] : [];
}

/**
 * A pod as its kubelet reports it once everything runs: init containers completed, sidecars and containers running,
 * Ready unless a readiness gate says otherwise. Looks at what the status says already, so it can run any number of
 * times.
 *
 * @returns undefined where the status is right as it is.
 */
export function toRunningPatch(pod: PodObject, { podIps, hostIp, runtime, now }: PodFacts): PodStatusPatch | undefined {
  const { spec, status = {} } = pod;
  const time = toKubernetesTime(now);
  const facts: ContainerFacts = { runtime, time };
  const running = (container: ContainerSpec, before?: ContainerStatus) => toRunning(pod, container, before, facts);
  return difference(status, {
    phase: "Running",
    hostIP: hostIp,
    podIP: podIps[0],
    podIPs: podIps.map((ip) => ({ ip })),
    startTime: status.startTime ?? time,
    conditions: changedConditions(status, time, [
      { type: "Initialized", status: "True" },
      readyCondition(pod),
      { type: "ContainersReady", status: "True" },
      { type: "PodScheduled", status: "True" },
    ]),
    initContainerStatuses: each(spec.initContainers, status.initContainerStatuses, (container, before) =>
      isSidecar(container) ? running(container, before) : toInitialized(pod, container, before, facts),
    ),
    containerStatuses: each(spec.containers, status.containerStatuses, running),
    ephemeralContainerStatuses: each(spec.ephemeralContainers, status.ephemeralContainerStatuses, (container, before) =>
      toDebugging(pod, container, before, facts),
    ),
  });
}

/** A pod whose containers have all ended by themselves with exit code 0; undefined where it says so already. */
export function toSucceededPatch({ status = {} }: PodObject, now: Date): PodStatusPatch | undefined {
  const time = toKubernetesTime(now);
  const completed = (container: ContainerStatus) => toCompleted(container, time);
  return difference(status, {
    phase: "Succeeded",
    conditions: changedConditions(status, time, [
      { type: "Initialized", status: "True", reason: "PodCompleted" },
      { type: "Ready", status: "False", reason: "PodCompleted" },
      { type: "ContainersReady", status: "False", reason: "PodCompleted" },
    ]),
    ...allContainers(status, completed),
  });
}

/**
 * A deleted pod whose containers have been stopped, which is what a kubelet reports before it lets the pod go. A pod
 * that was to end by itself counts as failed then (its Job makes another); any other keeps its phase.
 *
 * @returns undefined where nothing runs any more.
 */
export function toStoppedPatch(pod: PodObject, now: Date): PodStatusPatch | undefined {
  return toKilledPatch(pod, { phase: isToEnd(pod) ? "Failed" : (pod.status?.phase ?? "Pending") }, now);
}

/**
 * A pod that has run for as long as it may (`activeDeadlineSeconds`): its containers are stopped, and it has failed, in a
 * kubelet's words.
 *
 * @returns undefined where nothing runs any more.
 */
export function toDeadlineExceededPatch(pod: PodObject, now: Date): PodStatusPatch | undefined {
  const message = "Pod was active on the node longer than the specified deadline";
  return toKilledPatch(pod, { phase: "Failed", reason: "DeadlineExceeded", message }, now);
}

function toKilledPatch(pod: PodObject, why: Partial<PodStatus>, now: Date): PodStatusPatch | undefined {
  const { spec, status = {} } = pod;
  if (isFinished(pod)) return undefined;
  const time = toKubernetesTime(now);
  const names = spec.containers.map(({ name }) => name).join(" ");
  const unready = { status: "False", reason: "ContainersNotReady" } as const;
  const message = `containers with unready status: [${names}]`;
  return difference(status, {
    ...why,
    conditions: changedConditions(status, time, [
      { type: "Ready", ...unready, message },
      { type: "ContainersReady", ...unready, message },
    ]),
    ...allContainers(status, (container) => toKilled(container, time)),
  });
}

/**
 * Whether a pod runs a program that ends, whoever made the pod: one that is not to be restarted (`Never`, `OnFailure`), as a
 * Job's, a Helm hook's, or that of `kubectl run --restart=Never`.
 */
export function isToEnd({ spec }: PodObject): boolean {
  return spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure";
}

function isSidecar(container: ContainerSpec): boolean {
  return container.restartPolicy === "Always";
}

/** Ready where every readiness gate is, in a kubelet's words otherwise. All containers are ready whenever this is asked. */
function readyCondition({ spec, status }: PodObject): Condition {
  const problems = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = status?.conditions?.find(({ type }) => type === conditionType);
    if (!gate) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (gate.status === "True") return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  if (problems.length === 0) return { type: "Ready", status: "True" };
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message: problems.join(", ") };
}

function each(
  specs: ContainerSpec[] | undefined,
  before: ContainerStatus[] | undefined,
  make: (spec: ContainerSpec, before?: ContainerStatus) => ContainerStatus,
): ContainerStatus[] | undefined {
  if (!specs?.length) return before;
  return specs.map((spec) =>
    make(
      spec,
      before?.find(({ name }) => name === spec.name),
    ),
  );
}

function allContainers(status: PodStatus, change: (before: ContainerStatus) => ContainerStatus): Partial<PodStatus> {
  return {
    initContainerStatuses: status.initContainerStatuses?.map(change),
    containerStatuses: status.containerStatuses?.map(change),
    ephemeralContainerStatuses: status.ephemeralContainerStatuses?.map(change),
  };
}

/** The conditions that are not yet so, for a patch that merges them by type: what is to vanish must be null. */
function changedConditions(status: PodStatus, time: string, desired: Condition[]): object[] | undefined {
  const changed = desired.flatMap((condition) => {
    const { type, status: value, reason, message } = condition;
    const before = status.conditions?.find((seen) => seen.type === type);
    if (before?.status === value && before.reason === reason && before.message === message) return [];
    const lastTransitionTime = before?.status === value ? before.lastTransitionTime : time;
    return [{ type, status: value, reason: reason ?? null, message: message ?? null, lastTransitionTime }];
  });
  return changed.length > 0 ? changed : undefined;
}

function difference(status: PodStatus, desired: PodStatusPatch): PodStatusPatch | undefined {
  const present = new Map<string, unknown>(Object.entries(status));
  const changed = Object.entries(desired).filter(
    ([field, value]) => value !== undefined && !isDeepStrictEqual(present.get(field), value),
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

/** A pod as the simulator keeps it in memory: only what it reads. */
export function trimPod({ metadata, spec, status }: PodObject): PodObject {
  const runFor = metadata.annotations?.[runSecondsAnnotation];
  return {
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      annotations: runFor === undefined ? undefined : { [runSecondsAnnotation]: runFor },
      deletionTimestamp: metadata.deletionTimestamp,
      deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    },
    spec: {
      nodeName: spec.nodeName,
      hostNetwork: spec.hostNetwork,
      restartPolicy: spec.restartPolicy,
      activeDeadlineSeconds: spec.activeDeadlineSeconds,
      readinessGates: spec.readinessGates,
      initContainers: spec.initContainers?.map(trimContainer),
      containers: spec.containers.map(trimContainer),
      ephemeralContainers: spec.ephemeralContainers?.map(trimContainer),
    },
    status: {
      phase: status?.phase,
      hostIP: status?.hostIP,
      podIP: status?.podIP,
      podIPs: status?.podIPs,
      startTime: status?.startTime,
      conditions: status?.conditions,
      initContainerStatuses: status?.initContainerStatuses,
      containerStatuses: status?.containerStatuses,
      ephemeralContainerStatuses: status?.ephemeralContainerStatuses,
    },
  };
}

function trimContainer({ name, image, command, args, restartPolicy }: ContainerSpec): ContainerSpec {
  return { name, image, command, args, restartPolicy };
}
