/** A Kubernetes object as it is applied: plain JSON with the fields that somebody cares for. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMetadata;
  [field: string]: unknown;
}

/** The part of `metadata` that is given. */
export interface ObjectMetadata {
  name: string;
  /** Left out for objects that are in no namespace. */
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** How one kind of object is reached and when it is applied. */
interface KindRow {
  /** The last part of its path, e.g. `daemonsets`. */
  resource: string;
  /** What others need is applied first: a namespace before what is in it, a service account before its pods. */
  wave: number;
}

const kinds: Readonly<Record<string, KindRow>> = {
  Namespace: { resource: "namespaces", wave: 0 },
  ServiceAccount: { resource: "serviceaccounts", wave: 1 },
  ConfigMap: { resource: "configmaps", wave: 2 },
  Secret: { resource: "secrets", wave: 2 },
  Service: { resource: "services", wave: 2 },
  ClusterRole: { resource: "clusterroles", wave: 2 },
  ClusterRoleBinding: { resource: "clusterrolebindings", wave: 2 },
  CSIDriver: { resource: "csidrivers", wave: 2 },
  StorageClass: { resource: "storageclasses", wave: 2 },
  IngressClass: { resource: "ingressclasses", wave: 2 },
  RuntimeClass: { resource: "runtimeclasses", wave: 2 },
  Deployment: { resource: "deployments", wave: 3 },
  DaemonSet: { resource: "daemonsets", wave: 3 },
};

/**
 * Path of an object, e.g. `/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy`.
 * @throws {Error} for a kind that no add-on has
 */
export function objectPath({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${group}${scope}/${rowOf(kind).resource}/${encodeURIComponent(name)}`;
}

/**
 * Number of the round in which an object is applied. Within a round the order does not matter.
 * @throws {Error} for a kind that no add-on has
 */
export function waveOf({ kind, spec }: KubernetesObject): number {
  // Other Services get any free address of the range: the one that asks for a certain address has to come before.
  if (kind === "Service" && hasAddress(spec)) return 1;
  return rowOf(kind).wave;
}

const hasAddress = (spec: unknown): boolean => typeof spec === "object" && spec !== null && "clusterIP" in spec;

/** How people call an object, e.g. `DaemonSet kube-system/kube-proxy`. */
export function describeObject({ kind, metadata: { name, namespace } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function rowOf(kind: string): KindRow {
  const row = kinds[kind];
  if (!row) throw new Error(`Objects of kind ${kind} are not in the table of kinds.`);
  return row;
}
