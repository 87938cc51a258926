import { fileURLToPath } from "node:url";
import { memberPorts } from "../../../kubernetes/control-plane.ts";
import { expectOk } from "../control-plane/health.ts";
import type { ProcessSpec } from "../control-plane/processes.ts";
import { forwarderHealthPort, intranetAddress, type Listener } from "../network/loopback.ts";
import type { ClusterSite } from "../site/site.ts";

const program = fileURLToPath(new URL("./main.mjs", import.meta.url));

/** It has little to remember, and what passes through is not kept on the heap: the less there is, the better. */
const nodeOptions = ["--max-old-space-size=32", "--max-semi-space-size=1", "--v8-pool-size=0"];

/**
 * How the process is run that passes connections on to the API servers. A single API server listens at the inner
 * address itself, so only a public one takes a forwarder there.
 *
 * @returns undefined where a cluster needs none.
 */
export function forwarderCommand(site: ClusterSite): Pick<ProcessSpec, "executable" | "args"> | undefined {
  const { network, controlPlane } = site;
  const listeners = forwarderListeners(site);
  if (listeners.length === 0) return undefined;
  const options = {
    listeners,
    members: controlPlane.members.map(({ apiServerAddress }) => atApiServerPort(apiServerAddress)),
    health: { address: intranetAddress(network), port: forwarderHealthPort },
  };
  return { executable: process.execPath, args: [...nodeOptions, program, JSON.stringify(options)] };
}

/** Where the cluster's forwarder listens for clients; nowhere where the cluster needs none. */
export function forwarderListeners({ controlPlane, hasPublicEndpoint }: ClusterSite): Listener[] {
  const { members, publicAddress, endpointAddress } = controlPlane;
  const addresses = [hasPublicEndpoint ? publicAddress : undefined, members.length > 1 ? endpointAddress : undefined];
  return addresses.filter((address) => address !== undefined).map(atApiServerPort);
}

/**
 * Asks the forwarder whether it works; whether the members do is asked of themselves.
 * @throws {Error} where there is no answer before the signal fires.
 */
export async function checkForwarder({ network }: ClusterSite, signal: AbortSignal): Promise<void> {
  const url = `http://${intranetAddress(network)}:${forwarderHealthPort}/`;
  await expectOk(url, { ca: "", cert: "", key: "" }, signal);
}

function atApiServerPort(address: string): Listener {
  return { address, port: memberPorts.apiServer };
}
