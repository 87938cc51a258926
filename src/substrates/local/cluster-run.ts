import { issueHealthAccess } from "../../kubernetes/pki/health-access.ts";
import type { ClusterRecord } from "../substrate.ts";
import { ensurePkiFiles } from "./certificate-files.ts";
import { requireSecrets } from "./certificates.ts";
import type { ClusterRun } from "./cluster-processes.ts";
import { ensureClusterFolder, requireSite } from "./cluster-site.ts";
import type { LocalContext, Progress } from "./local-context.ts";
import { readLocalState } from "./local-state.ts";

/**
 * Everything that running the cluster's components takes: the executables of the version that it runs, installed
 * again where they are gone, and its certificates as files.
 *
 * @param publicEndpoint - Whether it is run with one. Default: as it is noted down.
 */
export async function prepareRun(
  context: LocalContext,
  cluster: ClusterRecord,
  progress: Progress,
  publicEndpoint?: boolean,
): Promise<ClusterRun> {
  const site = requireSite(context.home, cluster, publicEndpoint);
  const { runningVersion } = readLocalState(cluster);
  await ensureClusterFolder(context.home, site.id);
  const [{ distribution }, secrets] = await Promise.all([
    // Never another version than the one whose data is on the disk.
    context.ensureDistribution(runningVersion ?? cluster.plan.version, "strict", progress),
    requireSecrets(cluster.secrets),
  ]);
  const [access] = await Promise.all([issueHealthAccess(secrets), ensurePkiFiles(site, secrets)]);
  return { site, distribution, access };
}
