import type { ApiClient } from "../kubernetes/client.ts";
import type { Informer } from "./informer.ts";
import { isStatus } from "./node-keeper.ts";
import { type NodeObject, toMicroTime } from "./objects.ts";
import type { SimulatedNode } from "./simulated-node.ts";

/** How often a kubelet renews its lease: a quarter of the lease's duration. */
export const leaseIntervalMs = 10_000;
/** How long a lease holds; the controller manager's grace period for nodes is as long. */
const leaseSeconds = 40;

const namespaceRetryMs = 500;

const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/** What the work on leases needs. */
export interface LeaseKeeperOptions {
  client: ApiClient;
  wanted: ReadonlyMap<string, SimulatedNode>;
  nodes: Informer<NodeObject>;
  signal: AbortSignal;
}

/**
 * Makes the work on one node's Lease, by the node's name: renews it, or makes it where it is missing. It belongs to the
 * Node object, so that it goes with it. The result is the time until the next renewal, in milliseconds; undefined
 * where there is no Node object to hold a lease for.
 */
export function createLeaseKeeper({ client, wanted, nodes, signal }: LeaseKeeperOptions) {
  /** Nodes whose renewals have been given their place within the interval. */
  const placed = new Set<string>();

  /** Gives false where the namespace is not there yet: the API server makes it a moment after its first start. */
  async function create(node: NodeObject, renewTime: string): Promise<boolean> {
    try {
      await client.request("POST", leasesPath, { body: toLease(node, renewTime), signal });
      return true;
    } catch (error) {
      if (isStatus(error, 404)) return false;
      throw error;
    }
  }

  return async function keepLease(name: string): Promise<number | undefined> {
    const node = nodes.items.get(name);
    if (!wanted.has(name) || !node) {
      placed.delete(name);
      return undefined;
    }
    const renewTime = toMicroTime(new Date());
    try {
      await client.request("PATCH", `${leasesPath}/${name}`, { body: { spec: { renewTime } }, signal });
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      if (!(await create(node, renewTime))) return namespaceRetryMs;
    }
    if (placed.has(name)) return leaseIntervalMs;
    // Many nodes are registered at once; from now on their renewals are spread evenly.
    placed.add(name);
    return Math.random() * leaseIntervalMs;
  };
}

function toLease({ metadata: { name, uid } }: NodeObject, renewTime: string) {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }] },
    spec: { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime },
  };
}
