import { stringify } from "yaml";
import type { ClusterRanges } from "../control-plane.ts";
import type { ContentPlan, ContentPool } from "./cluster-content.ts";
import { clusterInfo } from "./cluster-info.ts";
import { dnsAddress } from "./coredns.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { configMap, secret } from "./objects.ts";

/** The objects that show how the cluster itself is configured: what it is, its kubelets, its nodes' user data. */
export function clusterConfiguration(plan: ContentPlan, kubernetesVersion: string): KubernetesObject[] {
  const { network, content } = plan;
  return [
    clusterInfo(plan, kubernetesVersion),
    kubeletConfig("kubelet-config", network, "none"),
    ...content.pools.filter(({ cpuPolicy }) => cpuPolicy !== "none").map((pool) => poolKubeletConfig(pool, network)),
    ...content.pools.flatMap(poolUserData),
    ...runtimeClasses(content.pools),
  ];
}

/** What the kubelets of most pools start with. */
function kubeletConfig(
  name: string,
  { clusterDomain, serviceCidr }: ClusterRanges,
  cpuManagerPolicy: string,
): KubernetesObject {
  const kubelet = stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    clusterDomain,
    clusterDNS: [dnsAddress(serviceCidr)],
    cpuManagerPolicy,
  });
  return configMap(name, { kubelet });
}

function poolKubeletConfig(pool: ContentPool, network: ClusterRanges): KubernetesObject {
  return ofPool(pool, kubeletConfig(`kubelet-config-${pool.id}`, network, pool.cpuPolicy));
}

function poolUserData(pool: ContentPool): KubernetesObject[] {
  if (!pool.userData) return [];
  return [ofPool(pool, secret(`user-data-${pool.id}`, { "user-data": pool.userData }))];
}

/** Says which pool an object is for; a pool's name may be any text, which a label may not. */
function ofPool({ name, labels }: ContentPool, object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, labels, annotations: { "sampan.dev/nodepool-name": name } } };
}

/** Runtimes that pods have to ask for, with the class and the handler by which ACK knows them. */
const sandbox = { runtime: "Sandboxed-Container.runv", handler: "runv" };

function runtimeClasses(pools: readonly ContentPool[]): KubernetesObject[] {
  if (!pools.some(({ runtime }) => runtime === sandbox.runtime)) return [];
  const { handler } = sandbox;
  return [{ apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: handler }, handler }];
}
