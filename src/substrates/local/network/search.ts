import { createHash } from "node:crypto";
import { PORTS } from "../../../kubernetes/control-plane.ts";
import {
  FORWARDER_HEALTH_PORT,
  intranetAddress,
  type isFree,
  KUBELET_PORT,
  kubeletAddress,
  type Listener,
  type LoopbackNetwork,
  memberAddress,
  NETWORK_COUNT,
  networkAt,
  publicAddress,
} from "./loopback.ts";

/** Networks that are unclaimed and yet in use, one after the other, before the search gives up: other users have few. */
const BUSY_LIMIT = 32;

/**
 * Finds a network that nobody has claimed and where nothing listens on the ports that a cluster needs. Each cluster's
 * search begins somewhere else, so that it rarely meets other users' clusters, whose claims it cannot see.
 *
 * @throws {Error} where all are claimed, or where a program seems to listen on a port of all addresses.
 */
export async function findFreeNetwork(
  cluster: string,
  taken: ReadonlySet<LoopbackNetwork>,
  probe: typeof isFree,
): Promise<LoopbackNetwork> {
  const start = createHash("sha256").update(cluster).digest().readUInt32BE(0);
  let busy = 0;
  for (let step = 0; step < NETWORK_COUNT; step++) {
    const network = networkAt((start + step) % NETWORK_COUNT);
    if (taken.has(network)) continue;
    const inUse = await firstInUse(network, probe);
    if (inUse === undefined) return network;
    if (++busy === BUSY_LIMIT)
      throw new Error(
        `Port ${inUse} is in use in ${BUSY_LIMIT} loopback networks in a row, so a program probably listens on it on all ` +
          `addresses. Find it with "ss -ltnp | grep :${inUse}" and stop it, or let it listen on one address only.`,
      );
  }
  throw new Error(`All ${NETWORK_COUNT} loopback networks of this machine are in use: delete a cluster first.`);
}

/** The first standard port of the network that something listens on. */
async function firstInUse(network: LoopbackNetwork, probe: typeof isFree): Promise<number | undefined> {
  const listeners: Listener[] = [
    { address: publicAddress(network), port: PORTS.apiServer },
    { address: intranetAddress(network), port: PORTS.apiServer },
    { address: intranetAddress(network), port: FORWARDER_HEALTH_PORT },
    { address: kubeletAddress(network), port: KUBELET_PORT },
    // What listens on all addresses is found at the first member as well as at any other.
    ...Object.values(PORTS).map((port) => ({ address: memberAddress(network, 0), port })),
  ];
  const free = await Promise.all(listeners.map(probe));
  return listeners[free.indexOf(false)]?.port;
}
