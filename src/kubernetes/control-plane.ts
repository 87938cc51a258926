/**
 * One cluster's control plane as plain data: what its certificates and its components' arguments are made of. Holds no
 * secrets. The `network` and `apiServer` parts of a cluster's plan fit in here as they are.
 */
export interface ControlPlane {
  /** Tells this cluster's etcd members from another's, e.g. the cluster's id. Letters, digits, `-`. */
  id: string;
  /** Loopback address where clients inside reach the API server, e.g. `127.64.1.3`. */
  endpointAddress: string;
  /** Loopback address where clients outside reach it while that is open, e.g. `127.64.1.1`; undefined where they never do. */
  publicAddress?: string | undefined;
  /** One member, or an odd number of them. */
  members: readonly ControlPlaneMember[];
  network: ClusterRanges;
  apiServer: {
    /** Further DNS names (a leading `*.` allowed) and addresses for the serving certificate. */
    extraSans: readonly string[];
    serviceAccountIssuer: string;
    apiAudiences: readonly string[];
    /** Whether requests are recorded in the member's audit log. */
    auditLog?: boolean;
    /**
     * Certificates (PEM) of those who sign the client certificates of authenticating proxies, whose `X-Remote-User`
     * headers are then believed; undefined believes nobody's but the aggregator's.
     */
    authenticatingProxyCa?: string | undefined;
  };
  /** Name of the key with which Secrets are encrypted in etcd; undefined leaves them readable there. */
  secretEncryption?: { keyName: string } | undefined;
  /** IANA time zone of the processes; undefined leaves the machine's. */
  timezone: string | undefined;
}

/** Where a cluster's pods and Services have their addresses, and their names. */
export interface ClusterRanges {
  /** Pod range; undefined where nodes get no share of one (`--allocate-node-cidrs=false`). */
  podCidr: string | undefined;
  /** Prefix length of each node's share of `podCidr`. */
  nodeCidrMask: number;
  serviceCidr: string;
  /** Ranges of the second address family; undefined leaves the cluster with IPv4 alone. */
  ipv6?: Ipv6Ranges | undefined;
  /** e.g. `cluster.local`. */
  clusterDomain: string;
}

/** IPv6 ranges of a cluster. */
export interface Ipv6Ranges {
  /** Of which each node has a share where it has one of the IPv4 Pod range. */
  podCidr: string;
  /** At most 2^20 addresses, a /108: what API servers allow. */
  serviceCidr: string;
}

/** One machine of the control plane: an etcd, an API server, a controller manager and a scheduler. */
export interface ControlPlaneMember {
  /** Name of the etcd member and common name of its certificates, e.g. `member-1`. */
  name: string;
  /** The member's own loopback address, e.g. `127.64.1.11`. */
  address: string;
  /**
   * Where this member's API server listens, and where its managers find it: `address`, but for a single member the
   * cluster's `endpointAddress`, so that no forwarder is needed.
   */
  apiServerAddress: string;
  /** Address in the VPC, shown in the Endpoints object `kubernetes`, which may not hold a loopback address. */
  vpcAddress: string;
  /** Absolute path of the folder that holds the member's files: see {@link memberPaths}. */
  directory: string;
}

/** The standard ports, the same for every member since each has an address of its own. */
export const memberPorts = {
  etcdClient: 2379,
  etcdPeer: 2380,
  etcdMetrics: 2381,
  apiServer: 6443,
  controllerManager: 10257,
  scheduler: 10259,
} as const;

/** Base address of a member's API server, e.g. `https://127.64.1.1:6443`. */
export function apiServerUrl(member: ControlPlaneMember): string {
  return `https://${member.apiServerAddress}:${memberPorts.apiServer}`;
}
