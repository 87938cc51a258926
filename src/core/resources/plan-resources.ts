import { addonResources, identityResources } from "./addon-resources.ts";
import { endpointResources, securityGroupResources, snatResources, vpcResources } from "./network-resources.ts";
import { allowListResources, nodeResources } from "./node-resources.ts";
import { type ClusterResource, type PlannedResource, type ResourcePlan, refer } from "./resource.ts";

/**
 * Everything that a cloud would make for a cluster, and what it would use of what is there: what each one is made of
 * comes before it. All that is made has the cluster's tags and resource group.
 */
export function plannedResources(plan: ResourcePlan): ClusterResource[] {
  const { cluster, at } = plan;
  const groups = securityGroupResources(plan);
  const planned = [
    ...stackResources(plan),
    ...vpcResources(plan),
    ...groups,
    ...endpointResources(plan),
    ...snatResources(plan),
    ...nodeResources(plan, groups[0]?.id ?? ""),
    ...allowListResources(plan),
    ...identityResources(plan),
    ...addonResources(plan),
  ];
  return planned.map((resource, ordinal) => {
    const existing = resource.existing ?? false;
    return {
      ...resource,
      clusterId: cluster.id,
      existing,
      creator: existing ? "user" : (resource.creator ?? "system"),
      nodePoolId: resource.nodePoolId ?? null,
      associatedObject: resource.associatedObject ?? null,
      details: existing ? resource.details : { ...resource.details, ...ownership(plan, resource) },
      ordinal,
      createdAt: at,
    };
  });
}

/** The stack that holds what is made. */
function stackResources({ cluster, newId }: ResourcePlan): PlannedResource[] {
  const name = `k8s-for-cs-c${cluster.id}`;
  return [{ ...refer("stack", newId("stack")), name, details: { stackName: name }, dependencies: [] }];
}

/** Tags and resource group of what is made; a resource's own tags come before the cluster's. */
function ownership({ cluster }: ResourcePlan, { details }: PlannedResource): Record<string, unknown> {
  const { tags, cloud } = cluster.spec;
  const all = { ...tags, ...(details.tags as Record<string, string> | undefined) };
  return {
    ...(Object.keys(all).length > 0 && { tags: all }),
    ...(cloud.resourceGroupId && { resourceGroupId: cloud.resourceGroupId }),
  };
}
