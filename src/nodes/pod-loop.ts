import type { Logger } from "pino";
import type { ApiClient } from "../kubernetes/client.ts";
import { type Informer, startInformer } from "./informer.ts";
import { keyOf, type PodObject } from "./objects.ts";
import type { PodAddresses } from "./pod-addresses.ts";
import { createPodKeeper } from "./pod-keeper.ts";
import { isFinished, podIpsOf, trimPod } from "./pod-status.ts";
import type { SimulatedNode } from "./simulated-node.ts";
import { createTroubleLog } from "./trouble-log.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Writes under way at a time. */
const podsAtOnce = 16;

/** The loop that runs a cluster's pods, where they are on wanted nodes. */
export interface PodLoop {
  /** The pod, if it is on a wanted node. */
  find(namespace: string, name: string): PodObject | undefined;
  /** Calls `listener` after every change of the pod, its deletion included, until the returned function is called. */
  subscribe(namespace: string, name: string, listener: () => void): () => void;
  /** To be called when nodes have come to be wanted: looks at their pods. */
  nodesWanted(names: ReadonlySet<string>): void;
  /** To be called when a node has been given its range of addresses: looks at the pods that wait for it. */
  rangeGiven(node: string): void;
  /** Resolves when everything has ended, after the loop's signal has fired. */
  close(): Promise<void>;
}

/** What the loop needs. */
export interface PodLoopOptions {
  client: ApiClient;
  wanted: ReadonlyMap<string, SimulatedNode>;
  /** The ranges of addresses of a node's pods, one of each family; undefined where it has none yet. */
  podRanges(node: string): readonly string[] | undefined;
  addresses: PodAddresses;
  log: Logger;
  signal: AbortSignal;
}

/** Starts the loop: one watch on all pods that have a node, and a queue for the work on them. */
export function startPodLoop({ client, wanted, podRanges, addresses, log, signal }: PodLoopOptions): PodLoop {
  const listeners = new Map<string, Set<() => void>>();
  /** Pods (keys) that wait for their node's range of addresses, by node. */
  const waiting = new Map<string, Set<string>>();
  const pods: Informer<PodObject> = startInformer({
    client,
    path: "/api/v1/pods",
    query: { fieldSelector: "spec.nodeName!=" },
    trim: trimPod,
    onChange: changed,
    log,
    signal,
  });
  const wait = (node: string, key: string) => waiting.set(node, (waiting.get(node) ?? new Set()).add(key));
  const queue = createWorkQueue({
    concurrency: podsAtOnce,
    work: createPodKeeper({ client, wanted, pods, podRanges, waitForRange: wait, addresses, log, signal }),
    onError: createTroubleLog("pod", log),
  });

  function changed(now: PodObject | undefined, before: PodObject | undefined) {
    const pod = now ?? before;
    if (!pod) return;
    const key = keyOf(pod);
    if (!now || isFinished(now)) addresses.release(pod.metadata.uid);
    else if (!now.spec.hostNetwork) for (const ip of podIpsOf(now)) addresses.keep(now.metadata.uid, ip);
    if (now) queue.add(key);
    else queue.forget(key);
    for (const listener of [...(listeners.get(key) ?? [])]) listener();
  }

  return {
    find(namespace, name) {
      const pod = pods.items.get(`${namespace}/${name}`);
      return wanted.has(pod?.spec.nodeName ?? "") ? pod : undefined;
    },
    subscribe(namespace, name, listener) {
      const key = `${namespace}/${name}`;
      const ofPod = listeners.get(key) ?? new Set();
      listeners.set(key, ofPod.add(listener));
      return () => {
        ofPod.delete(listener);
        if (ofPod.size === 0 && listeners.get(key) === ofPod) listeners.delete(key);
      };
    },
    nodesWanted(names) {
      for (const [key, { spec }] of pods.items) if (names.has(spec.nodeName ?? "")) queue.add(key);
    },
    rangeGiven(node) {
      for (const key of waiting.get(node) ?? []) queue.add(key);
      waiting.delete(node);
    },
    async close() {
      await Promise.all([queue.close(), pods.ended]);
    },
  };
}
