import type { ClusterSpec } from "../../../../core/clusters/cluster.ts";

/** The kinds of clusters that CreateCluster makes. */
export type Kind = ClusterSpec["kind"];
