import type { AddonSpec } from "../clusters/cluster.ts";

/**
 * The settings of an add-on. They have passed a check when they were asked for; what is no JSON object all the same has
 * none, so that no text in the database can keep a cluster from being shown, or removed.
 */
export function addonSettings({ config }: Pick<AddonSpec, "config">): Readonly<Record<string, unknown>> {
  try {
    const settings: unknown = JSON.parse(config || "{}");
    return typeof settings === "object" && settings !== null && !Array.isArray(settings) ? { ...settings } : {};
  } catch {
    return {};
  }
}
