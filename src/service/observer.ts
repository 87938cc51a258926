import type { Config } from "../config.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import type { Substrate } from "../substrates/substrate.ts";
import { clusterLook, loadClusterRecord } from "../tasks/cluster-record.ts";

/** Connects what the core wants to know of living clusters to the substrate that has them. */
export function observe(core: Core, substrate: Substrate, { versionPolicy }: Config): ClusterObserver {
  return {
    describe: (cluster) => substrate.describe(cluster.substrateState),
    async nodeReadiness(cluster) {
      const observed = await substrate.observeNodes(await loadClusterRecord(core, cluster, versionPolicy));
      return new Map(observed.map(({ name, ready }) => [name, ready]));
    },
    kubeconfig: async (cluster, wish) =>
      substrate.kubeconfig(await loadClusterRecord(core, cluster, versionPolicy), wish),
    adminAccess: async (cluster, wish) =>
      substrate.adminAccess(await loadClusterRecord(core, cluster, versionPolicy), wish),
    isReady: (cluster) => substrate.isReady(clusterLook(core, cluster)),
    serviceAccountKeys: async (cluster) =>
      substrate.serviceAccountKeys(await loadClusterRecord(core, cluster, versionPolicy)),
  };
}
