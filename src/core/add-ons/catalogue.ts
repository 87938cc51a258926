import type { AddonSpec, ClusterSpec, NetworkPlugin } from "../clusters/cluster.ts";

/** An add-on that clusters can have. */
export interface CatalogueAddon {
  /** As the vendor calls it, e.g. `csi-plugin`. */
  name: string;
  /** What is installed where no version is asked for. The kube-proxy in a cluster always has the cluster's own. */
  version: string;
  category: "core" | "network" | "storage" | "monitor" | "security" | "application";
  /** What it is for, in a few words. */
  purpose: string;
  /** `always`: the platform's own, which nobody can disable. Else the kinds of cluster that have it by default. */
  installed: "always" | readonly ClusterSpec["kind"][];
  /** Set for the add-ons that make the Pod network: the kind they make, of which a cluster has one. */
  plugin?: NetworkPlugin;
  /** Whether clusters with monitoring of their nodes have it by default. */
  monitoring?: true;
  /** Add-ons that cannot be in the same cluster; holds both ways. */
  excludes: readonly string[];
  /** The settings that have an effect by themselves; all others are kept in the cluster, too. */
  settings: readonly AddonSetting[];
  /** Further names for it: of older and newer releases, and of those that the service runs out of the user's sight. */
  aliases: readonly string[];
}

/** One key of an add-on's `config`. */
export interface AddonSetting {
  key: string;
  meaning: string;
}

/** What decides which add-ons a cluster has. */
export interface AddonWishes {
  kind: ClusterSpec["kind"];
  /** As asked for: each add-on at most once, all of them known. */
  requested: readonly AddonSpec[];
  /** The kind of the cluster's Pod network. */
  plugin: NetworkPlugin;
  /** Whether its nodes are monitored. */
  monitoring: boolean;
}

/** The add-ons of a vendor, and what follows from the table of them. */
export interface AddonCatalogue {
  readonly addons: readonly CatalogueAddon[];
  /** The add-on of that name or alias; undefined for an unknown one. */
  find(name: string): CatalogueAddon | undefined;
  /**
   * The add-ons of a cluster: those asked for, under the catalogue's names, followed by the defaults that it leaves
   * open. Each has a version. One that is asked for as disabled stays so, but for the platform's own. What stands
   * against what is asked for is no default: CSI is none beside flexvolume.
   */
  effective(wishes: AddonWishes): AddonSpec[];
  /**
   * The pairs among add-ons that cannot be in the same cluster.
   * @param names of the add-ons to install; aliases count as what they stand for
   */
  conflicts(names: readonly string[]): [string, string][];
}

/**
 * @param addons no two of them share a name or an alias; the first one that makes a kind of Pod network is the default of
 * that kind
 */
export function createCatalogue(addons: readonly CatalogueAddon[]): AddonCatalogue {
  const byName = new Map(addons.flatMap((addon) => [addon.name, ...addon.aliases].map((name) => [name, addon])));
  const find = (name: string) => byName.get(name);

  /** The spec under the catalogue's name, with a version, and enabled where it is the platform's own. */
  function completed(spec: AddonSpec): AddonSpec {
    const addon = find(spec.name);
    if (!addon) return spec;
    const { name, version, installed } = addon;
    return { ...spec, name, version: spec.version ?? version, disabled: spec.disabled && installed !== "always" };
  }

  function isDefault(addon: CatalogueAddon, { kind, plugin, monitoring }: Omit<AddonWishes, "requested">): boolean {
    if (addon.installed === "always" || addon.installed.includes(kind)) return true;
    return (monitoring && addon.monitoring === true) || addon === addons.find((other) => other.plugin === plugin);
  }

  /** Two Pod networks stand against each other, and so do add-ons of which one excludes the other. */
  function conflict(name: string, otherName: string): boolean {
    const [addon, other] = [find(name), find(otherName)];
    if (!addon || !other || addon === other) return false;
    if (addon.plugin && other.plugin) return true;
    return addon.excludes.includes(other.name) || other.excludes.includes(addon.name);
  }

  return {
    addons,
    find,
    effective({ requested, ...cluster }) {
      const asked = requested.map(completed);
      const wanted = asked.filter(({ disabled }) => !disabled);
      const defaults = addons.filter(
        (addon) =>
          isDefault(addon, cluster) &&
          !asked.some(({ name }) => name === addon.name) &&
          !wanted.some(({ name }) => conflict(name, addon.name)),
      );
      return [
        ...asked,
        ...defaults.map(({ name }) => completed({ name, version: undefined, config: "", disabled: false })),
      ];
    },
    conflicts: (names) =>
      names.flatMap((name, index) =>
        names.slice(index + 1).flatMap((other): [string, string][] => (conflict(name, other) ? [[name, other]] : [])),
      ),
  };
}
