import type { Vswitch } from "../inventory/inventory.ts";
import { type PlannedResource, type ResourcePlan, type ResourceReference, refer } from "./resource.ts";

/** The VPC and the vSwitches that the cluster uses. */
export function vpcResources({ cluster, vswitches }: ResourcePlan): PlannedResource[] {
  const { vpcId, madeIn } = cluster.spec.network;
  const existing = madeIn === undefined;
  return [
    { ...refer("vpc", vpcId), name: "k8s_vpc", existing, details: { vpcId }, dependencies: [] },
    ...vswitches.map((vswitch) => ({ ...vswitchResource(vswitch), existing })),
  ];
}

/** A vSwitch that the cluster uses. */
export const vswitchResource = ({ id, vpcId, zone, cidr }: Vswitch): PlannedResource => ({
  ...refer("vswitch", id),
  name: "k8s_vswitch",
  existing: true,
  details: { vpcId, zoneId: zone, cidrBlock: cidr },
  dependencies: [refer("vpc", vpcId)],
});

/** The security group of the cluster where one is named. */
export const namedGroup = (id: string, vpcId: string): PlannedResource => ({
  ...refer("security-group", id),
  name: "k8s_sg",
  existing: true,
  details: { vpcId },
  dependencies: [refer("vpc", vpcId)],
});

/** The cluster's security group, which is made unless one is named, those of its pools, and the rule for public SSH. */
export function securityGroupResources(plan: ResourcePlan): PlannedResource[] {
  const { network, cloud, kind } = plan.cluster.spec;
  const { vpcId, securityGroupId, enterpriseSecurityGroup } = network;
  const made = (): PlannedResource => ({
    ...refer("security-group", plan.newId("sg")),
    name: "k8s_sg",
    details: { vpcId, securityGroupType: enterpriseSecurityGroup ? "enterprise" : "normal" },
    dependencies: [refer("vpc", vpcId)],
  });
  const own = securityGroupId ? namedGroup(securityGroupId, vpcId) : made();
  const group = refer("security-group", own.id);
  return [own, ...poolGroups(plan, own.id), ...(kind === "dedicated" && cloud.publicSsh ? [sshRule(plan, group)] : [])];
}

/** Groups that pools name in the place of the cluster's, each once. */
function poolGroups({ cluster, pools }: ResourcePlan, clusterGroup: string): PlannedResource[] {
  const { vpcId } = cluster.spec.network;
  const named = pools.flatMap((pool) => pool.spec.securityGroupIds.map((id) => ({ id, nodePoolId: pool.id })));
  return named
    .filter(({ id }, index) => id !== clusterGroup && named.findIndex((other) => other.id === id) === index)
    .map(({ id, nodePoolId }) => ({
      ...refer("security-group", id),
      name: "k8s_nodepool_sg",
      existing: true,
      nodePoolId,
      details: { vpcId },
      dependencies: [refer("vpc", vpcId)],
    }));
}

/** Lets SSH in to the members from the public network. */
function sshRule({ newId }: ResourcePlan, group: ResourceReference): PlannedResource {
  return {
    ...refer("security-group-rule", newId("sgr")),
    name: "k8s_master_ssh_rule",
    details: { ipProtocol: "tcp", portRange: "22/22", sourceCidrIp: "0.0.0.0/0", policy: "accept" },
    dependencies: [group],
  };
}

/**
 * The public address of the API server, where it has one: the one that was named, or one that is made.
 * @param name what it is to the cluster, in the cloud's words
 * @param balancer what it leads to; undefined where that is none of the cluster's resources
 */
export function publicAddress(
  { cluster, newId }: Pick<ResourcePlan, "cluster" | "newId">,
  name: string,
  balancer: ResourceReference | undefined,
): PlannedResource[] {
  const { apiServer, cloud } = cluster.spec;
  if (!apiServer.publicEndpoint) return [];
  const common = {
    name,
    dependencies: balancer ? [refer(balancer.kind, balancer.id)] : [],
  };
  if (cloud.eipId) return [{ ...refer("eip", cloud.eipId), ...common, existing: true, details: {} }];
  return [{ ...refer("eip", newId("eip")), ...common, details: { internetChargeType: "PayByTraffic" } }];
}
