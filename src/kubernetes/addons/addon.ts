import type { ContentPlan, InstalledAddon } from "./cluster-content.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";

/** What an add-on's objects are made from. */
export interface AddonScope {
  addon: InstalledAddon;
  /** Of the cluster that it is in. */
  plan: ContentPlan;
  /** Version of the cluster's control plane, `x.y.z`. */
  kubernetesVersion: string;
}

/** Makes the objects of one add-on. Pure. */
export type AddonBuilder = (scope: AddonScope) => KubernetesObject[];

/** The namespace of everything that belongs to the platform. */
export const systemNamespace = "kube-system";

/** A setting as a text; empty where it is not given. Clients send numbers and booleans as such and as texts. */
export function setting({ addon }: AddonScope, key: string): string {
  const value = addon.config[key];
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a setting is on. */
export const isOn = (scope: AddonScope, key: string): boolean => setting(scope, key).toLowerCase() === "true";

/** An image as the vendor has it in the cluster's region. Nothing pulls it: pods are states here. */
export function image({ plan }: AddonScope, name: string, version: string): string {
  const tag = version.replace(/[^\w.-]/g, "-");
  return `${plan.content.imageRegistry}/${name}${tag && `:${tag}`}`;
}

/** The log project that an add-on writes to: the one asked for, or the one that is made for the cluster. */
export function logProject(scope: AddonScope): string {
  return setting(scope, "sls_project_name") || `k8s-log-${scope.plan.content.vendorId}`;
}
