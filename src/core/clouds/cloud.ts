import type { Cluster, Disk, NodePoolSpec } from "../clusters/cluster.ts";
import type { ClusterNode } from "../nodes/nodes.ts";
import type { PlannedResource, ResourcePlan } from "../resources/resource.ts";
import type { KubernetesRelease } from "../versions/release.ts";

/** What an instance type offers. */
export interface InstanceType {
  cpu: number;
  memoryGiB: number;
}

/** What an account may have only so many of. */
export type QuotaName = "clusters" | "nodes";

/**
 * The facts of a vendor's cloud that do not depend on its HTTP API: plain data and pure functions. What a dialect says, and
 * how, is the dialect's own; what its vendor sells and how it names things, tasks and the core have to know as well.
 */
export interface Cloud {
  /** What the vendor offers of Kubernetes, or once did, oldest first; empty where that is not known. */
  releases: readonly KubernetesRelease[];
  /** How it writes versions: the groups are major, minor, patch and the number of its own build. */
  versionForm: RegExp;
  /** Where it has its images, e.g. `registry.k8s.io`. */
  imageRegistry(region: string): string;
  /** What an instance type offers; undefined for one that is not known. */
  findInstanceType(name: string): InstanceType | undefined;
  /** The name of a node's instance. */
  instanceName(
    cluster: Pick<Cluster, "id">,
    spec: Pick<NodePoolSpec, "role" | "keepInstanceNames">,
    node: Pick<ClusterNode, "existing" | "instanceId" | "ordinal">,
  ): string;
  /** A new id of a resource. @param prefix short for what it is, e.g. `lb` */
  newResourceId(prefix: string): string;
  /** What it makes for a cluster, and uses for it of what is there: what each one is made of comes before it. */
  plannedResources(plan: ResourcePlan): PlannedResource[];
  /** What a node says its operating system is, by the platform's name in a request; another name stands for itself. */
  osImages: ReadonlyMap<string, string>;
  /** The label of nodes that has their node pool's id. */
  nodePoolLabel: string;
  /**
   * The annotation by which a Service asks for a load balancer without a public address, and what its value then has in
   * it; undefined where that is not known.
   */
  innerLoadBalancer: { annotation: string; value: RegExp } | undefined;
  /** A disk in the words of its API. */
  diskInWords(disk: Disk): Record<string, unknown>;
  /** The most that it is seen to let an account have. Sampan itself sets no limit. */
  quotas: Readonly<Record<QuotaName, number>>;
  /** What the API server's public address is called among a cluster's resources. */
  publicAddressName: string;
}

/** What an instance type that is not known is taken for. */
export const unknownInstanceType: InstanceType = { cpu: 4, memoryGiB: 8 };
