import type { DialectName } from "../clusters/cluster.ts";
import { addonResources, identityResources } from "./addon-resources.ts";
import {
  balancerResource,
  publicAddress,
  securityGroupResources,
  snatResources,
  vpcResources,
} from "./network-resources.ts";
import { allowListResources, nodeResources } from "./node-resources.ts";
import { type ClusterResource, type PlannedResource, type ResourcePlan, refer } from "./resource.ts";

/** What the clouds of some vendors make for a cluster, and use for it of what is there. */
const planners: Readonly<Record<DialectName, (plan: ResourcePlan) => PlannedResource[]>> = {
  ack(plan) {
    const groups = securityGroupResources(plan);
    const balancer = balancerResource(plan);
    return [
      ...stackResources(plan),
      ...vpcResources(plan),
      ...groups,
      balancer,
      ...publicAddress(plan, balancer),
      ...snatResources(plan),
      ...nodeResources(plan, groups[0]?.id ?? ""),
      ...allowListResources(plan),
      ...identityResources(plan),
      ...addonResources(plan),
    ];
  },
};

/** What any cloud makes. Without stacks and balancers the control plane is the vendor's own, and its public address is bound to it. */
function usualResources(plan: ResourcePlan): PlannedResource[] {
  const groups = securityGroupResources(plan);
  return [
    ...vpcResources(plan),
    ...groups,
    ...publicAddress(plan, undefined),
    ...nodeResources(plan, groups[0]?.id ?? ""),
  ];
}

/**
 * Everything that a cloud would make for a cluster, and what it would use of what is there: what each one is made of
 * comes before it. All that is made has the cluster's tags and resource group.
 */
export function plannedResources(plan: ResourcePlan): ClusterResource[] {
  return (planners[plan.dialect] ?? usualResources)(plan).map((resource, ordinal) => ({
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

/** The stack that holds what is made. */
function stackResources({ cluster, newId }: ResourcePlan): PlannedResource[] {
  const name = `k8s-for-cs-${cluster.spec.vendorId}`;
  return [{ ...refer("stack", newId("stack")), name, details: { stackName: name }, dependencies: [] }];
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
