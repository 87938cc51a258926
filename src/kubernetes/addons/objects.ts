import { systemNamespace } from "./addon.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";

/** A ConfigMap in `kube-system`. */
export function configMap(name: string, data: Record<string, string>, namespace = systemNamespace): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

/** A Secret in `kube-system`; the values are in clear. */
export function secret(name: string, values: Record<string, string>): KubernetesObject {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: systemNamespace }, type: "Opaque", data };
}

/** A namespace. */
export const namespace = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

/** A rule of a ClusterRole: API groups, resources and verbs, each a list separated by blanks; `core` is the core group. */
export type AccessRule = readonly [groups: string, resources: string, verbs: string];

/** A service account in `kube-system` and what it may do in the whole cluster. */
export function serviceAccount(name: string, role: string, rules: readonly AccessRule[]): KubernetesObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const rolesRules = rules.map(([groups, resources, verbs]) => ({
    apiGroups: words(groups).map((group) => (group === "core" ? "" : group)),
    resources: words(resources),
    verbs: words(verbs),
  }));
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: systemNamespace } },
    { apiVersion, kind: "ClusterRole", metadata: { name: role }, rules: rolesRules },
    roleBinding(role, role, name),
  ];
}

/** Gives a service account of `kube-system` a role in the whole cluster. */
export function roleBinding(name: string, role: string, account: string): KubernetesObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ kind: "ServiceAccount", name: account, namespace: systemNamespace }],
  };
}

const words = (list: string): string[] => list.split(" ");

/** What a Service is like. */
export interface ServiceOptions {
  /** Labels of its pods. */
  selector: Record<string, string>;
  /** Port by name; `protocol` is TCP where it is left out. */
  ports: readonly { name: string; port: number; targetPort?: number | string; protocol?: "TCP" | "UDP" }[];
  /** Fields of its `spec` beside these. */
  spec?: Record<string, unknown>;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A Service in `kube-system`. */
export function service(
  name: string,
  { selector, ports, spec, labels, annotations }: ServiceOptions,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: systemNamespace, ...(labels && { labels }), ...(annotations && { annotations }) },
    // The protocol is part of a port's key, which an apply has to name.
    spec: { ...spec, selector, ports: ports.map((port) => ({ protocol: "TCP", ...port })) },
  };
}

/** A StorageClass for disks. */
export function diskClass(
  name: string,
  provisioner: string,
  type: string,
  volumeBindingMode: VolumeBindingMode = "Immediate",
): KubernetesObject {
  return storageClass(name, provisioner, { type }, volumeBindingMode);
}

/** When the volume of a claim is made: with the claim, or with the first pod that uses it. */
export type VolumeBindingMode = "Immediate" | "WaitForFirstConsumer";

/** A StorageClass whose volumes go with their claims and can grow. */
export function storageClass(
  name: string,
  provisioner: string,
  parameters: Readonly<Record<string, string>>,
  volumeBindingMode: VolumeBindingMode = "Immediate",
): KubernetesObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name },
    provisioner,
    parameters,
    reclaimPolicy: "Delete",
    allowVolumeExpansion: true,
    volumeBindingMode,
  };
}

/** A CSI driver. @param attachRequired whether its volumes are attached to nodes, as disks are */
export const csiDriver = (name: string, attachRequired: boolean): KubernetesObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIDriver",
  metadata: { name },
  spec: { attachRequired, podInfoOnMount: true },
});
