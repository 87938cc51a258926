import { systemNamespace } from "./addon.ts";
import type { ContentPlan, ContentPool } from "./cluster-content.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";

/** What the workloads of add-ons differ in. */
export interface WorkloadOptions {
  /** Labels of its pods. Default: `app` with the workload's name. */
  labels?: Record<string, string>;
  image: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** TCP ports by name. */
  ports?: Readonly<Record<string, number>>;
  /** CPU and memory that a pod claims; nothing where it is left out. */
  requests?: { cpu: string; memory: string };
  /** Name of a ConfigMap whose files it reads, and where. */
  configMap?: { name: string; path: string };
  /** Default: the namespace's own. */
  serviceAccountName?: string;
  /** Default: `kube-system`. */
  namespace?: string;
  /** Labels of the nodes that it runs on, beside being Linux. */
  nodeLabels?: Readonly<Record<string, string>>;
}

/** A DaemonSet with a pod on every Linux node, whatever taints it has, in the node's own network. */
export function daemonSet(name: string, options: WorkloadOptions): KubernetesObject {
  return workload("DaemonSet", name, options, {
    hostNetwork: true,
    priorityClassName: "system-node-critical",
    tolerations: [{ operator: "Exists" }],
  });
}

/** What Deployments differ in besides. */
export interface DeploymentOptions extends WorkloadOptions {
  /** Default 1. */
  replicas?: number;
  /** Whether the cluster needs it: it may then run on control-plane nodes, too. */
  critical?: boolean;
}

/**
 * A Deployment. Its pods tolerate the taints that the cluster's node pools come with, so that it runs where all nodes
 * have some; they do not tolerate all taints, since they would go to nodes that are being drained.
 */
export function deployment(name: string, { content }: ContentPlan, options: DeploymentOptions): KubernetesObject {
  const { replicas = 1, critical = false, ...rest } = options;
  const tolerations = [...(critical ? criticalTolerations : []), ...poolTolerations(content.pools)];
  const pod = { ...(critical && { priorityClassName: "system-cluster-critical" }), ...listed({ tolerations }) };
  return workload("Deployment", name, rest, pod, { replicas });
}

const controlPlaneTaints = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"];

/** As upstream's add-ons have them. */
const criticalTolerations = [
  { key: "CriticalAddonsOnly", operator: "Exists" },
  ...controlPlaneTaints.map((key) => ({ key, operator: "Exists", effect: "NoSchedule" })),
];

function poolTolerations(pools: readonly ContentPool[]): Record<string, string>[] {
  const taints = pools
    .flatMap((pool) => pool.taints ?? [])
    .filter(({ key, effect }) => effect !== "PreferNoSchedule" && !controlPlaneTaints.includes(key));
  const tolerations = taints.map(({ key, value, effect }) => ({ key, operator: "Equal", value: value ?? "", effect }));
  // Several pools may have the same taint.
  return [...new Map(tolerations.map((toleration) => [JSON.stringify(toleration), toleration])).values()];
}

function workload(
  kind: "DaemonSet" | "Deployment",
  name: string,
  options: WorkloadOptions,
  pod: Record<string, unknown>,
  spec: Record<string, unknown> = {},
): KubernetesObject {
  const { labels = { app: name }, namespace = systemNamespace, configMap, serviceAccountName } = options;
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, labels },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...pod,
          nodeSelector: { "kubernetes.io/os": "linux", ...options.nodeLabels },
          ...(serviceAccountName && { serviceAccountName }),
          containers: [container(name, options)],
          ...(configMap && { volumes: [{ name: "config", configMap: { name: configMap.name } }] }),
        },
      },
    },
  };
}

function container(name: string, { image, args, env, ports, requests, configMap }: WorkloadOptions) {
  return {
    name,
    image,
    ...(args && { args }),
    ...listed({
      env: Object.entries(env ?? {}).map(([key, value]) => ({ name: key, value })),
      ports: Object.entries(ports ?? {}).map(([port, containerPort]) => ({
        name: port,
        containerPort,
        protocol: "TCP",
      })),
    }),
    ...(requests && { resources: { requests } }),
    ...(configMap && { volumeMounts: [{ name: "config", mountPath: configMap.path }] }),
  };
}

/** The lists that have something in them. */
function listed(lists: Record<string, readonly unknown[]>): Record<string, readonly unknown[]> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}
