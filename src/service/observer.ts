import type { Config } from "../config.ts";
import type { Cluster } from "../core/clusters/cluster.ts";
import { findObservation, type KeptObservation } from "../core/clusters/observations.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import type { Substrate } from "../substrates/substrate.ts";
import { clusterLook, loadClusterRecord } from "../tasks/cluster-record.ts";
import type { ObservationKeeper } from "./observation-keeper.ts";

/** Milliseconds after which a home that has said nothing of a cluster counts as silent: three looks that were missed. */
const silence = 35_000;

/** What the observer needs beside the core. */
export interface ObserverParts {
  substrate: Substrate;
  /** Is told what requests find out about own clusters, so that other homes say the same. */
  keeper: Pick<ObservationKeeper, "note">;
  config: Pick<Config, "versionPolicy">;
}

/**
 * Connects what the core wants to know of living clusters to the substrate that has them. A cluster of another home, which
 * may be on another machine, is never asked: how it is, its own home keeps in the database. What is made from what is kept
 * of a cluster, such as certificates, any home can make.
 */
export function observe(core: Core, { substrate, keeper, config: { versionPolicy } }: ObserverParts): ClusterObserver {
  const isOwn = ({ placement }: Cluster) => placement === core.placement;
  const record = (cluster: Cluster) => loadClusterRecord(core, cluster, versionPolicy);
  return {
    describe: (cluster) => substrate.describe(cluster.substrateState),
    async nodeReadiness(cluster) {
      if (!isOwn(cluster)) return nodesAsKept(cluster, await findObservation(core, cluster.id));
      const observed = await substrate.observeNodes(await record(cluster));
      return new Map(observed.map(({ name, ready }) => [name, ready]));
    },
    async readiness(cluster) {
      if (!isOwn(cluster)) return readinessAsKept(cluster, await findObservation(core, cluster.id));
      const isReady = await substrate.isReady(clusterLook(core, cluster));
      await keeper.note(cluster, isReady);
      return { isReady };
    },
    kubeconfig: async (cluster, wish) => substrate.kubeconfig(await record(cluster), wish),
    adminAccess: async (cluster, wish) => substrate.adminAccess(await record(cluster), wish),
    serviceAccountKeys: async (cluster) => substrate.serviceAccountKeys(await record(cluster)),
    certificateAuthority: async (cluster) => substrate.certificateAuthority(await record(cluster)),
  };
}

function readinessAsKept(cluster: Cluster, kept: KeptObservation | undefined) {
  const reason = silenceOf(cluster, kept);
  return reason === undefined ? { isReady: kept?.ready ?? false } : { isReady: false, reason };
}

function nodesAsKept(cluster: Cluster, kept: KeptObservation | undefined): ReadonlyMap<string, boolean> {
  const reason = silenceOf(cluster, kept);
  if (reason !== undefined) throw new Error(reason);
  if (!kept?.nodes) throw new Error("The cluster's API server did not tell its home the state of its nodes.");
  return new Map(Object.entries(kept.nodes));
}

/** A sentence where a cluster's home says nothing. */
function silenceOf({ placement }: Cluster, kept: KeptObservation | undefined): string | undefined {
  const home = `The Sampan that this cluster is at (${placement})`;
  if (kept === undefined) return `${home} has not told of it yet.`;
  if (kept.age <= silence) return undefined;
  return `${home} has not been heard of for ${Math.round(kept.age / 1000)} s: how the cluster is, is not known.`;
}
