/** The vendors' APIs a cluster can have been made through. */
export type DialectName = "ack" | "cce";

/**
 * Where a cluster is in its life. A deleted cluster is gone: it has no state.
 * - `creating`: its creation is queued or under way; `running`: usable; `updating`: a task changes it
 * - `failed`: its creation failed and was not rolled back; `deleting`: its deletion is queued or under way
 * - `delete-failed`: its deletion failed and can be asked for again
 */
export type ClusterState = "creating" | "running" | "updating" | "failed" | "deleting" | "delete-failed";

/** What is wanted of a cluster, defaults applied, in Kubernetes' words. */
export interface ClusterSpec {
  /** `managed`: the service hides the control plane; `dedicated`: its members are nodes of the user's. */
  kind: "managed" | "dedicated";
  /** As asked for, e.g. `1.18.8-aliyun.1`; undefined asks for the newest. */
  requestedVersion: string | undefined;
  /** The Kubernetes part of it, `x.y.z` or `x.y`. */
  kubernetesVersion: string | undefined;
  network: ClusterNetwork;
  apiServer: {
    /** Further names and addresses for the serving certificate. */
    extraSans: string[];
    serviceAccountIssuer: string;
    apiAudiences: string[];
  };
  /** IANA name; undefined leaves the machine's. */
  timezone: string | undefined;
  /** Addresses of the control-plane members in the VPC. */
  memberAddresses: string[];
  deletionProtection: boolean;
  tags: Record<string, string>;
  creation: {
    /** Minutes that the creation may take. */
    timeoutMinutes: number;
    /** Whether a creation that fails removes what it made. */
    rollback: boolean;
  };
}

/** The networks of a cluster. */
export interface ClusterNetwork {
  vpcId: string;
  vswitchIds: string[];
  /** Where pods get their addresses with Terway; empty with Flannel. */
  podVswitchIds: string[];
  plugin: "flannel" | "terway";
  /** Undefined where pods get addresses from vSwitches. */
  podCidr: string | undefined;
  /** Prefix length of each node's share of the Pod range. */
  nodeCidrMask: number;
  serviceCidr: string;
  proxyMode: string;
  clusterDomain: string;
  /** Undefined lets the service make one. */
  securityGroupId: string | undefined;
}

/** A group of like workers. */
export interface NodePoolSpec {
  name: string;
  /** How many workers are wanted. */
  size: number;
  /** In order of preference. */
  instanceTypes: string[];
  vswitchIds: string[];
  /** Instances that exist already and join first. */
  instances: string[];
  systemDisk: { category: string; sizeGiB: number };
  dataDisks: { category: string; sizeGiB: number }[];
  labels: Record<string, string>;
  taints: { key: string; value: string; effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" }[];
  runtime: { name: string; version: string };
  operatingSystem: "linux" | "windows";
  /** e.g. `AliyunLinux`. */
  platform: string;
  imageId: string | undefined;
  /** How names of Node objects are made; undefined uses the region and the address. */
  nodeName: NodeNamePattern | undefined;
  chargeType: string;
  keyPair: string | undefined;
}

/** A node's name is prefix + address part + suffix. */
export interface NodeNamePattern {
  prefix: string;
  /** That many last digits of the address, written as four groups of three digits; `ip` takes the address itself. */
  address: number | "ip";
  suffix: string;
}

/** A cluster as it is kept. */
export interface Cluster {
  /** 32 lower-case hexadecimal digits. */
  id: string;
  accountId: string;
  dialect: DialectName;
  name: string;
  region: string;
  state: ClusterState;
  /** The queue whose workers can reach it. */
  placement: string;
  spec: ClusterSpec;
  /** The request as it was sent, secrets excepted. */
  request: Record<string, unknown>;
  substrateState: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}
