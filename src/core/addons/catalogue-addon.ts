import type { ClusterSpec, NetworkPlugin } from "../clusters/cluster.ts";

/** The Pod networks of ACK, which add-ons of its catalogue make. */
export type CataloguePlugin = Extract<NetworkPlugin, "flannel" | "terway">;

/** An add-on that clusters can have. */
export interface CatalogueAddon {
  /** As ACK calls it, e.g. `csi-plugin`. */
  name: string;
  /** What is installed where no version is asked for. The kube-proxy in a cluster always has the cluster's own. */
  version: string;
  /** As ACK groups its components. */
  category: "core" | "network" | "storage" | "monitor" | "security" | "application";
  /** What it is for, in a few words. */
  purpose: string;
  /** `always`: the platform's own, which nobody can disable. Else the kinds of cluster that have it by default. */
  installed: "always" | readonly ClusterSpec["kind"][];
  /** Set for the add-ons that make the Pod network: the kind they make, of which a cluster has one. */
  plugin?: CataloguePlugin;
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
