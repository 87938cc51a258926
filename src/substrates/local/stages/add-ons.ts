import { clusterObjects } from "../../../kubernetes/addons/cluster-objects.ts";
import type { KubernetesObject } from "../../../kubernetes/addons/kubernetes-object.ts";
import { createApiClient } from "../../../kubernetes/client.ts";
import type { ClusterRecord, SubstrateStage, UndoableStage } from "../../substrate.ts";
import { changedObjects, forgetApplied, noteApplied } from "../add-ons/applied-objects.ts";
import { applyObjects } from "../add-ons/apply.ts";
import { ownAccess, requireSecrets } from "../certificates/secrets.ts";
import type { LocalContext, Progress } from "../context.ts";
import { startControlPlane } from "../control-plane/control-plane.ts";
import { prepareRun } from "../site/run.ts";
import { clusterFolder, requireSite } from "../site/site.ts";
import { readLocalState } from "../state.ts";

/** Enough to keep the API server busy; more would wait in it, for etcd. */
const addonsAtOnce = 8;

/**
 * Puts the cluster's own configuration objects and its add-ons into it. Their pods come up with the nodes; this does not
 * wait for them.
 */
export function addons(context: LocalContext): UndoableStage {
  return {
    name: "add-ons",
    kind: "add-ons",
    title: "Install the add-ons",
    async run({ cluster, report, signal }) {
      const run = await prepareRun(context, cluster, { report, signal });
      // After a crash of Sampan or of the machine between the stages, the control plane is taken up again first.
      await startControlPlane(context, run, { report, signal });
      const objects = clusterObjects(cluster.plan, run.distribution.version);
      await apply(context, cluster, objects, { report, signal });
      await noteApplied(run.site.folder, objects);
      report(installedMessage(cluster.plan.content.addons.map(({ name }) => name)));
    },
    undo: {
      title: "Forget what was installed",
      // The objects are in etcd, which goes as a whole.
      run: ({ cluster }) => forgetApplied(clusterFolder(context.home, cluster.plan.id)),
    },
  };
}

function installedMessage(names: readonly string[]): string {
  return names.length === 0 ? "No add-ons were asked for." : `Installed: ${names.join(", ")}.`;
}

/** Applies those of the same objects again that the plan has changed since, in a cluster that runs. */
export function changedContent(context: LocalContext): SubstrateStage {
  return {
    name: "content",
    kind: "add-ons",
    title: "Change what stands in the cluster",
    async run({ cluster, report, signal }) {
      const { folder } = requireSite(context.home, cluster);
      const objects = clusterObjects(cluster.plan, readLocalState(cluster).runningVersion ?? "");
      const changed = await changedObjects(folder, objects);
      if (changed.length === 0) {
        report("Nothing in it has to change.");
        return;
      }
      await apply(context, cluster, changed, { report, signal });
      await noteApplied(folder, objects);
    },
  };
}

async function apply(
  context: LocalContext,
  cluster: ClusterRecord,
  objects: readonly KubernetesObject[],
  { report, signal }: Progress,
): Promise<void> {
  const access = await ownAccess(requireSite(context.home, cluster), await requireSecrets(cluster.secrets));
  const client = createApiClient(access, { connections: addonsAtOnce });
  try {
    await applyObjects(client, objects, {
      concurrency: addonsAtOnce,
      pollMs: context.timing.readyPoll,
      deadlineMs: context.timing.readyDeadline,
      signal,
      onApplied: (count) => report(`${count} of ${objects.length} objects are in place.`),
    });
  } finally {
    await client.close();
  }
}
