import { type PlannedResource, type ResourcePlan, type ResourceReference, refer } from "./resource.ts";

/** The VPC and the vSwitches that the cluster uses. */
export function vpcResources({ cluster, vswitches }: ResourcePlan): PlannedResource[] {
  const { vpcId } = cluster.spec.network;
  const vpc = refer("vpc", vpcId);
  return [
    { ...vpc, name: "k8s_vpc", existing: true, details: { vpcId }, dependencies: [] },
    ...vswitches.map(
      ({ id, zone, cidr }): PlannedResource => ({
        ...refer("vswitch", id),
        name: "k8s_vswitch",
        existing: true,
        details: { vpcId, zoneId: zone, cidrBlock: cidr },
        dependencies: [vpc],
      }),
    ),
  ];
}

/** The cluster's security group, which is made unless one is named, those of its pools, and the rule for public SSH. */
export function securityGroupResources(plan: ResourcePlan): PlannedResource[] {
  const { network, cloud, kind } = plan.cluster.spec;
  const { vpcId, securityGroupId, enterpriseSecurityGroup } = network;
  const vpc = refer("vpc", vpcId);
  const group = refer("security-group", securityGroupId ?? plan.newId("sg"));
  const groupType = enterpriseSecurityGroup ? "enterprise" : "normal";
  const own: PlannedResource = securityGroupId
    ? { ...group, name: "k8s_sg", existing: true, details: { vpcId }, dependencies: [vpc] }
    : { ...group, name: "k8s_sg", details: { vpcId, securityGroupType: groupType }, dependencies: [vpc] };
  return [
    own,
    ...poolGroups(plan, group.id),
    ...(kind === "dedicated" && cloud.publicSsh ? [sshRule(plan, group)] : []),
  ];
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

/** The API server's load balancer, and its public address where it has one. */
export function endpointResources({ cluster, newId }: ResourcePlan): PlannedResource[] {
  const { network, cloud, apiServer } = cluster.spec;
  const [vswitchId = ""] = network.vswitchIds;
  const balancer = refer("load-balancer", newId("lb"));
  const inner: PlannedResource = {
    ...balancer,
    name: "k8s_master_slb",
    details: {
      loadBalancerSpec: cloud.loadBalancerSpec,
      addressType: "intranet",
      listenerPort: 6443,
      vpcId: network.vpcId,
      vswitchId,
    },
    dependencies: [refer("vswitch", vswitchId)],
  };
  const address: PlannedResource = {
    ...refer("eip", newId("eip")),
    name: "k8s_master_slb_eip",
    details: { internetChargeType: "PayByTraffic" },
    dependencies: [balancer],
  };
  return apiServer.publicEndpoint ? [inner, address] : [inner];
}

/** The way of the nodes to the public network: a NAT gateway, its address, and an entry for each of their vSwitches. */
export function snatResources({ cluster, nodes, vswitches, newId }: ResourcePlan): PlannedResource[] {
  const { network, cloud } = cluster.spec;
  if (!cloud.snat) return [];
  const gateway = refer("nat-gateway", newId("ngw"));
  const eip = refer("eip", newId("eip"));
  const sources = new Set([...network.vswitchIds, ...nodes.map(({ vswitchId }) => vswitchId)]);
  return [
    {
      ...gateway,
      name: "k8s_NAT_Gateway",
      details: { vpcId: network.vpcId, vswitchId: network.vswitchIds[0], natType: "Enhanced" },
      dependencies: [refer("vpc", network.vpcId)],
    },
    {
      ...eip,
      name: "k8s_NAT_Gateway_eip",
      details: { internetChargeType: "PayByTraffic" },
      dependencies: [gateway],
    },
    ...vswitches
      .filter(({ id }) => sources.has(id))
      .map(
        ({ id, cidr }): PlannedResource => ({
          ...refer("snat-entry", newId("snat")),
          name: "k8s_NAT_Gateway_SNATEntry",
          details: { sourceVSwitchId: id, sourceCidr: cidr },
          dependencies: [gateway, eip, refer("vswitch", id)],
        }),
      ),
  ];
}
