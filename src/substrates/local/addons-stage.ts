import { clusterObjects } from "../../kubernetes/addons/cluster-objects.ts";
import { createApiClient } from "../../kubernetes/client.ts";
import type { SubstrateStage } from "../substrate.ts";
import { applyObjects } from "./addons-apply.ts";
import { ownAccess, requireSecrets } from "./certificates.ts";
import { prepareRun } from "./cluster-run.ts";
import { startControlPlane } from "./control-plane.ts";
import type { LocalContext } from "./local-context.ts";

/** Enough to keep the API server busy; more would wait in it, for etcd. */
const CONCURRENCY = 8;

/**
 * Puts the cluster's own configuration objects and its add-ons into it. Their pods come up with the nodes; this does not
 * wait for them. Nothing is undone: everything is in etcd, which goes as a whole.
 */
export function addons(context: LocalContext): SubstrateStage {
  return {
    name: "add-ons",
    title: "Install the add-ons",
    async run({ cluster, report, signal }) {
      const { content } = cluster.plan;
      const run = await prepareRun(context, cluster, { report, signal });
      // After a crash of Sampan or of the machine between the stages, the control plane is taken up again first.
      await startControlPlane(context, run, { report, signal });
      const objects = clusterObjects(content, run.distribution.version);
      const client = createApiClient(await ownAccess(run.site, await requireSecrets(cluster.secrets)), {
        connections: CONCURRENCY,
      });
      try {
        await applyObjects(client, objects, {
          concurrency: CONCURRENCY,
          pollMs: context.timing.readyPoll,
          deadlineMs: context.timing.readyDeadline,
          signal,
          onApplied: (count) => report(`${count} of ${objects.length} objects are in place.`),
        });
      } finally {
        await client.close();
      }
      report(installedMessage(content.addons.map(({ name }) => name)));
    },
  };
}

function installedMessage(names: readonly string[]): string {
  return names.length === 0 ? "No add-ons were asked for." : `Installed: ${names.join(", ")}.`;
}
