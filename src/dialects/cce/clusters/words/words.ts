import { parseIpv4Range } from "../../../../cidr.ts";
import type { NetworkPlugin, WorkerKind } from "../../../../core/clusters/cluster.ts";

/** Network modes that a cluster object can name; the other plug-ins are another vendor's. */
export type NetworkMode = Exclude<NetworkPlugin, "flannel" | "terway">;

/**
 * A CCE cluster object as far as the core has words for it: what a request asks for and an answer shows. Requests and answers
 * have more members, which are kept as they were sent.
 */
export interface CceWords {
  metadata: {
    name: string;
    alias?: string;
    /** IANA name. */
    timezone?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: {
    /** One of {@link clusterTypes}. */
    type?: string;
    flavor: string;
    /** `v1.28`, `v1.7.3-r13`. */
    version?: string;
    description?: string;
    hostNetwork: { vpc: string; subnet: string; highwaySubnet?: string; SecurityGroup?: string };
    containerNetwork: { mode: string; cidr?: string; cidrs?: { cidr: string }[] };
    eniNetwork?: { subnets?: { subnetID: string }[]; eniSubnetId?: string };
    serviceNetwork?: { IPv4CIDR?: string; IPv6CIDR?: string };
    /** The older place of `serviceNetwork.IPv4CIDR`. */
    kubernetesSvcIpRange?: string;
    kubeProxyMode?: string;
    ipv6enable?: boolean;
    authentication?: { mode?: string; authenticatingProxy?: { ca?: string } };
    customSan?: string[];
    deletionProtection?: boolean;
    clusterTags?: { key: string; value?: string }[];
    masters?: { availabilityZone?: string }[];
    encryptionConfig?: { mode?: string; kmsKeyID?: string };
    extendParam?: ExtendParam;
  };
}

/** The free parameters that mean something here; others are kept as they were sent. */
export interface ExtendParam {
  /** A zone, or `multi_az`. */
  clusterAZ?: string;
  enterpriseProjectId?: string;
  /** Public address to reach the API server at. */
  clusterExternalIP?: string;
  /** Prefix length of each node's share of the Pod range. */
  "alpha.cce/fixPoolMask"?: string | number;
  /** The older place of `spec.kubeProxyMode`. */
  kubeProxyMode?: string;
}

/** `spec.type` by the core's word. */
export const clusterTypes: Readonly<Record<WorkerKind, string>> = {
  "virtual-machine": "VirtualMachine",
  "arm64-virtual-machine": "ARM64",
  "bare-metal": "BareMetal",
  windows: "Windows",
};

/** What the documents, or today's service, have for members that are left out. */
export const defaults = {
  kubeProxyMode: "iptables",
  clusterDomain: "cluster.local",
  issuer: "https://kubernetes.default.svc.cluster.local",
  /** The longest share of the Pod range that a node has by default, and the shortest one that it may have. */
  nodeCidrMask: 24,
  longestNodeCidrMask: 28,
  /** Minutes that a creation may take. */
  timeoutMinutes: 60,
  /** The second address family of clusters with `ipv6enable`: ranges of unique local addresses (RFC 4193). */
  ipv6: { podCidr: "fd00:cce:1::/48", serviceCidr: "fd00:cce:2::/112" },
} as const;

/** Name of the key where a cluster's Secrets are encrypted and no KMS key is named. */
export const defaultEncryptionKey = "default";

/** A node's share of a cluster's Pod range for which none is asked; a cluster without a range has the usual one. */
export const usualNodeMask = (podCidr: string | undefined): number =>
  defaultNodeMask((podCidr ? parseIpv4Range(podCidr)?.prefix : undefined) ?? 0);

/** A node's share of a Pod range for which none is asked. @param podPrefix prefix length of the Pod range */
export const defaultNodeMask = (podPrefix: number): number =>
  Math.max(defaults.nodeCidrMask, Math.min(podPrefix + 4, defaults.longestNodeCidrMask));
