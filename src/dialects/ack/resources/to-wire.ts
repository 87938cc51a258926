import type { Cluster } from "../../../core/clusters/cluster.ts";
import type { ClusterResource, ResourceKind } from "../../../core/resources/resource.ts";
import { type ResourceState, resourceState } from "../../../core/resources/resources.ts";
import { toAckClusterId } from "../clusters/to-wire.ts";

/** `resource_type` and, for what is made, whether it may be kept when the cluster is deleted. */
const kinds: Readonly<Record<ResourceKind, { type: string; keepable: boolean }>> = {
  stack: { type: "ALIYUN::ROS::Stack", keepable: false },
  vpc: { type: "ALIYUN::ECS::VPC", keepable: false },
  vswitch: { type: "ALIYUN::ECS::VSwitch", keepable: false },
  "security-group": { type: "ALIYUN::ECS::SecurityGroup", keepable: true },
  "security-group-rule": { type: "ALIYUN::ECS::SecurityGroupIngress", keepable: false },
  "load-balancer": { type: "ALIYUN::SLB::LoadBalancer", keepable: true },
  eip: { type: "ALIYUN::VPC::EIP", keepable: true },
  "nat-gateway": { type: "ALIYUN::VPC::NatGateway", keepable: true },
  "snat-entry": { type: "ALIYUN::VPC::SnatEntry", keepable: true },
  "scaling-group": { type: "ALIYUN::ESS::ScalingGroup", keepable: false },
  "scaling-configuration": { type: "ALIYUN::ESS::ScalingConfiguration", keepable: false },
  instance: { type: "ALIYUN::ECS::Instance", keepable: false },
  disk: { type: "ALIYUN::ECS::Disk", keepable: false },
  "rds-allow-list": { type: "ALIYUN::RDS::DBInstanceSecurityIps", keepable: false },
  "log-project": { type: "ALIYUN::SLS::Project", keepable: true },
  "identity-provider": { type: "ALIYUN::RAM::OIDCProvider", keepable: false },
};

/** What happens to a resource, in the words of ROS. */
const actions: Readonly<Record<ResourceState["action"], string>> = { create: "CREATE", remove: "DELETE" };

/** A resource as DescribeClusterResources shows it. */
export function toAckResource(cluster: Pick<Cluster, "id" | "state" | "updatedAt">, resource: ClusterResource) {
  const { existing, associatedObject } = resource;
  const clusterId = toAckClusterId(cluster.id);
  const { action, progress } = resourceState(cluster.state, resource);
  const state = `${actions[action]}_${progress.replace("-", "_").toUpperCase()}`;
  return {
    cluster_id: clusterId,
    created: resource.createdAt.toISOString(),
    instance_id: resource.id,
    resource_type: kinds[resource.kind].type,
    resource_info: resourceInfo(resource, state, cluster.updatedAt),
    state,
    auto_create: existing ? 0 : 1,
    dependencies: resource.dependencies.map(({ kind, id }) => ({
      cluster_id: clusterId,
      resource_type: kinds[kind].type,
      instance_id: id,
    })),
    ...(associatedObject && { associated_object: associatedObject }),
    // What was there before the cluster stays, and so does what a log project holds.
    delete_behavior: {
      delete_by_default: !existing && resource.kind !== "log-project",
      changeable: !existing && kinds[resource.kind].keepable,
    },
    creator_type: resource.creator,
    extra_info: {},
  };
}

/** A JSON document in a text, as the vendor's ListStackResources has it, with what is known of the resource. */
function resourceInfo({ name, kind, id, details }: ClusterResource, status: string, updated: Date): string {
  return JSON.stringify({
    Id: name,
    Name: name,
    Type: kinds[kind].type,
    Status: status,
    StatusReason: "state changed",
    Updated: updated.toISOString().slice(0, 19),
    PhysicalId: id,
    Properties: toProperties(details),
  });
}

/** Names with a capital, as templates of the vendor's stacks have them; tags as a list. */
function toProperties(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toProperties);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      name === "tags" ? toTags(inner) : toProperties(inner),
    ]),
  );
}

const toTags = (tags: Record<string, string>) =>
  Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }));
