import { publicAddress, securityGroupResources, vpcResources } from "../../resources/network-resources.ts";
import { nodeResources } from "../../resources/node-resources.ts";
import { type PlannedResource, type ResourcePlan, refer } from "../../resources/resource.ts";
import { addonResources, identityResources } from "./add-on-resources.ts";

/** A load balancer of the user's is before the API server, and has the public address. */
export const publicAddressName = "k8s_master_slb_eip";

/** What Alibaba Cloud makes for a cluster, and uses for it of what is there. */
export function plannedResources(plan: ResourcePlan): PlannedResource[] {
  const groups = securityGroupResources(plan);
  const balancer = balancerResource(plan);
  return [
    ...stackResources(plan),
    ...vpcResources(plan),
    ...groups,
    balancer,
    ...publicAddress(plan, publicAddressName, balancer),
    ...snatResources(plan),
    ...nodeResources(plan, groups[0]?.id ?? ""),
    ...allowListResources(plan),
    ...identityResources(plan),
    ...addonResources(plan),
  ];
}

/** The stack that holds what is made. */
function stackResources({ cluster, newId }: ResourcePlan): PlannedResource[] {
  const name = `k8s-for-cs-${cluster.spec.vendorId}`;
  return [{ ...refer("stack", newId("stack")), name, details: { stackName: name }, dependencies: [] }];
}

/** The load balancer before the API server. */
function balancerResource({ cluster, newId }: ResourcePlan): PlannedResource {
  const { network, cloud } = cluster.spec;
  const [vswitchId = ""] = network.vswitchIds;
  return {
    ...refer("load-balancer", newId("lb")),
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
}

/** The way of the nodes to the public network: a NAT gateway, its address, and an entry for each of their vSwitches. */
function snatResources({ cluster, nodes, vswitches, newId }: ResourcePlan): PlannedResource[] {
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

/** The addresses that each RDS instance admits: those of the nodes of all pools that name it. */
function allowListResources({ pools, nodes }: ResourcePlan): PlannedResource[] {
  const ids = new Set(pools.flatMap(({ spec }) => spec.rdsInstances));
  return [...ids].map((id) => {
    const admitted = new Set(pools.filter(({ spec }) => spec.rdsInstances.includes(id)).map((pool) => pool.id));
    const members = nodes.filter(({ nodePoolId }) => admitted.has(nodePoolId));
    return {
      ...refer("rds-allow-list", id),
      name: "k8s_rds_allow_list",
      details: { securityIps: members.map(({ address }) => address) },
      dependencies: members.map(({ instanceId }) => refer("instance", instanceId)),
    };
  });
}
