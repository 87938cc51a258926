import { addonSettings } from "../core/add-ons/settings.ts";
import { auditAddons } from "../core/clouds/alibaba/log-projects.ts";
import { cloudOf } from "../core/clouds/index.ts";
import { type Cluster, usesVswitches } from "../core/clusters/cluster.ts";
import type { Vswitch } from "../core/inventory/inventory.ts";
import type { ClusterNode, NodePool } from "../core/nodes/nodes.ts";
import type { ClusterPlan, PlannedNetwork } from "../substrates/substrate.ts";
import { monitoredNodes, plannedNode } from "./node-plan.ts";

/** What the plan of a cluster is made from. */
export interface PlanInput {
  cluster: Cluster;
  pools: NodePool[];
  nodes: ClusterNode[];
  /** The vSwitches of the cluster's nodes and pods. */
  vswitches: readonly Vswitch[];
  /** The group of the cluster's nodes: the one that was named, or made. */
  securityGroupId: string | undefined;
  versionPolicy: ClusterPlan["versionPolicy"];
}

/** Says in Kubernetes' words, with nothing left open, what the substrate has to make. */
export function clusterPlan(input: PlanInput): ClusterPlan {
  const { cluster, pools, nodes, vswitches, securityGroupId, versionPolicy } = input;
  const { network, apiServer, kubernetesVersion, members, timezone } = cluster.spec;
  const vswitchOf = new Map(vswitches.map((vswitch) => [vswitch.id, vswitch]));
  const podVswitches = vswitches.filter(({ id }) => network.podVswitchIds.includes(id));
  const poolOf = new Map(pools.map((pool) => [pool.id, pool]));
  const content = clusterContent(input);
  return {
    id: cluster.id,
    name: cluster.name,
    version: kubernetesVersion,
    versionPolicy,
    members,
    network: plannedNetwork(cluster, podVswitches, securityGroupId),
    apiServer: {
      extraSans: apiServer.extraSans,
      serviceAccountIssuer: apiServer.serviceAccountIssuer,
      apiAudiences: audiences(cluster),
      publicEndpoint: apiServer.publicEndpoint,
      auditLog: content.addons.some(({ name }) => auditAddons.includes(name)),
      authenticatingProxyCa: apiServer.authenticatingProxyCa,
    },
    secretEncryption: cluster.spec.secretEncryptionKeyId ? { keyName: cluster.spec.secretEncryptionKeyId } : undefined,
    timezone,
    content,
    nodes: nodes.flatMap((node) => {
      const pool = poolOf.get(node.nodePoolId);
      const zone = vswitchOf.get(node.vswitchId)?.zone;
      // As the vendor asks for: pods get addresses in the zone of their node, where a Pod vSwitch is there.
      const podVswitch = podVswitches.find((vswitch) => vswitch.zone === zone) ?? podVswitches[0];
      return pool
        ? [{ ...plannedNode({ cluster, pool, node, zone, securityGroupId }), podCidr: podVswitch?.cidr }]
        : [];
    }),
  };
}

/** With some plug-ins pods get addresses from vSwitches: nodes have no share of a Pod range then. */
function plannedNetwork(
  { dialect, spec: { network, memberAddresses } }: Cluster,
  podVswitches: readonly Vswitch[],
  securityGroupId: string | undefined,
): PlannedNetwork {
  const { vpcId, plugin, proxyMode, podCidr, morePodCidrs, nodeCidrMask, serviceCidr, ipv6, clusterDomain } = network;
  return {
    podCidr: usesVswitches(plugin) ? undefined : podCidr,
    ...{ morePodCidrs, nodeCidrMask, serviceCidr, ipv6, clusterDomain, memberAddresses, plugin, proxyMode, vpcId },
    innerLoadBalancer: cloudOf(dialect).innerLoadBalancer,
    subnetIds: network.vswitchIds,
    highSpeedSubnetId: network.highwayVswitchId,
    podSubnets: podVswitches.map(({ id, zone, cidr }) => ({ id, zone, cidr })),
    securityGroupIds: securityGroupId ? [securityGroupId] : [],
  };
}

/** The cloud's token service has to be accepted where service accounts have RAM roles. */
function audiences({ spec: { apiServer } }: Cluster): string[] {
  return [...new Set([...apiServer.apiAudiences, ...(apiServer.rrsa ? [apiServer.rrsa.audience] : [])])];
}

function clusterContent({ cluster, pools }: PlanInput): ClusterPlan["content"] {
  const { spec } = cluster;
  return {
    vendorId: spec.vendorId,
    displayName: spec.alias,
    description: spec.description,
    labels: spec.labels,
    annotations: spec.annotations,
    region: cluster.region,
    imageRegistry: cloudOf(cluster.dialect).imageRegistry(cluster.region),
    requestedVersion: spec.requestedVersion,
    workerKind: spec.workerKind,
    nodeLimit: spec.nodeLimit,
    memberZones: spec.memberZones,
    monitoredNodes,
    addons: spec.addons.flatMap(({ name, version, config, disabled }) =>
      disabled ? [] : [{ name, version: version ?? "", config: addonSettings({ config }) }],
    ),
    pools: pools.map(({ id, name, spec: { cpuPolicy, runtime, taints, userData } }) => ({
      id,
      name,
      labels: { [cloudOf(cluster.dialect).nodePoolLabel]: id },
      cpuPolicy,
      taints,
      runtime: runtime.name,
      userData,
    })),
  };
}
