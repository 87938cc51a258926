import { issueHealthAccess } from "../../../kubernetes/pki/health-access.ts";
import type { ClusterRecord } from "../../substrate.ts";
import { ensurePkiFiles } from "../certificates/files.ts";
import { requireSecrets } from "../certificates/secrets.ts";
import type { LocalContext, Progress } from "../context.ts";
import type { ClusterRun } from "../control-plane/cluster-processes.ts";
import { liveCluster } from "../live/live-cluster.ts";
import { readLocalState } from "../state.ts";
import { ensureClusterFolder, requireSite } from "./site.ts";

/**
 * Everything that running the cluster's components takes: the executables of the version that it runs, installed
 * again where they are gone, and its certificates as files.
 */
export async function prepareRun(
  context: LocalContext,
  cluster: ClusterRecord,
  progress: Progress,
): Promise<ClusterRun> {
  const site = requireSite(context.home, cluster);
  const { runningVersion } = readLocalState(cluster);
  await ensureClusterFolder(context.home, site.id);
  const [{ distribution }, secrets] = await Promise.all([
    // Never another version than the one whose data is on the disk.
    context.ensureDistribution(runningVersion ?? cluster.plan.version, "strict", progress),
    requireSecrets(cluster.secrets),
  ]);
  const { healthAccess } = liveCluster(context, site.id);
  const [access] = await Promise.all([
    healthAccess.get(() => issueHealthAccess(secrets)),
    ensurePkiFiles(site, secrets),
  ]);
  return { site, distribution, access };
}
