import { addonSettings } from "../../add-ons/settings.ts";
import type { AddonSpec } from "../../clusters/cluster.ts";

/** Add-ons that write to a log project. */
export const loggingAddons: readonly string[] = ["logtail-ds", "ack-node-problem-detector"];

/** The add-ons with which a cluster has an audit log. */
export const auditAddons: readonly string[] = ["logtail-ds", "loongcollector"];

/** The log project that is made for a cluster whose add-ons name none. */
export const madeLogProject = (clusterId: string): string => `k8s-log-c${clusterId}`;

/** The log project that an add-on of a cluster writes to. */
export const logProjectOf = (clusterId: string, addon: AddonSpec): string =>
  addonSetting(addon, "sls_project_name") || madeLogProject(clusterId);

/** A text in an add-on's settings; empty where they have none. */
export function addonSetting(addon: AddonSpec, name: string): string {
  const value = addonSettings(addon)[name];
  return typeof value === "string" ? value : "";
}
