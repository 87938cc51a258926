import { and, eq, exists, isNull, or, type SQL } from "drizzle-orm";
import { clusters, projects } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import type { Cluster } from "./cluster.ts";

/**
 * Whether a cluster is in a Huawei Cloud project, as a condition on its row: it names the project, or it names none and
 * the project is its account's first one.
 */
export function inProject({ db }: Core, projectId: string): SQL | undefined {
  const asFirst = db
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.id, projectId), eq(projects.accountId, clusters.accountId), eq(projects.isFirst, true)));
  return or(eq(clusters.projectId, projectId), and(isNull(clusters.projectId), exists(asFirst)));
}

/** Whether a cluster is in a Huawei Cloud project; see {@link inProject}. */
export async function isInProject(
  core: Core,
  cluster: Pick<Cluster, "accountId" | "projectId">,
  projectId: string,
): Promise<boolean> {
  if (cluster.projectId !== null) return cluster.projectId === projectId;
  const [first] = await core.db
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.accountId, cluster.accountId), eq(projects.isFirst, true)));
  return first?.id === projectId;
}
