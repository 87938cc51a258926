import { cloudOf } from "../clouds/index.ts";
import type { NewCluster } from "./new-cluster.ts";

/**
 * What is wanted of a cluster, with the ids of a VPC and vSwitches that are made for it, where it names zones for them and
 * none of its own. Nothing is registered yet.
 */
export function withMadeNetwork(wanted: NewCluster): NewCluster {
  const { network } = wanted.spec;
  if (network.madeIn === undefined) return wanted;
  const { newResourceId } = cloudOf(wanted.dialect);
  const vswitchIds = network.madeIn.map(() => newResourceId("vsw"));
  return {
    ...wanted,
    // What is new is in no inventory, however strict that is.
    inventory: "implicit",
    spec: {
      ...wanted.spec,
      network: {
        ...network,
        vpcId: newResourceId("vpc"),
        vswitchIds,
        podVswitchIds: network.plugin === "terway" ? vswitchIds : [],
      },
    },
    nodePools: wanted.nodePools.map((pool) => ({ ...pool, vswitchIds })),
  };
}
