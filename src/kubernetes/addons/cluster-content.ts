import type { ClusterRanges, Ipv6Ranges } from "../control-plane.ts";

/**
 * What the objects are made from that stand in a cluster from the start: those of the platform (CoreDNS, kube-proxy, the
 * kubelets' configuration …) and the add-ons'. A cluster's plan has all of it.
 */
export interface ContentPlan {
  /** May hold any text. */
  name: string;
  network: ContentNetwork;
  /** IANA name; undefined leaves the machine's. */
  timezone: string | undefined;
  content: ClusterContent;
}

/** The network of a cluster, in the cloud and in itself. */
export interface ContentNetwork extends ClusterRanges {
  ipv6: Ipv6Ranges | undefined;
  /** Pod ranges for when the first is used up. */
  morePodCidrs: readonly string[];
  /** What makes the Pod network, e.g. `flannel`. */
  plugin: string;
  /** kube-proxy's `mode`. */
  proxyMode: string;
  vpcId: string;
  /** Where its nodes are. */
  subnetIds: readonly string[];
  /** High-speed subnet of bare-metal workers. */
  highSpeedSubnetId: string | undefined;
  /** Where pods get their addresses when that is no share of a Pod range. */
  podSubnets: readonly { id: string; zone: string; cidr: string }[];
  securityGroupIds: readonly string[];
}

/** What a cluster is beyond its control plane and its network, as plain data. */
export interface ClusterContent {
  /** The cluster's id as the vendor spells it, e.g. `c` and 32 hexadecimal digits. */
  vendorId: string;
  /** Name for people beside the cluster's own; may hold any text, as the next one. */
  displayName: string | undefined;
  description: string;
  /** Of the cluster as the vendor's API has it: any keys and any values. */
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  region: string;
  /** Where the vendor's images are, e.g. `registry-vpc.cn-beijing.aliyuncs.com/acs`. */
  imageRegistry: string;
  /** As asked for, e.g. `1.18.8-aliyun.1`; undefined where the newest was. */
  requestedVersion: string | undefined;
  /** What its workers are, e.g. `bare-metal`. */
  workerKind: string;
  /** The most workers that it may have; undefined where there is no limit. */
  nodeLimit: number | undefined;
  /** Zone of each member of its control plane. */
  memberZones: readonly string[];
  /** Labels of the nodes whose machines are monitored. */
  monitoredNodes: Readonly<Record<string, string>>;
  /** Add-ons to install, in order; disabled ones are left out. */
  addons: InstalledAddon[];
  /** The workers' groups, each with a kubelet configuration of its own. */
  pools: ContentPool[];
}

/** One add-on to install. */
export interface InstalledAddon {
  name: string;
  version: string;
  /** Its settings; empty where there are none. */
  config: Record<string, unknown>;
}

/** What the objects in the cluster need to know of a node pool. */
export interface ContentPool {
  id: string;
  name: string;
  /** The label, in the cloud's words, by which its nodes and the objects made for it are found. */
  labels: Readonly<Record<string, string>>;
  cpuPolicy: "none" | "static";
  /** Container runtime, e.g. `docker`; `Sandboxed-Container.runv` gets a RuntimeClass. */
  runtime: string;
  /** Script that nodes run when they join. */
  userData: string | undefined;
  /** Of its nodes: what the add-ons' pods have to tolerate where all nodes have taints. */
  taints?: readonly { key: string; value?: string; effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" }[];
}
