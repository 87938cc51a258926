/**
 * What stands in a cluster from the start, as plain data in Kubernetes' words: from it the objects of the platform (CoreDNS,
 * kube-proxy, the kubelets' configuration …) and of the add-ons are made.
 */
export interface ClusterContent {
  clusterId: string;
  /** Display name; may hold any text. */
  name: string;
  region: string;
  /** As asked for, e.g. `1.18.8-aliyun.1`; undefined where the newest was. */
  requestedVersion: string | undefined;
  vpcId: string;
  plugin: "flannel" | "terway";
  /** Where pods get their addresses with Terway. */
  podVswitches: { id: string; zone: string; cidr: string }[];
  securityGroupIds: string[];
  /** kube-proxy's `mode`. */
  proxyMode: string;
  podCidr: string | undefined;
  nodeCidrMask: number;
  serviceCidr: string;
  clusterDomain: string;
  /** IANA name; undefined leaves the machine's. */
  timezone: string | undefined;
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
  cpuPolicy: "none" | "static";
  /** Container runtime, e.g. `docker`; `Sandboxed-Container.runv` gets a RuntimeClass. */
  runtime: string;
  /** Script that nodes run when they join. */
  userData: string | undefined;
  /** Of its nodes: what the add-ons' pods have to tolerate where all nodes have taints. */
  taints?: readonly { key: string; value?: string; effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" }[];
}
