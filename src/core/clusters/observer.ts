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
  kubeconfig(cluster: Cluster, wish: KubeconfigWish): Promise<{ config: string; expiration: Date }>;
  /** A new client certificate of an administrator, and where the API server is reached with it. */
  adminAccess(cluster: Cluster, wish: { lifetimeMinutes: number }): Promise<AdminAccess>;
  /** Whether every member of its control plane is ready (`/readyz`), which it is not where one does not answer in time. */
  readiness(cluster: Cluster): Promise<Readiness>;
  /** The public keys of its service-account tokens, as a JSON Web Key Set (RFC 7517); undefined before they are made. */
  serviceAccountKeys(cluster: Cluster): Promise<{ keys: Readonly<Record<string, string>>[] } | undefined>;
}

/** Whether a cluster's control plane is ready. */
export interface Readiness {
  isReady: boolean;
  /** A sentence, where it is not known to be ready because nobody can tell. */
  reason?: string | undefined;
}

/** What kind of kubeconfig is wanted. */
interface KubeconfigWish {
  /** Undefined for the long-lived certificate. */
  lifetimeMinutes: number | undefined;
  /** Which address of the API server it names; the inner one stands in for a public one that is not there. */
  endpoint: "public" | "intranet";
}

/** Where a cluster is reached and what it runs. */
export interface ClusterDescription {
  /** Addresses of the API server, e.g. `https://127.64.1.1:6443`; undefined before it has any. */
  endpoints: { public: string | undefined; intranet: string } | undefined;
  /** Kubernetes version that runs, e.g. `1.20.2`; undefined before it is decided. */
  runningVersion: string | undefined;
}

/** What a kubeconfig is made from; texts are PEM. */
export interface AdminAccess {
  endpoints: { public: string | undefined; intranet: string };
  /** The authority that signs the API server's certificate. */
  ca: string;
  cert: string;
  key: string;
}
