import type { SimulatedNode } from "../../src/nodes/simulated-node.ts";

/** A simulated worker for tests. */
export function simulatedNode(change: Partial<SimulatedNode> = {}): SimulatedNode {
  return {
    name: "worker-1",
    labels: {},
    annotations: {},
    taints: [],
    providerId: "cn-beijing.i-1",
    internalIp: "192.168.0.55",
    capacity: { cpu: 4, memoryMiB: 8192, ephemeralStorageGiB: 120, pods: 110 },
    system: {
      osImage: "CentOS Linux 7 (Core)",
      operatingSystem: "linux",
      architecture: "amd64",
      containerRuntimeVersion: "docker://19.3.5",
      kubeletVersion: "v1.20.2",
    },
    ...change,
  };
}
