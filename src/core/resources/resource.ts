import type { Cluster, DialectName, NodePoolSpec } from "../clusters/cluster.ts";
import type { Vswitch } from "../inventory/inventory.ts";
import type { ClusterNode, NodePool } from "../nodes/nodes.ts";

/** What a cloud makes for clusters, or has for them. */
export type ResourceKind =
  | "stack"
  | "vpc"
  | "vswitch"
  | "security-group"
  | "security-group-rule"
  | "load-balancer"
  | "eip"
  | "nat-gateway"
  | "snat-entry"
  | "scaling-group"
  | "scaling-configuration"
  | "instance"
  | "disk"
  | "rds-allow-list"
  | "log-project"
  | "identity-provider";

/** Names a resource within its cluster. */
export interface ResourceReference {
  kind: ResourceKind;
  /** e.g. `lb-2ze0...`. */
  id: string;
}

/** A resource that a cluster would have in a cloud: only its description is real. */
export interface ClusterResource extends ResourceReference {
  clusterId: string;
  /** What it is to the cluster, e.g. `k8s_NAT_Gateway`. */
  name: string;
  /** Whether it was there before the cluster, which leaves it alone. */
  existing: boolean;
  creator: "user" | "system" | "addon";
  /** The node pool it serves; null where it serves the whole cluster. */
  nodePoolId: string | null;
  /** Size, billing, tags and the like, by names in camelCase. */
  details: Record<string, unknown>;
  /** What it needs, all of them resources of the same cluster. */
  dependencies: ResourceReference[];
  /** The object in the cluster that it belongs to. */
  associatedObject: { kind: string; namespace: string; name: string } | null;
  /** Order within the cluster, from 0. */
  ordinal: number;
  createdAt: Date;
}

/** A resource that is planned: what every one has is filled in when all are together. */
export type PlannedResource = ResourceReference &
  Pick<ClusterResource, "name" | "details" | "dependencies"> &
  Partial<Pick<ClusterResource, "existing" | "creator" | "nodePoolId" | "associatedObject">>;

/** What resources are planned from. */
export interface ResourcePlan {
  cluster: Pick<Cluster, "id" | "spec">;
  /** Whose cloud it is. */
  dialect: DialectName;
  pools: readonly Omit<NodePool, "createdAt">[];
  nodes: readonly Omit<ClusterNode, "createdAt">[];
  /** Of the nodes and the pods. */
  vswitches: readonly Vswitch[];
  /** When the cluster is created. */
  at: Date;
  /** Makes an id, e.g. `lb-2ze0...` of `lb`. */
  newId(prefix: string): string;
  /** Names the instance of a node of a pool. */
  nameInstance(spec: NodePoolSpec, node: Omit<ClusterNode, "createdAt">): string;
}

/** Names a resource for the dependencies of another. */
export const refer = (kind: ResourceKind, id: string): ResourceReference => ({ kind, id });
