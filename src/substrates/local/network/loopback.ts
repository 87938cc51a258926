import { createServer } from "node:net";

/** Number of /24 networks in 127.64.0.0/10, one a cluster. */
export const networkCount = 16_384;

/** One cluster's /24, e.g. `127.64.5` for 127.64.5.0/24: everything is derived from it. */
export type LoopbackNetwork = string;

/** The network with this number, 0 to 16,383: `127.64.0` to `127.127.255`. */
export function networkAt(index: number): LoopbackNetwork {
  return `127.${64 + (index >> 8)}.${index & 255}`;
}

/** Whether a text names one of the {@link networkCount} networks, in the one spelling that {@link networkAt} gives. */
export function isLoopbackNetwork(text: string): boolean {
  const [, second, third] = /^127\.(\d+)\.(\d+)$/.exec(text) ?? [];
  if (second === undefined || third === undefined) return false;
  const index = (Number(second) - 64) * 256 + Number(third);
  return index >= 0 && index < networkCount && networkAt(index) === text;
}

/** Where clients from outside reach the cluster's API server. */
export function publicAddress(network: LoopbackNetwork): string {
  return `${network}.1`;
}

/** Where clients from inside reach the cluster's API server, Sampan itself among them. */
export function intranetAddress(network: LoopbackNetwork): string {
  return `${network}.3`;
}

/** Port at which the forwarder before the API servers says how it is, beside {@link intranetAddress}'s standard one. */
export const forwarderHealthPort = 6444;

/** Port of the simulated kubelets, the standard one. */
export const kubeletPort = 10250;

/** Where the simulated kubelets of the cluster listen. */
export function kubeletAddress(network: LoopbackNetwork): string {
  return `${network}.2`;
}

/** Where a control-plane member's own components listen; members are counted from 0. */
export function memberAddress(network: LoopbackNetwork, member: number): string {
  return `${network}.${11 + member}`;
}

/** An address and a TCP port. */
export interface Listener {
  address: string;
  port: number;
}

/** Tries to listen there and stops at once: the one test that also finds listeners on all addresses. */
export async function isFree({ address, port }: Listener): Promise<boolean> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  server.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") resolve(false);
    else reject(error);
  });
  server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}
