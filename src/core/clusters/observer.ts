import type { AdminAccess, ClusterDescription, Kubeconfig, KubeconfigWish, TokenKeys } from "../../cluster-access.ts";
import type { Cluster } from "./cluster.ts";

/**
 * What only the place where a cluster lives can tell of it. The core says what it needs; whoever starts the service
 * connects it to the substrate.
 */
export interface ClusterObserver {
  /** What is known without asking the cluster itself. */
  describe(cluster: Cluster): ClusterDescription;
  /** Readiness of each node by its name; rejects where the API server does not answer in time, or its home is silent. */
  nodeReadiness(cluster: Cluster): Promise<ReadonlyMap<string, boolean>>;
  /** An administrator's kubeconfig with a client certificate of its own. */
  kubeconfig(cluster: Cluster, wish: KubeconfigWish): Promise<Kubeconfig>;
  /** A new client certificate of an administrator, and where the API server is reached with it. */
  adminAccess(cluster: Cluster, wish: { lifetimeMinutes: number }): Promise<AdminAccess>;
  /** Whether every member of its control plane is ready (`/readyz`), which it is not where one does not answer in time. */
  readiness(cluster: Cluster): Promise<Readiness>;
  /** Undefined before they are made. */
  serviceAccountKeys(cluster: Cluster): Promise<TokenKeys | undefined>;
  /** The certificate (PEM) of the authority that signs the API server's; undefined before it is made. */
  certificateAuthority(cluster: Cluster): Promise<string | undefined>;
}

/** Whether a cluster's control plane is ready. */
export interface Readiness {
  isReady: boolean;
  /** A sentence, where it is not known to be ready because nobody can tell. */
  reason?: string | undefined;
}
