import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { DistributionOptions } from "../../kubernetes/distribution/distribution.ts";
import { ensureDistribution } from "../../kubernetes/distribution/ensure.ts";
import { serviceAccountJsonWebKey } from "../../kubernetes/pki/json-web-key.ts";
import type { ClusterRecord, JsonWebKey, Substrate } from "../substrate.ts";
import { adminAccess, kubeconfig } from "./admin-access.ts";
import { findSecrets } from "./certificates.ts";
import { apiEndpoints } from "./cluster-site.ts";
import type { ClusterEventListener, DistributionFinder, LocalContext } from "./local-context.ts";
import { readLocalState } from "./local-state.ts";
import { modificationStages } from "./modification.ts";
import { createNetworks } from "./networks.ts";
import { observeNodes } from "./observation.ts";
import { checkMachine } from "./preflight.ts";
import { isReady } from "./readiness.ts";
import { removalStages } from "./removal.ts";
import { resume } from "./resume.ts";
import { creationStages } from "./stages.ts";
import { createStartGate } from "./start-gate.ts";
import { createSupervisor } from "./supervisor.ts";
import { machineSupplies, type Supplies } from "./supplies.ts";
import { suspend } from "./suspend.ts";
import { defaultTiming, type Timing } from "./timing.ts";

export { defaultTiming, type Timing };

/** Settings of the local substrate. */
export interface LocalSubstrateOptions {
  /** $SAMPAN_HOME; made where it is missing. */
  home: string;
  distribution: DistributionOptions;
  log: Logger;
  /** Told what the owner of a cluster should know outside of tasks, such as a component that died. Must not throw. */
  onEvent?: ClusterEventListener;
  /** Folder of the claims on loopback networks, one for the whole machine. Default: `networks` in the distributions' folder. */
  networksFolder?: string;
  timing?: Timing;
  /** Replaces what the kernel tells of this machine. */
  supplies?: Supplies;
  /** Replaces the search for executables. */
  ensureDistribution?: DistributionFinder;
}

/** Makes the substrate that runs clusters as processes of this machine. Starts nothing by itself. */
export function createLocalSubstrate(options: LocalSubstrateOptions): Substrate {
  const context = createContext(options);
  return {
    name: "local",
    preflight: checkMachine,
    creation: creationStages(context),
    modification: modificationStages(context),
    removal: removalStages(context),
    resume: (cluster, way) => resume(context, cluster, way),
    suspend: (hurry) => suspend(context, hurry),
    kubeconfig: (cluster, wish) => kubeconfig(context, cluster, wish),
    adminAccess: (cluster, wish) => adminAccess(context, cluster, wish),
    isReady: (cluster) => isReady(context, cluster),
    serviceAccountKeys,
    observeNodes: (cluster) => observeNodes(context, cluster),
    describe(state) {
      const { network, publicEndpoint, runningVersion } = readLocalState({ state });
      return { endpoints: network === undefined ? undefined : apiEndpoints(network, publicEndpoint), runningVersion };
    },
  };
}

function createContext(options: LocalSubstrateOptions): LocalContext {
  const { home, distribution, log, timing = defaultTiming } = options;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const claimsFolder = options.networksFolder ?? join(distribution.directory, "networks");
  return {
    // Processes are found again by this path, so it must be the same however the home is spelled.
    home: realpathSync(home),
    ensureDistribution:
      options.ensureDistribution ??
      ((requested, policy, progress) => ensureDistribution(distribution, requested, policy, progress)),
    networks: createNetworks({ claimsFolder, timing }),
    supervisor: createSupervisor({ timing, log }),
    supplies: options.supplies ?? machineSupplies,
    live: new Map(),
    timing,
    log,
    onEvent: options.onEvent ?? (() => undefined),
    starts: createStartGate(),
  };
}

async function serviceAccountKeys({ secrets }: ClusterRecord): Promise<{ keys: JsonWebKey[] } | undefined> {
  const kept = await findSecrets(secrets);
  return kept && { keys: [serviceAccountJsonWebKey(kept["sa.pub"])] };
}
