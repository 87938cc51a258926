import { removeTree } from "../../../machine/files.ts";
import type { SubstrateStage } from "../../substrate.ts";
import type { LocalContext } from "../context.ts";
import { stopControlPlane, stopEtcd } from "../control-plane/control-plane.ts";
import { liveCluster } from "../live/live-cluster.ts";
import { clusterFolder } from "../site/site.ts";
import { saveLocalState } from "../state.ts";

/**
 * The stages that remove a cluster from this machine, in order. They need nothing but its id, so they work on a
 * cluster in any state, half made or half removed.
 */
export function removeStages(context: LocalContext): readonly SubstrateStage[] {
  const folderOf = (id: string) => clusterFolder(context.home, id);
  return [
    {
      name: "nodes",
      title: "Stop the nodes",
      run: ({ cluster }) => liveCluster(context, cluster.plan.id).close(),
    },
    {
      name: "control-plane",
      title: "Stop the API server, the controller manager and the scheduler",
      run: ({ cluster }) => stopControlPlane(context, folderOf(cluster.plan.id)),
    },
    {
      name: "etcd",
      title: "Stop etcd",
      run: ({ cluster }) => stopEtcd(context, folderOf(cluster.plan.id)),
    },
    {
      name: "data",
      title: "Remove data, certificates and logs",
      run: ({ cluster }) => removeTree(folderOf(cluster.plan.id)),
    },
    {
      name: "network",
      title: "Give the loopback network back",
      async run({ cluster }) {
        await context.networks.release({ cluster: cluster.plan.id, folder: folderOf(cluster.plan.id) });
        await saveLocalState(cluster, { network: null, publicEndpoint: null });
      },
    },
  ];
}
