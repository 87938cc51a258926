import { cloudOf } from "../clouds/index.ts";
import type { ClusterResource, PlannedResource, ResourcePlan } from "./resource.ts";

/**
 * Everything that a cloud would make for a cluster, and what it would use of what is there: what each one is made of
 * comes before it. All that is made has the cluster's tags and resource group.
 */
export function plannedResources(plan: ResourcePlan): ClusterResource[] {
  return cloudOf(plan.dialect)
    .plannedResources(plan)
    .map((resource, ordinal) => ({
      ...settled(plan, resource),
      ordinal,
    }));
}

/** A planned resource with all that every resource has, but for its place among them. */
export function settled(
  { cluster, at }: Pick<ResourcePlan, "cluster" | "at">,
  resource: PlannedResource,
): Omit<ClusterResource, "ordinal"> {
  const existing = resource.existing ?? false;
  return {
    ...resource,
    clusterId: cluster.id,
    existing,
    creator: existing ? "user" : (resource.creator ?? "system"),
    nodePoolId: resource.nodePoolId ?? null,
    associatedObject: resource.associatedObject ?? null,
    details: existing ? resource.details : { ...resource.details, ...ownership(cluster, resource) },
    createdAt: at,
  };
}

/** Tags and resource group of what is made; a resource's own tags come before the cluster's. */
function ownership(cluster: ResourcePlan["cluster"], { details }: PlannedResource): Record<string, unknown> {
  const { tags, cloud } = cluster.spec;
  const all = { ...tags, ...(details.tags as Record<string, string> | undefined) };
  return {
    ...(Object.keys(all).length > 0 && { tags: all }),
    ...(cloud.resourceGroupId && { resourceGroupId: cloud.resourceGroupId }),
  };
}
