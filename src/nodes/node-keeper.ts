import { type ApiClient, KubernetesApiError } from "../kubernetes/client.ts";
import type { Informer } from "./informer.ts";
import {
  type KubeletAddress,
  millisecondsToReport,
  standardLabels,
  toNodeObject,
  toStatusPatch,
} from "./node-object.ts";
import type { NodeObject } from "./objects.ts";
import type { SimulatedNode } from "./simulated-node.ts";

/** A kubelet looks at its own status this often: a status that others change again and again is put right no faster. */
const correctionIntervalMs = 10_000;

/** What the work on Node objects needs. */
export interface NodeKeeperOptions {
  client: ApiClient;
  kubelet: KubeletAddress;
  /** The nodes that should be there, by name. */
  wanted: ReadonlyMap<string, SimulatedNode>;
  nodes: Informer<NodeObject>;
  signal: AbortSignal;
}

/**
 * Makes the work on one Node object, by name: registers a wanted node that is missing, adopts one that is there, keeps
 * its status right and reports it regularly. Labels, annotations and taints are given once, at registration; later
 * they are the users'. The result is the time until the next regular report, in milliseconds.
 */
export function createNodeKeeper({ client, kubelet, wanted, nodes, signal }: NodeKeeperOptions) {
  /** The Node objects (by UID) whose standard labels this process has looked after. */
  const adopted = new Set<string>();
  const correctedAt = new Map<string, number>();

  async function register(node: SimulatedNode) {
    const body = toNodeObject(node, kubelet, new Date());
    try {
      const created = await client.request<NodeObject>("POST", "/api/v1/nodes", { body, signal });
      adopted.add(created.metadata.uid);
      nodes.put(created);
    } catch (error) {
      // It is there, and the watch is about to say so.
      if (!isStatus(error, 409)) throw error;
    }
  }

  async function adopt(node: SimulatedNode, { metadata, spec }: NodeObject) {
    const labels = Object.entries(standardLabels(node)).filter(([key, value]) => metadata.labels?.[key] !== value);
    const patch = {
      ...(labels.length > 0 && { metadata: { labels: Object.fromEntries(labels) } }),
      // Can be set once and never changed.
      ...(!spec?.providerID && { spec: { providerID: node.providerId } }),
    };
    if (Object.keys(patch).length > 0)
      nodes.put(await client.request<NodeObject>("PATCH", nodePath(node.name), { body: patch, signal }));
    adopted.add(metadata.uid);
  }

  async function reportStatus(node: SimulatedNode, { metadata, status }: NodeObject): Promise<number> {
    const now = new Date();
    const patch = toStatusPatch(status, node, kubelet, now);
    if (!patch) return spread(millisecondsToReport(status, now));
    const wait = (correctedAt.get(node.name) ?? 0) + correctionIntervalMs - now.getTime();
    if (wait > 0) return wait;
    correctedAt.set(node.name, now.getTime());
    nodes.put(
      await client.request<NodeObject>("PATCH", `${nodePath(node.name)}/status`, {
        // The UID is a precondition: a node registered anew meanwhile is not to be changed.
        body: { metadata: { uid: metadata.uid }, status: patch },
        contentType: "application/strategic-merge-patch+json",
        signal,
      }),
    );
    return millisecondsToReport(nodes.items.get(node.name)?.status, new Date());
  }

  return async function keepNode(name: string): Promise<number | undefined> {
    const node = wanted.get(name);
    // Before the first list it is not known what is missing.
    if (!node || !nodes.synced) return undefined;
    const observed = nodes.items.get(name);
    if (!observed) {
      await register(node);
      return undefined;
    }
    if (observed.metadata.deletionTimestamp) return undefined;
    if (!adopted.has(observed.metadata.uid)) await adopt(node, observed);
    return reportStatus(node, observed);
  };
}

/** Deletes a Node object, if it is there. */
export async function deleteNode(client: ApiClient, name: string, signal: AbortSignal): Promise<void> {
  try {
    await client.request("DELETE", nodePath(name), { signal });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}

/** Whether an error is the API server's answer with this HTTP status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof KubernetesApiError && error.status === status;
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${name}`;
}

/** Up to a tenth later, so that nodes registered together do not report together for ever. */
function spread(milliseconds: number): number {
  return milliseconds * (1 + Math.random() / 10);
}
