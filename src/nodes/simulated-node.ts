/**
 * What a simulated worker looks like to Kubernetes: everything that a kubelet would have reported about its machine.
 * The simulator turns it into a Node object, a Lease, and the states of the pods that the scheduler puts on it.
 */
export interface SimulatedNode {
  /** Name of the Node object, a DNS-1123 subdomain. */
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  taints: NodeTaint[];
  /** `spec.providerID`, in the vendor's form, e.g. `cn-beijing.i-2ze0...`. */
  providerId: string;
  /** The address in the VPC, shown as InternalIP. Nothing listens there; see {@link KubeletEndpoint}. */
  internalIp: string;
  /** The public address, shown as ExternalIP, where it has one. */
  externalIp?: string;
  /**
   * IPv4 range for the addresses of its pods where the cluster's controller manager assigns none to the node (Terway:
   * the Pod vSwitch). Several nodes may share one range; no address is given twice.
   */
  podCidr?: string;
  capacity: NodeCapacity;
  system: NodeSystem;
}

/** A taint of a Node, as in `spec.taints`. */
interface NodeTaint {
  key: string;
  value?: string;
  effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** What the machine offers. The simulator reports the same as capacity and as allocatable. */
export interface NodeCapacity {
  /** Number of virtual CPUs. */
  cpu: number;
  memoryMiB: number;
  /** Size of the disk that holds images and containers: `ephemeral-storage`. */
  ephemeralStorageGiB: number;
  /** Largest number of pods. */
  pods: number;
}

/** The machine's software, for `status.nodeInfo`. */
interface NodeSystem {
  /** e.g. `Alibaba Cloud Linux (Aliyun Linux) 2.1903`. */
  osImage: string;
  operatingSystem: "linux" | "windows";
  architecture: "amd64" | "arm64";
  /** e.g. `docker://19.3.5`. */
  containerRuntimeVersion: string;
  /** e.g. `v1.20.2`. */
  kubeletVersion: string;
  /** e.g. `4.19.91-21.al7.x86_64`; a name that says "simulated" where it is left out. */
  kernelVersion?: string;
}

/**
 * Where the API server reaches the kubelets of all simulated nodes of a cluster (for `kubectl logs`): one HTTPS
 * listener on a loopback address of the cluster. Nodes name it as their InternalDNS address, and the API server runs
 * with `--kubelet-preferred-address-types=InternalDNS,...`, so that the InternalIP can stay the VPC address.
 */
export interface KubeletEndpoint {
  /** Loopback address, e.g. `127.64.1.2`. */
  address: string;
  /** TCP port, 10250 by convention. */
  port: number;
  /**
   * PEM: serving certificate for `address`, its key, and the CA that the API server's client certificate must chain to.
   * That certificate must be of the group `system:masters`.
   */
  tls: { cert: string; key: string; clientCa: string };
}
