import { setTimeout as sleep } from "node:timers/promises";
import { usableStates } from "../core/clusters/cluster.ts";
import { clustersInStates } from "../core/clusters/clusters.ts";
import { createLimiter } from "../machine/limit.ts";
import { type BackOff, pausesOf } from "./back-off.ts";
import type { Workshop } from "./run-task.ts";
import { takeUpOf } from "./take-up-cluster.ts";

/** What kept a cluster down may be over in seconds (a port that was in use) or need a person (a disk that is full). */
const usualBackOff: BackOff = { first: 5_000, longest: 300_000 };

/** Milliseconds that one cluster's boot may hold up those of others: more than a boot takes that is going to succeed. */
const bootPatience = 60_000;

/** The clusters that are being taken up after a start of Sampan. */
export interface TakingUp {
  /**
   * Gives a cluster to a task: nothing is tried on it until it is given back.
   * @returns gives it back; undefined where something is being tried at the moment
   */
  lend(clusterId: string): (() => void) | undefined;
  /** Gives a cluster up, for its removal; resolves when nothing is tried on it any more. */
  giveUp(clusterId: string): Promise<void>;
  /** Gives every cluster up. */
  stop(): Promise<void>;
}

/** A cluster that is not taken up yet. */
interface Pending {
  readonly ending: AbortController;
  isTried: boolean;
  isLent: boolean;
  /** Never rejects. */
  done: Promise<void>;
}

/**
 * Begins to take up every cluster that has been made, all at once: what still runs is looked after, and its nodes report,
 * whatever its neighbours do. Those that have to boot take turns. One that cannot be taken up is tried again until
 * it is, is removed, or Sampan stops. A cluster that is still being made is its task's.
 * @param concurrency how many clusters boot at a time
 */
export async function takeUpClusters(
  workshop: Workshop,
  concurrency: number,
  backOff: BackOff = usualBackOff,
): Promise<TakingUp> {
  const clusters = await clustersInStates(workshop.core, usableStates);
  const boot = createLimiter(concurrency, bootPatience);
  const pending = new Map<string, Pending>();

  async function untilTakenUp(clusterId: string, one: Pending): Promise<void> {
    const { signal } = one.ending;
    const takeUp = takeUpOf(workshop, clusterId, boot, signal);
    for (const pause of pausesOf(backOff)) {
      one.isTried = !one.isLent;
      if (one.isTried && (await takeUp())) return;
      one.isTried = false;
      // A signal that fires ends the pause, and with it everything.
      if (await sleep(pause, false, { signal }).catch(() => true)) return;
    }
  }

  async function giveUp(clusterId: string): Promise<void> {
    const one = pending.get(clusterId);
    one?.ending.abort(new Error("The cluster is not taken up any more: it is to be removed, or Sampan stops."));
    await one?.done;
  }

  for (const { id } of clusters) {
    const one: Pending = { ending: new AbortController(), isTried: false, isLent: false, done: Promise.resolve() };
    pending.set(id, one);
    one.done = untilTakenUp(id, one).finally(() => pending.delete(id));
  }
  return {
    lend(clusterId) {
      const one = pending.get(clusterId);
      if (one?.isTried) return undefined;
      if (one) one.isLent = true;
      return () => {
        if (one) one.isLent = false;
      };
    },
    giveUp,
    async stop() {
      await Promise.all([...pending.keys()].map(giveUp));
    },
  };
}
