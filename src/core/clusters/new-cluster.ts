import type { Cluster, ClusterSpec, NodePoolSpec } from "./cluster.ts";

/** A cluster as a dialect asks for it: without what is given out here. */
export type WantedSpec = Omit<ClusterSpec, "vendorId" | "memberAddresses" | "memberZones" | "apiServer" | "network"> & {
  /** Zones of the members, in order; `spread` gives each another one where the region has that many, `any` lets the vSwitch decide. */
  memberZones: string[] | "spread" | "any";
  network: Omit<ClusterSpec["network"], "serviceCidr"> & {
    /** Undefined takes the vendor's usual range, or where the Pod range overlaps it another one. */
    serviceCidr: string | undefined;
    /** Where zones are named, a VPC and a vSwitch in each are made, and the ids above and those of the pools are empty. */
    madeIn?: string[] | undefined;
  };
  apiServer: Omit<ClusterSpec["apiServer"], "serviceAccountIssuer" | "rrsa"> & {
    /** Undefined takes the address at which Sampan publishes the keys. */
    serviceAccountIssuer: string | undefined;
    rrsa: { audience: string } | undefined;
  };
};

/** What a dialect asks for when it makes a cluster. */
export interface NewCluster {
  accountId: string;
  /** Huawei Cloud project; null for the account's first. */
  projectId: string | null;
  /** What who asks gets to see: the whole account, or its project alone. Messages name no clusters beyond that. */
  sees: "account" | "project";
  dialect: Cluster["dialect"];
  /** How the dialect spells the id that the cluster is given. */
  spellId: (id: string) => string;
  /**
   * What a Pod range means that overlaps another one in use, or is left out: `refuse` it, or `choose` another one of
   * 172.16.0.0/16 to 172.31.0.0/16.
   */
  podRange: "refuse" | "choose";
  name: string;
  region: string;
  spec: WantedSpec;
  /** The groups of its nodes; a dedicated cluster's members are the one with that role. */
  nodePools: NodePoolSpec[];
  /** The request as it was sent, secrets excepted. */
  request: Record<string, unknown>;
  /** Secrets of the request by name, e.g. `login-password`; kept encrypted. */
  secrets: Record<string, string>;
  /** What the user should know about how the request was taken. */
  remarks: string[];
  /** `strict` refuses networks that are not known, and ranges that overlap another cluster's in the VPC. */
  inventory: "implicit" | "strict";
}
