import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Cluster } from "../core/clusters/cluster.ts";
import { clustersToObserve, keepObservation, keepStopped, type Observation } from "../core/clusters/observations.ts";
import type { Core } from "../core/core.ts";
import { createLimiter } from "../machine/limit.ts";
import type { Substrate } from "../substrates/substrate.ts";
import { clusterLook, loadClusterRecord } from "../tasks/cluster-record.ts";

/** Milliseconds after which a cluster is looked at again. */
const refreshAfter = 10_000;
/** Pause between two looks for clusters that are due, in milliseconds: a new one is shown everywhere as soon as that. */
const pollInterval = 1_000;
/** How many clusters are looked at at a time. */
const looksAtOnce = 4;
/** Milliseconds after which a look no longer keeps others waiting: clusters that hang must not make their neighbours look so. */
const lookPatience = 1_000;

/** Keeps in the database how the clusters of this home are, for the other homes. */
export interface ObservationKeeper {
  /** Keeps what a request has found out, where it is another answer than the last one. */
  note(cluster: Cluster, isReady: boolean): Promise<void>;
  /** Looks no more, and leaves word that the clusters are not ready: they are stopped next. */
  stop(): Promise<void>;
}

/** For a database that is one home's alone: nobody else reads it. */
export const noKeeper: ObservationKeeper = { note: async () => undefined, stop: async () => undefined };

/** What the keeper works with. */
export interface KeeperParts {
  substrate: Pick<Substrate, "isReady" | "observeNodes">;
  log: Logger;
  versionPolicy: Parameters<typeof loadClusterRecord>[2];
}

/** Begins to look at this home's clusters, each soon after it has changed and then again and again. */
export function startObservationKeeper(core: Core, { substrate, log, versionPolicy }: KeeperParts): ObservationKeeper {
  const stopping = new AbortController();
  const limit = createLimiter(looksAtOnce, lookPatience);
  /** The last answers, by cluster id. */
  const last = new Map<string, boolean>();

  const keep = async ({ id }: Cluster, observed: Observation) => {
    if (stopping.signal.aborted) return;
    await keepObservation(core, id, observed);
    last.set(id, observed.ready);
  };
  const nodesOf = async (cluster: Cluster): Promise<Observation["nodes"]> => {
    try {
      const nodes = await substrate.observeNodes(await loadClusterRecord(core, cluster, versionPolicy));
      return Object.fromEntries(nodes.map(({ name, ready }) => [name, ready]));
    } catch (error) {
      log.debug({ err: error, clusterId: cluster.id }, "A cluster did not tell the state of its nodes.");
      return null;
    }
  };
  const look = async (cluster: Cluster) => {
    const [ready, nodes] = await Promise.all([substrate.isReady(clusterLook(core, cluster)), nodesOf(cluster)]);
    await keep(cluster, { ready, nodes });
  };
  const lookAtAll = async () => {
    const due = await clustersToObserve(core, refreshAfter);
    await Promise.all(due.map((cluster) => limit(() => look(cluster))));
  };

  const lookAgainAndAgain = async () => {
    let failing = false;
    while (!stopping.signal.aborted) {
      try {
        await lookAtAll();
        failing = false;
      } catch (error) {
        // Once for each time of trouble is enough.
        if (!failing && !stopping.signal.aborted)
          log.warn({ err: error }, "How the clusters are could not be kept for others.");
        failing = true;
      }
      await sleep(pollInterval, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  };
  void lookAgainAndAgain();

  return {
    async note(cluster, isReady) {
      const before = last.get(cluster.id);
      if (before === undefined || before === isReady) return;
      await keep(cluster, { ready: isReady, nodes: await nodesOf(cluster) });
    },
    async stop() {
      // What a look under way finds out is not kept any more.
      stopping.abort();
      await keepStopped(core);
    },
  };
}
