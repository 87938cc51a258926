import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type Condition, type NodeAddress, type NodeObject, type NodeStatus, toKubernetesTime } from "./objects.ts";
import type { NodeCapacity, SimulatedNode } from "./simulated-node.ts";

/** Where a node says that its kubelet listens; see `KubeletEndpoint`. */
export interface KubeletAddress {
  address: string;
  port: number;
}

/** How often a kubelet reports its status when nothing has changed (`nodeStatusReportFrequency`). */
const statusReportIntervalMs = 5 * 60_000;

/** The default where the contract names no kernel. */
const kernelVersionShown = "5.10.0-simulated";

/** The conditions of a healthy machine, word for word as kubelets report them. */
const healthyConditions: readonly Condition[] = [
  {
    type: "MemoryPressure",
    status: "False",
    reason: "KubeletHasSufficientMemory",
    message: "kubelet has sufficient memory available",
  },
  {
    type: "DiskPressure",
    status: "False",
    reason: "KubeletHasNoDiskPressure",
    message: "kubelet has no disk pressure",
  },
  {
    type: "PIDPressure",
    status: "False",
    reason: "KubeletHasSufficientPID",
    message: "kubelet has sufficient PID available",
  },
  { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" },
];

/** Labels of before Kubernetes 1.17 that kubelets and cloud providers still set beside today's. */
const labelAliases: Readonly<Record<string, string>> = {
  "kubernetes.io/os": "beta.kubernetes.io/os",
  "kubernetes.io/arch": "beta.kubernetes.io/arch",
  "node.kubernetes.io/instance-type": "beta.kubernetes.io/instance-type",
  "topology.kubernetes.io/region": "failure-domain.beta.kubernetes.io/region",
  "topology.kubernetes.io/zone": "failure-domain.beta.kubernetes.io/zone",
};

/**
 * The Node object with which a kubelet registers its machine, status included. The `not-ready` taint that every new
 * node carries for a moment is added by the API server's own admission, not here.
 */
export function toNodeObject(node: SimulatedNode, kubelet: KubeletAddress, now: Date) {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node.name,
      labels: { ...aliased(node.labels), ...standardLabels(node) },
      annotations: {
        // What a kubelet with attach and detach left to the controller manager writes.
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
        ...node.annotations,
      },
    },
    spec: { providerID: node.providerId, taints: node.taints },
    status: toNodeStatus(node, kubelet, now),
  };
}

/** The labels that a kubelet answers for itself, at its start also on a Node object that exists already. */
export function standardLabels({ name, system }: SimulatedNode): Record<string, string> {
  return aliased({
    // Node names may have 253 characters, and label values only 63.
    "kubernetes.io/hostname": name.slice(0, 63).replace(/[-.]+$/, ""),
    "kubernetes.io/os": system.operatingSystem,
    "kubernetes.io/arch": system.architecture,
  });
}

function aliased(labels: Record<string, string>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    const alias = labelAliases[key];
    if (alias !== undefined) all[alias] = value;
    all[key] = value;
  }
  return all;
}

/** The status of a healthy machine, all conditions seen at `now`. */
export function toNodeStatus(node: SimulatedNode, kubelet: KubeletAddress, now: Date) {
  const time = toKubernetesTime(now);
  return {
    capacity: toResourceList(node.capacity),
    allocatable: toResourceList(node.capacity),
    addresses: toAddresses(node, kubelet),
    daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
    nodeInfo: toNodeInfo(node),
    conditions: healthyConditions.map((condition) => ({
      ...condition,
      lastHeartbeatTime: time,
      lastTransitionTime: time,
    })),
  } satisfies NodeStatus;
}

function toAddresses({ name, internalIp, externalIp }: SimulatedNode, kubelet: KubeletAddress): NodeAddress[] {
  return [
    { type: "InternalIP", address: internalIp },
    ...(externalIp ? [{ type: "ExternalIP" as const, address: externalIp }] : []),
    { type: "InternalDNS", address: kubelet.address },
    { type: "Hostname", address: name },
  ];
}

function toNodeInfo({ name, providerId, system }: SimulatedNode): Record<string, string> {
  // A machine keeps its ids over restarts, so they follow from what identifies it.
  const digest = createHash("sha256").update(`${providerId}\n${name}`).digest("hex");
  return {
    machineID: digest.slice(0, 32),
    systemUUID: toUuid(digest.slice(0, 32)),
    bootID: toUuid(digest.slice(32)),
    kernelVersion: system.kernelVersion ?? kernelVersionShown,
    osImage: system.osImage,
    containerRuntimeVersion: system.containerRuntimeVersion,
    kubeletVersion: system.kubeletVersion,
    kubeProxyVersion: system.kubeletVersion,
    operatingSystem: system.operatingSystem,
    architecture: system.architecture,
  };
}

function toUuid(hex32: string): string {
  return hex32.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** `status.capacity` of a machine, in the canonical spelling that the API server gives back. */
export function toResourceList({ cpu, memoryMiB, ephemeralStorageGiB, pods }: NodeCapacity): Record<string, string> {
  return {
    cpu: Number.isInteger(cpu) ? String(cpu) : `${Math.round(cpu * 1000)}m`,
    memory: toBinaryQuantity(memoryMiB),
    "ephemeral-storage": toBinaryQuantity(ephemeralStorageGiB * 1024),
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    pods: String(pods),
  };
}

/**
 * Spells a size in MiB as Kubernetes does: the largest unit that leaves a whole number. Another spelling of the same
 * size would look like a change each time it is compared with what the API server has.
 */
export function toBinaryQuantity(mebibytes: number): string {
  const units = ["Ki", "Mi", "Gi", "Ti", "Pi"];
  let size = Math.round(mebibytes * 1024);
  let unit = 0;
  while (size > 0 && size % 1024 === 0 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return size === 0 ? "0" : `${size}${units[unit]}`;
}

/**
 * What a kubelet would write over the status that the API server has: everything of its own that differs, and the
 * heartbeat where that is due. Resources, addresses and conditions of others (device plug-ins, a problem detector)
 * stay as they are.
 *
 * @returns a strategic merge patch of the status, or undefined where nothing is to be written.
 */
export function toStatusPatch(
  observed: NodeStatus | undefined,
  node: SimulatedNode,
  kubelet: KubeletAddress,
  now: Date,
): Record<string, unknown> | undefined {
  const desired = toNodeStatus(node, kubelet, now);
  const patch: Record<string, unknown> = {};
  for (const part of ["capacity", "allocatable", "nodeInfo", "daemonEndpoints"] as const)
    if (!contains(observed?.[part], desired[part])) patch[part] = desired[part];
  if (!isDeepStrictEqual(observed?.addresses, desired.addresses))
    // Addresses are merged by type otherwise, which would keep an old one.
    patch.addresses = [...desired.addresses, { $patch: "replace" }];
  if (isHealthy(observed) && millisecondsToReport(observed, now) > 0)
    return Object.keys(patch).length > 0 ? patch : undefined;
  patch.conditions = desired.conditions.map((condition) => {
    const before = observed?.conditions?.find(({ type }) => type === condition.type);
    return before?.status === condition.status && before.lastTransitionTime !== undefined
      ? { ...condition, lastTransitionTime: before.lastTransitionTime }
      : condition;
  });
  return patch;
}

function contains(observed: object | undefined, desired: object): boolean {
  const values = new Map<string, unknown>(Object.entries(observed ?? {}));
  return Object.entries(desired).every(([key, value]) => isDeepStrictEqual(values.get(key), value));
}

function isHealthy(status: NodeStatus | undefined): boolean {
  return healthyConditions.every(({ type, status: wanted, reason }) =>
    status?.conditions?.some((seen) => seen.type === type && seen.status === wanted && seen.reason === reason),
  );
}

/** Time until the next regular report of a node's status; 0 or less where it is due. */
export function millisecondsToReport(status: NodeStatus | undefined, now: Date): number {
  const last = readyCondition(status)?.lastHeartbeatTime;
  return last === undefined ? 0 : Date.parse(last) + statusReportIntervalMs - now.getTime();
}

/** Whether the API shows a node as Ready. */
export function isReady(node: NodeObject | undefined): boolean {
  return readyCondition(node?.status)?.status === "True";
}

function readyCondition(status: NodeStatus | undefined): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

/** A Node as the simulator keeps it in memory: only what it reads. */
export function trimNode({ metadata, spec, status }: NodeObject): NodeObject {
  return {
    metadata: {
      name: metadata.name,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      labels: metadata.labels,
      deletionTimestamp: metadata.deletionTimestamp,
    },
    spec: { podCIDR: spec?.podCIDR, podCIDRs: spec?.podCIDRs, providerID: spec?.providerID },
    status: {
      capacity: status?.capacity,
      allocatable: status?.allocatable,
      addresses: status?.addresses,
      daemonEndpoints: status?.daemonEndpoints,
      nodeInfo: status?.nodeInfo,
      conditions: status?.conditions,
    },
  };
}
