import type { Cluster } from "../core/clusters/cluster.ts";
import { patchSubstrateState } from "../core/clusters/clusters.ts";
import { clusterSecretsOf } from "../core/clusters/secrets.ts";
import type { Core } from "../core/core.ts";
import { findVswitches } from "../core/inventory/inventory.ts";
import { listNodePools, listNodes } from "../core/nodes/nodes.ts";
import { mainResources } from "../core/resources/main-resources.ts";
import type { ClusterLook, ClusterPlan, ClusterRecord, SecretStore } from "../substrates/substrate.ts";
import { clusterPlan } from "./cluster-plan.ts";

/** Names of secrets that the substrate keeps are set apart from those of the request. */
const substratePrefix = "substrate/";

/** A cluster as the substrate sees it, read afresh from the database. */
export async function loadClusterRecord(
  core: Core,
  cluster: Cluster,
  versionPolicy: ClusterPlan["versionPolicy"],
): Promise<ClusterRecord> {
  const [pools, nodes] = await Promise.all([listNodePools(core, cluster.id), listNodes(core, cluster.id)]);
  const named = [...nodes.map(({ vswitchId }) => vswitchId), ...cluster.spec.network.podVswitchIds];
  const vswitches = await findVswitches(core, cluster.accountId, named);
  const securityGroupId = (await mainResources(core, cluster.id))?.securityGroupId ?? undefined;
  let state = cluster.substrateState;
  return {
    plan: clusterPlan({ cluster, pools, nodes, vswitches, securityGroupId, versionPolicy }),
    get state() {
      return state;
    },
    async saveState(patch) {
      await patchSubstrateState(core, cluster.id, patch);
      state = { ...state, ...patch };
    },
    secrets: substrateSecrets(core, cluster.id),
  };
}

/** What a quick look at a cluster takes: the database is asked at most for a secret. */
export const clusterLook = (core: Core, { id, spec, substrateState }: Cluster): ClusterLook => ({
  id,
  members: spec.members,
  state: substrateState,
  secrets: substrateSecrets(core, id),
});

function substrateSecrets(core: Core, clusterId: string): SecretStore {
  const secrets = clusterSecretsOf(core, clusterId);
  return {
    get: (name) => secrets.get(substratePrefix + name),
    put: (name, value) => secrets.put(substratePrefix + name, value),
  };
}
