import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedNode } from "../../test/support/simulated-node.ts";
import {
  isReady,
  millisecondsToReport,
  standardLabels,
  toBinaryQuantity,
  toNodeObject,
  toNodeStatus,
  toResourceList,
  toStatusPatch,
} from "./node-object.ts";
import type { NodeStatus } from "./objects.ts";

const kubelet = { address: "127.64.1.2", port: 10250 };
const now = new Date("2026-01-31T08:00:00.500Z");
const node = simulatedNode({
  labels: { team: "blue", "topology.kubernetes.io/zone": "cn-beijing-a" },
  annotations: { note: "first" },
  taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }],
});

describe("toNodeObject", () => {
  const { metadata, spec, status } = toNodeObject(node, kubelet, now);

  it("has the given labels, the kubelet's own, and the old spellings of both", () => {
    expect(metadata.labels).toEqual({
      team: "blue",
      "topology.kubernetes.io/zone": "cn-beijing-a",
      "failure-domain.beta.kubernetes.io/zone": "cn-beijing-a",
      "kubernetes.io/hostname": "worker-1",
      "kubernetes.io/os": "linux",
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "beta.kubernetes.io/arch": "amd64",
    });
  });

  it("has the given annotations, taints and provider id", () => {
    expect(metadata.annotations).toMatchObject({ note: "first" });
    expect(spec).toEqual({
      providerID: "cn-beijing.i-1",
      taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }],
    });
  });

  it("leads the API server to the kubelet endpoint while showing the VPC address", () => {
    expect(status.addresses).toEqual([
      { type: "InternalIP", address: "192.168.0.55" },
      { type: "InternalDNS", address: "127.64.1.2" },
      { type: "Hostname", address: "worker-1" },
    ]);
    expect(status.daemonEndpoints.kubeletEndpoint.Port).toBe(10250);
  });

  it("is Ready and under no pressure from the start", () => {
    const conditions = status.conditions.map(({ type, status, reason }) => [type, status, reason]);
    expect(conditions).toEqual([
      ["MemoryPressure", "False", "KubeletHasSufficientMemory"],
      ["DiskPressure", "False", "KubeletHasNoDiskPressure"],
      ["PIDPressure", "False", "KubeletHasSufficientPID"],
      ["Ready", "True", "KubeletReady"],
    ]);
    expect(status.conditions[3]).toMatchObject({
      lastHeartbeatTime: "2026-01-31T08:00:00Z",
      lastTransitionTime: "2026-01-31T08:00:00Z",
    });
  });

  it("describes the system, with ids that stay the same", () => {
    expect(status.nodeInfo).toMatchObject({
      osImage: "CentOS Linux 7 (Core)",
      containerRuntimeVersion: "docker://19.3.5",
      kubeletVersion: "v1.20.2",
      kubeProxyVersion: "v1.20.2",
      operatingSystem: "linux",
      architecture: "amd64",
      machineID: expect.stringMatching(/^[0-9a-f]{32}$/),
      systemUUID: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    expect(toNodeObject(node, kubelet, new Date()).status.nodeInfo).toEqual(status.nodeInfo);
    const other = toNodeObject({ ...node, name: "worker-2" }, kubelet, now);
    expect(other.status.nodeInfo.machineID).not.toBe(status.nodeInfo.machineID);
  });

  it("says that its kernel is simulated, unless one is named", () => {
    expect(status.nodeInfo.kernelVersion).toContain("simulated");
    const named = { ...node, system: { ...node.system, kernelVersion: "4.19.91" } };
    expect(toNodeObject(named, kubelet, now).status.nodeInfo.kernelVersion).toBe("4.19.91");
  });
});

describe("standardLabels", () => {
  it("follow the system", () => {
    const system = { ...node.system, operatingSystem: "windows", architecture: "arm64" } as const;
    expect(standardLabels({ ...node, system })).toEqual({
      "kubernetes.io/hostname": "worker-1",
      "kubernetes.io/os": "windows",
      "beta.kubernetes.io/os": "windows",
      "kubernetes.io/arch": "arm64",
      "beta.kubernetes.io/arch": "arm64",
    });
  });
});

describe("toResourceList", () => {
  it.each([
    [
      { cpu: 4, memoryMiB: 8192, ephemeralStorageGiB: 120, pods: 110 },
      { cpu: "4", memory: "8Gi", "ephemeral-storage": "120Gi", pods: "110" },
    ],
    [
      { cpu: 0.5, memoryMiB: 512, ephemeralStorageGiB: 1024, pods: 30 },
      { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Ti", pods: "30" },
    ],
    [
      { cpu: 96, memoryMiB: 7680.5, ephemeralStorageGiB: 0, pods: 0 },
      { cpu: "96", memory: "7864832Ki", "ephemeral-storage": "0", pods: "0" },
    ],
  ])("of %j", (capacity, expected) => {
    expect(toResourceList(capacity)).toMatchObject(expected);
  });
});

describe("toBinaryQuantity", () => {
  it("keeps the size and takes the largest unit that leaves a whole number", () => {
    const kibibytes: Record<string, number> = { Ki: 1, Mi: 2 ** 10, Gi: 2 ** 20, Ti: 2 ** 30, Pi: 2 ** 40 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 24 }), fc.nat(2), (mebibytes, power) => {
        const size = mebibytes * 1024 ** power;
        const [, digits, unit] = /^(\d+)([KMGTP]i)$/.exec(toBinaryQuantity(size)) ?? [];
        expect(Number(digits) * (kibibytes[unit ?? ""] ?? 0)).toBe(size * 1024);
        expect(unit === "Pi" || Number(digits) % 1024 !== 0).toBe(true);
      }),
    );
  });
});

describe("toStatusPatch", () => {
  const fresh = toNodeStatus(node, kubelet, now);
  const soon = new Date(now.getTime() + 60_000);
  const withReady = (change: object): NodeStatus => ({
    ...fresh,
    conditions: fresh.conditions.map((condition) =>
      condition.type === "Ready" ? { ...condition, ...change } : condition,
    ),
  });

  it("is nothing while the status is right and recent", () => {
    expect(toStatusPatch(fresh, node, kubelet, soon)).toBeUndefined();
  });

  it("is nothing where others have added resources and conditions of their own", () => {
    const shared: NodeStatus = {
      ...fresh,
      capacity: { ...fresh.capacity, "example.com/gpu": "2" },
      conditions: [{ type: "NetworkUnavailable", status: "False" }, ...fresh.conditions],
    };
    expect(toStatusPatch(shared, node, kubelet, soon)).toBeUndefined();
  });

  it("reports after five minutes, without a transition", () => {
    const later = new Date(now.getTime() + 5 * 60_000);
    const patch = toStatusPatch(fresh, node, kubelet, later);
    expect(Object.keys(patch ?? {})).toEqual(["conditions"]);
    expect((patch as NodeStatus).conditions?.[3]).toMatchObject({
      type: "Ready",
      lastHeartbeatTime: "2026-01-31T08:05:00Z",
      lastTransitionTime: "2026-01-31T08:00:00Z",
    });
  });

  it("puts Ready right where the controller manager has lost sight of the node, which is a transition", () => {
    const lost = withReady({ status: "Unknown", reason: "NodeStatusUnknown" });
    expect((toStatusPatch(lost, node, kubelet, soon) as NodeStatus).conditions?.[3]).toMatchObject({
      status: "True",
      reason: "KubeletReady",
      lastTransitionTime: "2026-01-31T08:01:00Z",
    });
  });

  it.each([
    ["nodeInfo", { system: { ...node.system, kubeletVersion: "v1.22.3" } }, { kubeletVersion: "v1.22.3" }],
    ["capacity", { capacity: { ...node.capacity, cpu: 8 } }, { cpu: "8" }],
    ["allocatable", { capacity: { ...node.capacity, pods: 64 } }, { pods: "64" }],
  ])("writes %s where the machine has changed", (part, change, expected) => {
    expect(toStatusPatch(fresh, { ...node, ...change }, kubelet, soon)?.[part]).toMatchObject(expected);
  });

  it("replaces the addresses as a whole", () => {
    expect(toStatusPatch(fresh, { ...node, internalIp: "192.168.0.56" }, kubelet, soon)).toEqual({
      addresses: [
        { type: "InternalIP", address: "192.168.0.56" },
        { type: "InternalDNS", address: "127.64.1.2" },
        { type: "Hostname", address: "worker-1" },
        { $patch: "replace" },
      ],
    });
  });

  it("writes everything where there is no status yet", () => {
    const parts = Object.keys(toStatusPatch(undefined, node, kubelet, now) ?? {}).sort();
    expect(parts).toEqual(["addresses", "allocatable", "capacity", "conditions", "daemonEndpoints", "nodeInfo"]);
  });
});

describe("millisecondsToReport", () => {
  it.each([
    [0, 300_000],
    [60_000, 240_000],
    [300_000, 0],
    [400_000, -100_000],
  ])("%i ms after the last report it is %i", (since, expected) => {
    const status = toNodeStatus(node, kubelet, new Date("2026-01-31T08:00:00Z"));
    expect(millisecondsToReport(status, new Date(Date.parse("2026-01-31T08:00:00Z") + since))).toBe(expected);
  });

  it("is due where there was no report", () => {
    expect(millisecondsToReport({}, now)).toBe(0);
  });
});

describe("isReady", () => {
  const metadata = { name: "worker-1", uid: "u", resourceVersion: "1" };

  it.each([
    ["True", true],
    ["False", false],
    ["Unknown", false],
  ] as const)("with the condition %s is %s", (status, expected) => {
    expect(isReady({ metadata, status: { conditions: [{ type: "Ready", status }] } })).toBe(expected);
  });

  it("is false without a node, a status or the condition", () => {
    expect([undefined, { metadata }, { metadata, status: { conditions: [] } }].map(isReady)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
