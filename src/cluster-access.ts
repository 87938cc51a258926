/**
 * How a cluster's API server is reached and by whom: what substrates know, and dialects show. Said once, for both sides.
 */

/** Where clients reach an API server, e.g. `https://127.64.1.1:6443`. */
export interface ApiEndpoints {
  /** Undefined where the cluster has no public endpoint. */
  public: string | undefined;
  intranet: string;
}

/** Where a cluster is reached and what it runs. */
export interface ClusterDescription {
  /** Undefined before it has any. */
  endpoints: ApiEndpoints | undefined;
  /** Kubernetes version that runs, e.g. `1.20.2`; undefined before it is decided. */
  runningVersion: string | undefined;
}

/** What kind of kubeconfig is wanted. */
export interface KubeconfigWish {
  /** Undefined for the long-lived certificate. */
  lifetimeMinutes: number | undefined;
  /** Which address of the API server it names; the inner one stands in for a public one that is not there. */
  endpoint: "public" | "intranet";
}

/** An administrator's kubeconfig with a client certificate of its own. */
export interface Kubeconfig {
  /** YAML. */
  config: string;
  /** When the certificate ends. */
  expiration: Date;
}

/** A new client certificate of an administrator and where it is good; texts are PEM. */
export interface AdminAccess {
  endpoints: ApiEndpoints;
  /** The authority that signs the API server's certificate. */
  ca: string;
  cert: string;
  key: string;
}

/** The public keys of a cluster's service-account tokens: a JSON Web Key Set (RFC 7517), with `kid`, `use` and `alg` of each. */
export interface TokenKeys {
  keys: Readonly<Record<string, string>>[];
}
