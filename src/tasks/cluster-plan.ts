import type { Cluster, NodePoolSpec } from "../core/clusters/cluster.ts";
import type { Vswitch } from "../core/inventory/inventory.ts";
import { defaultInstanceType, findInstanceType } from "../core/nodes/instance-types.ts";
import type { ClusterNode, NodePool } from "../core/nodes/nodes.ts";
import type { ClusterPlan, PlannedNode } from "../substrates/substrate.ts";

/** Prefix of the annotations and labels that are Sampan's own. */
export const annotationPrefix = "sampan.dev";

/** Largest number of pods on a node whose addresses come from a range of its own; also what a kubelet allows. */
const podsPerNode = 110;

/** `nodeInfo.osImage` by the platform's name in the request. */
const osImages: Readonly<Record<string, string>> = {
  CentOS: "CentOS Linux 7 (Core)",
  AliyunLinux: "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle)",
  QbootAliyunLinux: "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle)",
  Qboot: "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle)",
  Windows: "Windows Server 2019 Datacenter",
  WindowsCore: "Windows Server Core",
};

/** What the plan of a cluster is made from. */
export interface PlanInput {
  cluster: Cluster;
  pools: NodePool[];
  nodes: ClusterNode[];
  /** The vSwitches of the cluster's nodes and pods. */
  vswitches: readonly Vswitch[];
  versionPolicy: ClusterPlan["versionPolicy"];
}

/** Says in Kubernetes' words, with nothing left open, what the substrate has to make. */
export function clusterPlan({ cluster, pools, nodes, vswitches, versionPolicy }: PlanInput): ClusterPlan {
  const { network, apiServer, kubernetesVersion, memberAddresses, timezone } = cluster.spec;
  const vswitchOf = new Map(vswitches.map((vswitch) => [vswitch.id, vswitch]));
  const podVswitches = vswitches.filter(({ id }) => network.podVswitchIds.includes(id));
  const poolOf = new Map(pools.map((pool) => [pool.id, pool]));
  return {
    id: cluster.id,
    name: cluster.name,
    version: kubernetesVersion,
    versionPolicy,
    members: memberAddresses.length,
    network: {
      podCidr: network.podCidr,
      nodeCidrMask: network.nodeCidrMask,
      serviceCidr: network.serviceCidr,
      clusterDomain: network.clusterDomain,
      memberAddresses,
    },
    apiServer,
    timezone,
    nodes: nodes.flatMap((node) => {
      const pool = poolOf.get(node.nodePoolId);
      const zone = vswitchOf.get(node.vswitchId)?.zone;
      // As the vendor asks for: pods get addresses in the zone of their node, where a Pod vSwitch is there.
      const podVswitch = podVswitches.find((vswitch) => vswitch.zone === zone) ?? podVswitches[0];
      return pool ? [{ ...plannedNode(cluster, pool, node, zone), podCidr: podVswitch?.cidr }] : [];
    }),
  };
}

function plannedNode(cluster: Cluster, pool: NodePool, node: ClusterNode, zone: string | undefined): PlannedNode {
  const { spec } = pool;
  const { cpu, memoryGiB } = findInstanceType(node.instanceType) ?? defaultInstanceType;
  return {
    name: node.name,
    labels: {
      ...asLabels(cluster.spec.tags),
      ...spec.labels,
      "alibabacloud.com/nodepool-id": pool.id,
      "node.kubernetes.io/instance-type": node.instanceType,
      "topology.kubernetes.io/region": cluster.region,
      ...(zone && { "topology.kubernetes.io/zone": zone }),
    },
    annotations: annotations(cluster, spec, node),
    taints: spec.taints,
    providerId: `${cluster.region}.${node.instanceId}`,
    internalIp: node.address,
    capacity: { cpu, memoryMiB: memoryGiB * 1024, ephemeralStorageGiB: spec.systemDisk.sizeGiB, pods: podsPerNode },
    system: {
      osImage: osImages[spec.platform] ?? spec.platform,
      operatingSystem: spec.operatingSystem,
      architecture: "amd64",
      containerRuntimeVersion: `${spec.runtime.name}://${spec.runtime.version}`,
    },
  };
}

/** What Kubernetes has no field for is kept where `kubectl describe node` shows it. */
function annotations(cluster: Cluster, spec: NodePoolSpec, node: ClusterNode): Record<string, string> {
  const values: Record<string, string | undefined> = {
    "system-disk": JSON.stringify(spec.systemDisk),
    "data-disks": spec.dataDisks.length > 0 ? JSON.stringify(spec.dataDisks) : undefined,
    vswitch: node.vswitchId,
    "security-group": cluster.spec.network.securityGroupId,
    "image-id": spec.imageId,
    "key-pair": spec.keyPair,
  };
  const given = Object.entries(values).flatMap(([name, value]) =>
    value ? [[`${annotationPrefix}/${name}`, value]] : [],
  );
  const tags = Object.entries(cluster.spec.tags)
    .filter(([key, value]) => !isLabel(key, value) && isLabel(key, ""))
    .map(([key, value]) => [`tag.${annotationPrefix}/${key}`, value]);
  return Object.fromEntries([...given, ...tags]);
}

const asLabels = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key, value]) => isLabel(key, value)));

/** Kubernetes' rule for labels, for keys without a prefix; other tags are no labels. */
function isLabel(key: string, value: string): boolean {
  const word = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
  return word.test(key) && (value === "" || word.test(value));
}
