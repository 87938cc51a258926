import { createHash } from "node:crypto";
import { memberPorts } from "../../../kubernetes/control-plane.ts";
import {
  forwarderHealthPort,
  intranetAddress,
  type isFree,
  kubeletAddress,
  kubeletPort,
  type Listener,
  type LoopbackNetwork,
  memberAddress,
  networkAt,
  networkCount,
  publicAddress,
} from "./loopback.ts";

/** Networks that are unclaimed and yet in use, one after the other, before the search gives up: other users have few. */
const busyLimit = 32;

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
  for (let step = 0; step < networkCount; step++) {
    const network = networkAt((start + step) % networkCount);
    if (taken.has(network)) continue;
    const inUse = await firstInUse(network, probe);
    if (inUse === undefined) return network;
    if (++busy === busyLimit)
      throw new Error(
        `Port ${inUse} is in use in ${busyLimit} loopback networks in a row, so a program probably listens on it on all ` +
          `addresses. Find it with "ss -ltnp | grep :${inUse}" and stop it, or let it listen on one address only.`,
      );
  }
  throw new Error(`All ${networkCount} loopback networks of this machine are in use: delete a cluster first.`);
}

/** The first standard port of the network that something listens on. */
async function firstInUse(network: LoopbackNetwork, probe: typeof isFree): Promise<number | undefined> {
  const listeners: Listener[] = [
    { address: publicAddress(network), port: memberPorts.apiServer },
    { address: intranetAddress(network), port: memberPorts.apiServer },
    { address: intranetAddress(network), port: forwarderHealthPort },
    { address: kubeletAddress(network), port: kubeletPort },
    // What listens on all addresses is found at the first member as well as at any other.
    ...Object.values(memberPorts).map((port) => ({ address: memberAddress(network, 0), port })),
  ];
  const free = await Promise.all(listeners.map(probe));
  return listeners[free.indexOf(false)]?.port;
}
