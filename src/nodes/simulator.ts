import type { Logger } from "pino";
import type { ApiAccess } from "../kubernetes/api-access.ts";
import { createApiClient } from "../kubernetes/client.ts";
import { startKubeletServer } from "./kubelet-server.ts";
import { type NodeLoop, startNodeLoop } from "./node-loop.ts";
import { createPodAddresses } from "./pod-addresses.ts";
import { type PodLoop, startPodLoop } from "./pod-loop.ts";
import type { InnerLoadBalancer } from "./service-address.ts";
import { startServiceLoop } from "./service-loop.ts";
import type { KubeletEndpoint, SimulatedNode } from "./simulated-node.ts";

/** What a simulator of one cluster's workers needs. */
export interface NodeSimulatorOptions {
  /**
   * A client certificate that may do what kubelets, administrators of nodes and the cloud controller manager may, e.g.
   * of `system:masters`.
   */
  access: ApiAccess;
  kubelet: KubeletEndpoint;
  /** The first nodes; more by {@link NodeSimulator.ensureNodes}. */
  nodes: readonly SimulatedNode[];
  /** How a Service asks for a load balancer with an inner address; undefined where none can. */
  innerLoadBalancer?: InnerLoadBalancer | undefined;
  /** Should name the cluster in its bindings. */
  log: Logger;
}

/** The workers of one cluster, simulated, and the external addresses of its Services. */
export interface NodeSimulator {
  /**
   * Makes sure that these nodes are there, beside those asked for before: registers what is missing and adopts Node
   * objects that exist. Returns at once; see {@link whenReady}. Can be called again at any time with the same nodes.
   */
  ensureNodes(nodes: readonly SimulatedNode[]): void;
  /**
   * Resolves when the API server shows each of these nodes as Ready; without names, every node asked for so far.
   *
   * @throws {Error} where a name was never asked for, or the simulator is stopped.
   * @throws the signal's reason, where it fires first.
   */
  whenReady(names?: readonly string[], signal?: AbortSignal): Promise<void>;
  /**
   * Stops simulating a node and resolves when its Node object is deleted. Pods left on it are the controller
   * manager's to collect. Does nothing for a node that is not there.
   *
   * @throws {Error} where the simulator is stopped before that.
   * @throws the signal's reason, where it fires first; the deletion goes on.
   */
  removeNode(name: string, signal?: AbortSignal): Promise<void>;
  /** Ends every loop, connection and the listener, and leaves all objects as they are. */
  stop(): Promise<void>;
}

/**
 * Starts simulating workers. The API server need not answer yet: from the moment it does, nodes are registered; when
 * it goes away, everything waits and goes on when it is back.
 *
 * @throws {Error} where the kubelet endpoint cannot be listened on.
 */
export async function startNodeSimulator(options: NodeSimulatorOptions): Promise<NodeSimulator> {
  const { access, kubelet, innerLoadBalancer, log } = options;
  const wanted = new Map<string, SimulatedNode>();
  const addresses = createPodAddresses();
  const stopping = new AbortController();
  const { signal } = stopping;

  const directory: Pick<PodLoop, "find" | "subscribe"> = {
    find: (namespace, name) => pods.find(namespace, name),
    subscribe: (namespace, name, listener) => pods.subscribe(namespace, name, listener),
  };
  const server = await startKubeletServer(kubelet, directory, log);
  const client = createApiClient(access, { userAgent: "sampan-node-simulator" });
  const nodes: NodeLoop = startNodeLoop({
    client,
    kubelet: { address: kubelet.address, port: server.port },
    wanted,
    onPodRange: (name) => pods.rangeGiven(name),
    log,
    signal,
  });
  const podRanges = (name: string) => nodes.podRanges(name) ?? toList(wanted.get(name)?.podCidr);
  const pods = startPodLoop({ client, wanted, podRanges, addresses, log, signal });
  const services = startServiceLoop({ client, innerLoadBalancer, log, signal });

  function ensureNodes(more: readonly SimulatedNode[]) {
    for (const node of more) {
      wanted.set(node.name, node);
      addresses.keep(`node ${node.name}`, node.internalIp);
      nodes.ensure(node.name);
    }
    pods.nodesWanted(new Set(more.map(({ name }) => name)));
  }

  async function whenReady(names: readonly string[] = [...wanted.keys()], until?: AbortSignal) {
    signal.throwIfAborted();
    const unknown = names.find((name) => !wanted.has(name));
    if (unknown !== undefined) throw new Error(`Node ${unknown} was never asked for: pass it to ensureNodes first.`);
    await nodes.whenReady(names, until);
  }

  async function removeNode(name: string, until?: AbortSignal) {
    signal.throwIfAborted();
    until?.throwIfAborted();
    wanted.delete(name);
    addresses.release(`node ${name}`);
    await untilAborted(nodes.remove(name), until);
  }

  async function stop() {
    const stopped = new Error("The node simulator was stopped.");
    stopping.abort(stopped);
    await Promise.all([nodes.close(stopped), pods.close(), services.close(), server.close()]);
    await client.close();
  }

  ensureNodes(options.nodes);
  return { ensureNodes, whenReady, removeNode, stop };
}

function toList(range: string | undefined): readonly string[] | undefined {
  return range === undefined ? undefined : [range];
}

/** Waits for a promise that goes on by itself, for as long as the signal allows. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
