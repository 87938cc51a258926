import type { Cluster } from "./cluster.ts";

/**
 * What only the place where a cluster lives can tell of it. The core says what it needs; whoever starts the service
 * connects it to the substrate.
 */
export interface ClusterObserver {
  /** What is known without asking the cluster itself. */
  describe(cluster: Cluster): ClusterDescription;
  /** Readiness of each node by its name; rejects where the API server does not answer in time. */
  nodeReadiness(cluster: Cluster): Promise<ReadonlyMap<string, boolean>>;
  /**
   * An administrator's kubeconfig with a client certificate of its own.
   * @param lifetimeMinutes undefined for the long-lived certificate
   */
  kubeconfig(cluster: Cluster, lifetimeMinutes: number | undefined): Promise<{ config: string; expiration: Date }>;
}

/** Where a cluster is reached and what it runs. */
export interface ClusterDescription {
  /** Address of the API server; undefined before it has one. */
  endpoint: string | undefined;
  /** Kubernetes version that runs, e.g. `1.20.2`; undefined before it is decided. */
  runningVersion: string | undefined;
}
