import type { AddonSpec, ClusterSpec } from "../clusters/cluster.ts";
import type { CatalogueAddon, CataloguePlugin } from "./catalogue-addon.ts";
import { addonCatalogue } from "./catalogue-rows.ts";

export type { AddonSetting, CatalogueAddon, CataloguePlugin } from "./catalogue-addon.ts";
export { addonCatalogue } from "./catalogue-rows.ts";

const byName = new Map(addonCatalogue.flatMap((addon) => [addon.name, ...addon.aliases].map((name) => [name, addon])));

/** The add-on of that name or alias; undefined for an unknown one. */
export function findAddon(name: string): CatalogueAddon | undefined {
  return byName.get(name);
}

/** What decides which add-ons a cluster has. */
export interface AddonWishes {
  kind: ClusterSpec["kind"];
  /** As asked for: each add-on at most once, all of them known. */
  requested: readonly AddonSpec[];
  /** The kind of the cluster's Pod network. */
  plugin: CataloguePlugin;
  /** Whether its nodes are monitored. */
  monitoring: boolean;
}

/**
 * The add-ons of a cluster: those asked for, under the catalogue's names, followed by the defaults that it leaves open.
 * Each has a version. One that is asked for as disabled stays so, but for the platform's own. What stands against
 * what is asked for is no default: CSI is none beside flexvolume.
 */
export function effectiveAddons({ requested, ...cluster }: AddonWishes): AddonSpec[] {
  const asked = requested.map(completed);
  const wanted = asked.filter(({ disabled }) => !disabled);
  const defaults = addonCatalogue.filter(
    (addon) =>
      isDefault(addon, cluster) &&
      !asked.some(({ name }) => name === addon.name) &&
      !wanted.some(({ name }) => conflict(name, addon.name)),
  );
  return [
    ...asked,
    ...defaults.map(({ name }) => completed({ name, version: undefined, config: "", disabled: false })),
  ];
}

/** The spec under the catalogue's name, with a version, and enabled where it is the platform's own. */
function completed(spec: AddonSpec): AddonSpec {
  const addon = findAddon(spec.name);
  if (!addon) return spec;
  const { name, version, installed } = addon;
  return { ...spec, name, version: spec.version ?? version, disabled: spec.disabled && installed !== "always" };
}

function isDefault(addon: CatalogueAddon, { kind, plugin, monitoring }: Omit<AddonWishes, "requested">): boolean {
  if (addon.installed === "always" || addon.installed.includes(kind)) return true;
  return (monitoring && addon.monitoring === true) || addon === defaultNetwork(plugin);
}

const defaultNetwork = (plugin: CataloguePlugin): CatalogueAddon | undefined =>
  addonCatalogue.find((addon) => addon.plugin === plugin);

/**
 * The pairs among add-ons that cannot be in the same cluster.
 * @param names of the add-ons to install; aliases count as what they stand for
 */
export function conflictingAddons(names: readonly string[]): [string, string][] {
  return names.flatMap((name, index) =>
    names.slice(index + 1).flatMap((other): [string, string][] => (conflict(name, other) ? [[name, other]] : [])),
  );
}

/** Two Pod networks stand against each other, and so do add-ons of which one excludes the other. */
function conflict(name: string, otherName: string): boolean {
  const [addon, other] = [findAddon(name), findAddon(otherName)];
  if (!addon || !other || addon === other) return false;
  if (addon.plugin && other.plugin) return true;
  return addon.excludes.includes(other.name) || other.excludes.includes(addon.name);
}
