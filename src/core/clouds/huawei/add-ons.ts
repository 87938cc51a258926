import type { AddonSpec, NetworkPlugin } from "../../clusters/cluster.ts";

/** The Pod networks of CCE. Each is an add-on of the same name. */
export type CcePlugin = Exclude<NetworkPlugin, "flannel" | "terway">;

/** What every CCE cluster has: names of Services, their addresses on every node, and storage. */
const always = { coredns: "1.17.15", "kube-proxy": "1.0.0", everest: "1.2.78" } as const;

/** The add-ons that make the Pod network. Their versions are Sampan's own: the vendor's come with the cluster and have none. */
const networks: Readonly<Record<CcePlugin, string>> = {
  overlay_l2: "1.0.0",
  underlay_ipvlan: "1.0.0",
  "vpc-router": "1.0.0",
  eni: "1.0.0",
};

/**
 * The add-ons that a cluster made through CCE has from the start, its Pod network last. They are no part of ACK's catalogue,
 * so that no request to ACK can have them installed.
 */
export function cceAddons(plugin: CcePlugin): AddonSpec[] {
  const wanted = { ...always, [plugin]: networks[plugin] };
  return Object.entries(wanted).map(([name, version]) => ({ name, version, config: "", disabled: false }));
}
