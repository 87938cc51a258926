import type { ClusterRecord } from "../substrate.ts";
import { isLoopbackNetwork, type LoopbackNetwork } from "./network/loopback.ts";

/** What the local substrate notes down about a cluster, as JSON values. A stage that is undone sets null. */
export interface LocalState {
  /** The cluster's loopback network, e.g. `127.64.5`. */
  network: LoopbackNetwork | undefined;
  /** Whether the API server is reachable at the network's public address, too: what is in force, whatever the plan says. */
  publicEndpoint: boolean;
  /** Kubernetes version of the executables that run, e.g. `1.20.2`. */
  runningVersion: string | undefined;
}

/** A patch for {@link ClusterRecord.saveState}; `requestedVersion` is for people who look into the database. */
export interface LocalStatePatch {
  network?: LoopbackNetwork | null;
  publicEndpoint?: boolean | null;
  runningVersion?: string | null;
  requestedVersion?: string | null;
}

/** Reads the notes back, trusting nothing that a hand may have changed. */
export function readLocalState({ state }: Pick<ClusterRecord, "state">): LocalState {
  const { network, publicEndpoint, runningVersion } = state;
  return {
    network: typeof network === "string" && isLoopbackNetwork(network) ? network : undefined,
    publicEndpoint: publicEndpoint === true,
    runningVersion: typeof runningVersion === "string" ? runningVersion : undefined,
  };
}

/** Notes something down; returns once it is kept. */
export async function saveLocalState(cluster: ClusterRecord, patch: LocalStatePatch): Promise<void> {
  await cluster.saveState({ ...patch });
}
