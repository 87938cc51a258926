import type { ContentNetwork, ContentPlan } from "./cluster-content.ts";
import { facts } from "./facts.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { objectMarks } from "./object-marks.ts";
import { configMap } from "./objects.ts";

/** The ConfigMap that says what the cluster is. It bears the labels and annotations that the cluster itself has. */
export function clusterInfo(plan: ContentPlan, kubernetesVersion: string): KubernetesObject {
  const said = facts({ ...identity(plan, kubernetesVersion), ...networkFacts(plan.network) });
  const object = configMap("cluster-info", said);
  return { ...object, metadata: { ...object.metadata, ...objectMarks(plan.content) } };
}

type Facts = Record<string, string | undefined>;

function identity({ name, timezone, content }: ContentPlan, kubernetesVersion: string): Facts {
  return {
    clusterId: content.vendorId,
    name,
    alias: content.displayName,
    description: content.description,
    region: content.region,
    requestedVersion: content.requestedVersion,
    kubernetesVersion,
    memberZones: content.memberZones.join(","),
    workerKind: content.workerKind,
    nodeLimit: content.nodeLimit?.toString(),
    timezone,
  };
}

function networkFacts(network: ContentNetwork): Facts {
  return {
    vpcId: network.vpcId,
    subnets: network.subnetIds.join(","),
    highwaySubnet: network.highSpeedSubnetId,
    networkPlugin: network.plugin,
    podCidr: network.podCidr,
    morePodCidrs: network.morePodCidrs.join(","),
    podSubnets: network.podSubnets.map(({ id }) => id).join(","),
    // Nodes have a share of the Pod range only where there is one.
    nodeCidrMask: network.podCidr && String(network.nodeCidrMask),
    serviceCidr: network.serviceCidr,
    ipv6PodCidr: network.ipv6?.podCidr,
    ipv6ServiceCidr: network.ipv6?.serviceCidr,
    proxyMode: network.proxyMode,
    clusterDomain: network.clusterDomain,
  };
}
