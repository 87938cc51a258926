/** The vendor's API that a cluster was made through: `ack`, `cce`, or the name of a later dialect. */
export type DialectName = string;

/**
 * What makes the Pod network. With `terway` and `eni` pods get addresses from vSwitches of their own; with the others nodes
 * have shares of the Pod range, joined by routes of the VPC (`flannel`, `vpc-router`), tunnels (`overlay_l2`) or the
 * high-speed network of bare-metal machines (`underlay_ipvlan`).
 */
export type NetworkPlugin = "flannel" | "terway" | "overlay_l2" | "underlay_ipvlan" | "vpc-router" | "eni";

/** Whether pods get their addresses from vSwitches, so that nodes have no share of a Pod range. */
export const usesVswitches = (plugin: NetworkPlugin): boolean => plugin === "terway" || plugin === "eni";

/** The machines that a cluster's workers are. */
export type WorkerKind = "virtual-machine" | "arm64-virtual-machine" | "bare-metal" | "windows";

/**
 * Where a cluster is in its life. A removed cluster is gone: it has no state.
 * - `creating`: its creation is queued or under way; `running`: usable; `changing`: a task changes it
 * - `failed`: its creation failed and was not rolled back; `removing`: its removal is queued or under way
 * - `remove-failed`: its removal failed and can be asked for again
 */
export type ClusterState = "creating" | "running" | "changing" | "failed" | "removing" | "remove-failed";

/** States in which a cluster is there to be used and changed. */
export const usableStates: readonly ClusterState[] = ["running", "changing"];
export const isUsable = ({ state }: { state: ClusterState }): boolean => usableStates.includes(state);

/** What is wanted of a cluster, defaults applied, in Kubernetes' words. */
export interface ClusterSpec {
  /** Its id as the dialect that made it spells it: what stands in the cluster itself. */
  vendorId: string;
  /** Name for people, beside the one that it was made under; undefined where it has none. */
  alias: string | undefined;
  description: string;
  /** Of the cluster as an object, shown with it and in its `cluster-info` ConfigMap. */
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** `managed`: the service hides the control plane; `dedicated`: its members are nodes of the user's. */
  kind: "managed" | "dedicated";
  /** As asked for, e.g. `1.18.8-aliyun.1`; undefined asks for the newest. */
  requestedVersion: string | undefined;
  /** The Kubernetes part of it, `x.y.z` or `x.y`. */
  kubernetesVersion: string | undefined;
  network: ClusterNetwork;
  /** Number of control-plane members: 1, 3 or 5. */
  members: number;
  /** Zone of each member, in the members' order. */
  memberZones: string[];
  workerKind: WorkerKind;
  /** The most workers it may have; undefined where there is no limit. */
  nodeLimit: number | undefined;
  apiServer: {
    /** Further names and addresses for the serving certificate. */
    extraSans: string[];
    serviceAccountIssuer: string;
    apiAudiences: string[];
    /** Whether it is reachable at a public address too, beside the inner one. */
    publicEndpoint: boolean;
    /**
     * RAM roles for service accounts: the token keys are published at `issuer`, and the audience of the cloud's token
     * service is accepted too. Undefined where it is off.
     */
    rrsa: { issuer: string; audience: string } | undefined;
    /**
     * Certificates (PEM) that an authenticating proxy's client certificate is signed by: such a proxy's `X-Remote-User`
     * headers say who sends a request. Undefined trusts none.
     */
    authenticatingProxyCa: string | undefined;
  };
  /** Id of the KMS key that Secrets are encrypted with at rest; undefined leaves them as they are. */
  secretEncryptionKeyId: string | undefined;
  /** What is installed in the cluster, the platform's own included; a disabled one is known and not installed. */
  addons: AddonSpec[];
  /** What a cloud makes beside the cluster. */
  cloud: CloudSpec;
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

/** An add-on of a cluster. */
export interface AddonSpec {
  /** As in the catalogue, e.g. `csi-plugin`. */
  name: string;
  /** Undefined takes the catalogue's. */
  version: string | undefined;
  /** Its settings as a JSON document, or an empty text. */
  config: string;
  disabled: boolean;
}

/** What a cloud makes for a cluster outside of it: listed as the cluster's resources. */
interface CloudSpec {
  /** NAT gateway with an SNAT entry, so that nodes reach the public network. */
  snat: boolean;
  /** Size of the API server's load balancer, e.g. `slb.s2.small`. */
  loadBalancerSpec: string;
  /** Whether the control-plane members admit SSH from the public network. */
  publicSsh: boolean;
  /** Monitoring agent on every node. */
  monitoring: boolean;
  resourceGroupId: string | undefined;
  /** Public address that exists already and is the API server's; undefined lets the service make one where it needs it. */
  eipId?: string | undefined;
}

/** The networks of a cluster. */
export interface ClusterNetwork {
  vpcId: string;
  vswitchIds: string[];
  /** Zones of the vSwitches, in their order, where they and the VPC were made for the cluster and go with it. */
  madeIn?: string[] | undefined;
  /** Where pods get their addresses with Terway and ENI; empty with the other plug-ins. */
  podVswitchIds: string[];
  /** High-speed subnet of bare-metal workers. */
  highwayVswitchId: string | undefined;
  plugin: NetworkPlugin;
  /** Undefined where pods get addresses from vSwitches. */
  podCidr: string | undefined;
  /** Further Pod ranges, kept free of others for when the first is used up. */
  morePodCidrs: string[];
  /** Prefix length of each node's share of the Pod range. */
  nodeCidrMask: number;
  serviceCidr: string;
  /** The cluster's second, IPv6 address family: its Pod and Service ranges; undefined leaves it with IPv4 alone. */
  ipv6: { podCidr: string; serviceCidr: string } | undefined;
  proxyMode: string;
  clusterDomain: string;
  /** Undefined lets the service make one. */
  securityGroupId: string | undefined;
  /** Whether the group that the service makes is of the enterprise kind. */
  enterpriseSecurityGroup: boolean;
}

/** A group of like nodes. */
export interface NodePoolSpec {
  name: string;
  /** `control-plane`: the members of a dedicated cluster, node i being member i. */
  role: "worker" | "control-plane";
  /** How many nodes are wanted. */
  size: number;
  /** Workers: in order of preference. Members: node i has entry i, and the last entry again where there is none. */
  instanceTypes: string[];
  /** Workers: see `vswitchPolicy`. Members: node i is in entry i, and in the last one where there is none. */
  vswitchIds: string[];
  /** `priority`: all in the first vSwitch; `balance`: in each in turn. */
  vswitchPolicy: "priority" | "balance";
  /** Instances that exist already and join first. */
  instances: string[];
  /** Whether those keep their names, which are then their nodes' annotations. */
  keepInstanceNames: boolean;
  /** Whether those have containers and images on their last data disk. */
  formatDisk: boolean;
  systemDisk: Disk;
  dataDisks: (Disk & { encrypted: boolean })[];
  labels: Record<string, string>;
  taints: { key: string; value: string; effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" }[];
  runtime: { name: string; version: string };
  operatingSystem: "linux" | "windows";
  architecture: "amd64" | "arm64";
  /** e.g. `AliyunLinux`, or the name of an image type, e.g. `ContainerOS`. */
  platform: string;
  imageId: string | undefined;
  cpuPolicy: "none" | "static";
  /** Script that a node runs when it joins, in clear. */
  userData: string | undefined;
  /** How names of Node objects are made; undefined uses the region and the address. */
  nodeName: NodeNamePattern | undefined;
  billing: Billing;
  keyPair: string | undefined;
  /** Groups that stand in for the cluster's. */
  securityGroupIds: string[];
  rdsInstances: string[];
  /** Tags of the instances, which are no labels. */
  instanceTags: Record<string, string>;
  /** Bounds of the size; undefined where it is not scaled automatically. */
  autoScaling: { min: number; max: number } | undefined;
  /** Whether nodes have a public address. */
  publicAddress: boolean;
  monitoring: boolean;
  confidential: boolean;
  deploymentSetId: string | undefined;
  /** The pool as it was asked for, secrets excepted: what only describing calls show. */
  request: Record<string, unknown>;
}

/** A disk of an instance. */
export interface Disk {
  /** e.g. `cloud_essd`. */
  category: string;
  sizeGiB: number;
  /** `PL0` to `PL3`, of `cloud_essd` alone. */
  performanceLevel?: string;
  snapshotPolicyId?: string;
}

/** How instances are paid for. */
export interface Billing {
  chargeType: "PrePaid" | "PostPaid";
  /** Months; undefined with `PostPaid`. */
  months: number | undefined;
  autoRenew: boolean;
  /** Months of each renewal. */
  renewMonths: number | undefined;
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
  /** Huawei Cloud project that it is in; null for the account's first one, which has all clusters made elsewhere. */
  projectId: string | null;
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
