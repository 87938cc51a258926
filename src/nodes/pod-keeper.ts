import type { Logger } from "pino";
import type { ApiClient } from "../kubernetes/client.ts";
import { runtimeName } from "./container-status.ts";
import type { Informer } from "./informer.ts";
import { isStatus } from "./node-keeper.ts";
import type { PodObject } from "./objects.ts";
import { type PodAddresses, RangeExhaustedError } from "./pod-addresses.ts";
import { endOf } from "./pod-end.ts";
import { isFinished, type PodStatusPatch, podIpsOf, toRunningPatch, toStoppedPatch } from "./pod-status.ts";
import type { SimulatedNode } from "./simulated-node.ts";

/** How long a pod waits for a free address before it looks again. */
const exhaustedRetryMs = 10_000;

/** What the work on pods needs. */
export interface PodKeeperOptions {
  client: ApiClient;
  wanted: ReadonlyMap<string, SimulatedNode>;
  pods: Informer<PodObject>;
  /** The ranges of addresses of a node's pods, one of each family; undefined where it has none yet. */
  podRanges(node: string): readonly string[] | undefined;
  /** Called where a pod (key) has to wait for its node's range: ask for it again once the range is there. */
  waitForRange(node: string, key: string): void;
  addresses: PodAddresses;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Makes the work on one pod, by key: what a kubelet would do for it next. The result is the time until something else
 * is to be done, in milliseconds. Pods on nodes that are not simulated are left alone.
 */
export function createPodKeeper(options: PodKeeperOptions) {
  const { client, wanted, pods, podRanges, waitForRange, addresses, log, signal } = options;

  return async function keepPod(key: string): Promise<number | undefined> {
    const pod = pods.items.get(key);
    const node = wanted.get(pod?.spec.nodeName ?? "");
    if (!pod || !node) return undefined;
    try {
      if (pod.metadata.deletionTimestamp) return await finish(pod);
      return isFinished(pod) ? undefined : await run(key, pod, node);
    } catch (error) {
      // Gone, or another pod of the same name: the watch is about to say so.
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  };

  async function run(key: string, pod: PodObject, node: SimulatedNode): Promise<number | undefined> {
    const podIps = addressesOf(key, pod, node);
    if (podIps === undefined) return undefined;
    if (podIps === "exhausted") return exhaustedRetryMs;
    const runtime = runtimeName(node.system.containerRuntimeVersion);
    const patch = toRunningPatch(pod, { podIps, hostIp: node.internalIp, runtime, now: new Date() });
    const current = patch ? await writeStatus(pod, patch) : pod;
    const end = endOf(current);
    if (end === undefined) return undefined;
    const wait = end.at.getTime() - Date.now();
    if (wait > 0) return wait;
    const patchOfEnd = end.toPatch(current, new Date());
    if (patchOfEnd) await writeStatus(current, patchOfEnd);
    return undefined;
  }

  /** The pod's addresses; undefined where its node has no ranges yet, for which the pod then waits. */
  function addressesOf(key: string, pod: PodObject, node: SimulatedNode): string[] | "exhausted" | undefined {
    if (pod.spec.hostNetwork) return [node.internalIp];
    const present = podIpsOf(pod);
    if (present.length > 0) return present;
    const ranges = podRanges(node.name);
    if (ranges === undefined) {
      waitForRange(node.name, key);
      return undefined;
    }
    try {
      return ranges.map((range) => addresses.assign(pod.metadata.uid, range));
    } catch (error) {
      if (!(error instanceof RangeExhaustedError)) throw error;
      log.warn({ node: node.name, pod: key, reason: error.message }, "A pod waits for a free address.");
      return "exhausted";
    }
  }

  /** Stops the containers of a deleted pod and lets it go. Finalizers of others may keep the object for longer. */
  async function finish(pod: PodObject): Promise<undefined> {
    const { uid, deletionGracePeriodSeconds } = pod.metadata;
    const patch = toStoppedPatch(pod, new Date());
    if (patch) await writeStatus(pod, patch);
    // No grace left: it has been let go already, and goes with its last finalizer.
    if (deletionGracePeriodSeconds === 0) return;
    await client.request("DELETE", podPath(pod), {
      body: { gracePeriodSeconds: 0, preconditions: { uid } },
      signal,
    });
  }

  async function writeStatus(pod: PodObject, status: PodStatusPatch): Promise<PodObject> {
    const written = await client.request<PodObject>("PATCH", `${podPath(pod)}/status`, {
      // The UID is a precondition: a successor of the same name is not to be changed.
      body: { metadata: { uid: pod.metadata.uid }, status },
      contentType: "application/strategic-merge-patch+json",
      signal,
    });
    pods.put(written);
    return written;
  }
}

function podPath({ metadata: { namespace, name } }: PodObject): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}
