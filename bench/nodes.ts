import { toNodeObject } from "../src/nodes/node-object.ts";
import type { SimulatedNode } from "../src/nodes/simulated-node.ts";

/** So many nodes, as a List for kubectl. Their status says that they are Ready, as a kubelet's first report does. */
export function nodeManifest(count: number) {
  const items = names(count).map((name, index) =>
    toNodeObject(node(name, index), { address: "127.0.0.1", port: 10250 }, new Date()),
  );
  return { apiVersion: "v1", kind: "List", items };
}

/** A lease for each of these nodes. */
export function leaseManifest(count: number) {
  const renewTime = new Date().toISOString().replace("Z", "000Z");
  const items = names(count).map((name) => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "kube-node-lease" },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
  }));
  return { apiVersion: "v1", kind: "List", items };
}

/** So many nodes, for the simulator. */
export const simulatedNodes = (count: number): SimulatedNode[] => names(count).map(node);

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}

function node(name: string, index: number): SimulatedNode {
  return {
    name,
    labels: {},
    annotations: {},
    taints: [],
    providerId: `plain.${name}`,
    internalIp: `192.168.0.${55 + index}`,
    capacity: { cpu: 2, memoryMiB: 8192, ephemeralStorageGiB: 120, pods: 110 },
    system: {
      osImage: "plain",
      operatingSystem: "linux",
      architecture: "amd64",
      containerRuntimeVersion: "docker://19.03.5",
      kubeletVersion: "v1.20.2",
    },
  };
}
