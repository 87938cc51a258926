import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { TokenKeys } from "../../cluster-access.ts";
import type { DistributionOptions } from "../../kubernetes/distribution/distribution.ts";
import { ensureDistribution } from "../../kubernetes/distribution/ensure.ts";
import { serviceAccountJsonWebKey } from "../../kubernetes/pki/json-web-key.ts";
import type { ClusterRecord, Substrate } from "../substrate.ts";
import { findSecrets } from "./certificates/secrets.ts";
import type { ClusterEventListener, DistributionFinder, LocalContext } from "./context.ts";
import { createStartGate } from "./control-plane/start-gate.ts";
import { createSupervisor } from "./control-plane/supervisor.ts";
import { machineSupplies, type Supplies } from "./control-plane/supplies.ts";
import { adminAccess, kubeconfig } from "./live/admin-access.ts";
import { observeNodes } from "./live/observe.ts";
import { isReady } from "./live/readiness.ts";
import { createNetworks } from "./network/networks.ts";
import { checkMachine } from "./preflight.ts";
import { resume } from "./resume.ts";
import { apiEndpoints } from "./site/site.ts";
import { changeStages } from "./stages/change.ts";
import { createStages } from "./stages/create.ts";
import { readLocalState } from "./state.ts";
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
    work: { create: createStages(context), change: changeStages(context) },
    resume: (cluster, way) => resume(context, cluster, way),
    suspend: (hurry) => suspend(context, hurry),
    kubeconfig: (cluster, wish) => kubeconfig(context, cluster, wish),
    adminAccess: (cluster, wish) => adminAccess(context, cluster, wish),
    isReady: (cluster) => isReady(context, cluster),
    serviceAccountKeys,
    certificateAuthority: async ({ secrets }) => (await findSecrets(secrets))?.["ca.crt"],
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

async function serviceAccountKeys({ secrets }: ClusterRecord): Promise<TokenKeys | undefined> {
  const kept = await findSecrets(secrets);
  return kept && { keys: [serviceAccountJsonWebKey(kept["sa.pub"])] };
}
