import type { Logger } from "pino";
import type { ApiClient } from "../kubernetes/client.ts";
import { type Informer, startInformer } from "./informer.ts";
import { createLeaseKeeper, leaseIntervalMs } from "./lease-keeper.ts";
import { createNodeKeeper, deleteNode } from "./node-keeper.ts";
import { isReady, type KubeletAddress, trimNode } from "./node-object.ts";
import type { NodeObject } from "./objects.ts";
import { createReadinessWaiters } from "./readiness.ts";
import type { SimulatedNode } from "./simulated-node.ts";
import { createTroubleLog } from "./trouble-log.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Writes under way at a time. Leases have their own, so that a burst of other work delays no heartbeat. */
const nodesAtOnce = { nodes: 16, leases: 8 };

/** Average time between the first leases of nodes that come at once. */
const leaseSpacingMs = 10;

/** The loop that keeps a cluster's Node objects and leases. */
export interface NodeLoop {
  /** The ranges of addresses that the cluster has given to a node's pods, one of each family; undefined before that. */
  podRanges(name: string): readonly string[] | undefined;
  /** To be called when a node has come to be wanted, or is described in another way. */
  ensure(name: string): void;
  /** To be called when a node is no longer wanted: resolves when its Node object is deleted. */
  remove(name: string): Promise<void>;
  /** As `NodeSimulator.whenReady`. */
  whenReady(names: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Resolves when everything has ended, after the loop's signal has fired. */
  close(reason: Error): Promise<void>;
}

/** What the loop needs. */
export interface NodeLoopOptions {
  client: ApiClient;
  kubelet: KubeletAddress;
  /** The nodes that should be there, by name. */
  wanted: ReadonlyMap<string, SimulatedNode>;
  /** Called when a wanted node has been given its ranges of pod addresses. */
  onPodRange(name: string): void;
  log: Logger;
  signal: AbortSignal;
}

/** Starts the loop: one watch on all Node objects, and a queue each for the objects and for their leases. */
export function startNodeLoop({ client, kubelet, wanted, onPodRange, log, signal }: NodeLoopOptions): NodeLoop {
  const removals = new Map<string, PromiseWithResolvers<void>>();
  const nodes: Informer<NodeObject> = startInformer({
    client,
    path: "/api/v1/nodes",
    trim: trimNode,
    onChange: changed,
    onSync: () => {
      for (const name of wanted.keys()) objects.add(name);
    },
    log,
    signal,
  });
  const keepNode = createNodeKeeper({ client, kubelet, wanted, nodes, signal });
  const objects = createWorkQueue({
    concurrency: nodesAtOnce.nodes,
    work: async (name) => {
      await removeIfAsked(name);
      return keepNode(name);
    },
    onError: createTroubleLog("node", log),
  });
  const leases = createWorkQueue({
    concurrency: nodesAtOnce.leases,
    work: createLeaseKeeper({ client, wanted, nodes, signal }),
    onError: createTroubleLog("lease", log),
  });
  const readiness = createReadinessWaiters((name) => isReady(nodes.items.get(name)));

  function changed(now: NodeObject | undefined, before: NodeObject | undefined) {
    const name = (now ?? before)?.metadata.name ?? "";
    if (!wanted.has(name)) return;
    objects.add(name);
    if (now && !before) leases.addAfter(name, firstLeaseDelay());
    // Both families' ranges come at once.
    if (now?.spec?.podCIDR && now.spec.podCIDR !== before?.spec?.podCIDR) onPodRange(name);
    readiness.changed(name);
  }

  /** Many nodes come at once: their leases, which have time (a new status counts as a heartbeat), come one by one. */
  function firstLeaseDelay(): number {
    return Math.random() * Math.min(wanted.size * leaseSpacingMs, leaseIntervalMs);
  }

  async function removeIfAsked(name: string) {
    const removal = removals.get(name);
    if (!removal) return;
    await deleteNode(client, name, signal);
    removals.delete(name);
    removal.resolve();
  }

  return {
    podRanges: (name) => rangesOf(nodes.items.get(name)),
    ensure(name) {
      objects.add(name);
      if (nodes.items.has(name)) leases.addAfter(name, firstLeaseDelay());
    },
    remove(name) {
      leases.forget(name);
      const removal = removals.get(name) ?? Promise.withResolvers<void>();
      // Closing rejects it, also where nobody waits any more.
      removal.promise.catch(() => undefined);
      removals.set(name, removal);
      objects.add(name);
      return removal.promise;
    },
    whenReady: readiness.wait,
    async close(reason) {
      readiness.close(reason);
      for (const removal of removals.values()) removal.reject(reason);
      await Promise.all([objects.close(), leases.close(), nodes.ended]);
    },
  };
}

function rangesOf(node: NodeObject | undefined): readonly string[] | undefined {
  const { podCIDR, podCIDRs = podCIDR ? [podCIDR] : [] } = node?.spec ?? {};
  return podCIDRs.length > 0 ? podCIDRs : undefined;
}
