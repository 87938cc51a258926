import type { ContentPlan } from "../cluster-content.ts";
import { clusterObjects } from "../cluster-objects.ts";
import { describeObject, type KubernetesObject } from "../kubernetes-object.ts";

/** Version of the control plane in tests. */
export const version = "1.20.2";

/** What people call the objects of a cluster, in their order. */
export const namesIn = (plan: ContentPlan): string[] => clusterObjects(plan, version).map(describeObject);

/**
 * The object of a cluster that people call so, e.g. `DaemonSet kube-system/kube-proxy`.
 * @throws {Error} where there is none
 */
export function findObject(plan: ContentPlan, name: string): KubernetesObject {
  const found = clusterObjects(plan, version).find((object) => describeObject(object) === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
}

/** The data of a ConfigMap in `kube-system`. */
export function dataOf(plan: ContentPlan, name: string): Record<string, string> {
  return findObject(plan, `ConfigMap kube-system/${name}`).data as Record<string, string>;
}
