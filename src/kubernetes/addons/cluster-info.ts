import type { ClusterContent } from "./cluster-content.ts";
import { facts } from "./facts.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { objectMarks } from "./object-marks.ts";
import { configMap } from "./objects.ts";

/** The ConfigMap that says what the cluster is. It bears the labels and annotations that the cluster itself has. */
export function clusterInfo(content: ClusterContent, kubernetesVersion: string): KubernetesObject {
  const object = configMap("cluster-info", facts({ ...identity(content, kubernetesVersion), ...networks(content) }));
  return { ...object, metadata: { ...object.metadata, ...objectMarks(content) } };
}

type Facts = Record<string, string | undefined>;

function identity(content: ClusterContent, kubernetesVersion: string): Facts {
  return {
    clusterId: content.clusterId,
    name: content.name,
    alias: content.alias,
    description: content.description,
    region: content.region,
    requestedVersion: content.requestedVersion,
    kubernetesVersion,
    memberZones: content.memberZones.join(","),
    workerKind: content.workerKind,
    nodeLimit: content.nodeLimit?.toString(),
    timezone: content.timezone,
  };
}

function networks(content: ClusterContent): Facts {
  return {
    vpcId: content.vpcId,
    subnets: content.vswitchIds.join(","),
    highwaySubnet: content.highwayVswitchId,
    networkPlugin: content.plugin,
    podCidr: content.podCidr,
    morePodCidrs: content.morePodCidrs.join(","),
    podSubnets: content.podVswitches.map(({ id }) => id).join(","),
    // Nodes have a share of the Pod range only where there is one.
    nodeCidrMask: content.podCidr && String(content.nodeCidrMask),
    serviceCidr: content.serviceCidr,
    ipv6PodCidr: content.ipv6?.podCidr,
    ipv6ServiceCidr: content.ipv6?.serviceCidr,
    proxyMode: content.proxyMode,
    clusterDomain: content.clusterDomain,
  };
}
