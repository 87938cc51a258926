import type { ClusterContent } from "./cluster-content.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { objectMarks } from "./object-marks.ts";
import { configMap } from "./objects.ts";

/** A ConfigMap holds a megabyte in all; nobody looks for more than this of one fact there. */
const FACT_LENGTH = 4096;

/** The ConfigMap that says what the cluster is. It bears the labels and annotations that the cluster itself has. */
export function clusterInfo(content: ClusterContent, kubernetesVersion: string): KubernetesObject {
  const facts = Object.entries({ ...identity(content, kubernetesVersion), ...networks(content) });
  const given = facts.flatMap(([name, fact]) => (fact ? [[name, shortened(fact)] as const] : []));
  const object = configMap("cluster-info", Object.fromEntries(given));
  return { ...object, metadata: { ...object.metadata, ...objectMarks(content) } };
}

/** Facts by name; those that are undefined or empty are left out. */
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

function shortened(text: string): string {
  return text.length > FACT_LENGTH ? `${text.slice(0, FACT_LENGTH)}…` : text;
}
