import { createHash } from "node:crypto";
import { ipv4Range, nthAddress } from "../cidr.ts";
import { unknownInstanceType } from "../core/clouds/cloud.ts";
import { cloudOf } from "../core/clouds/index.ts";
import type { Cluster, Disk, NodePoolSpec } from "../core/clusters/cluster.ts";
import type { ClusterNode, NodePool } from "../core/nodes/nodes.ts";
import { isLabelName, isLabelValue } from "../kubernetes-rules.ts";
import type { PlannedNode } from "../substrates/substrate.ts";

/** Prefix of the annotations and labels that are Sampan's own. */
const annotationPrefix = "sampan.dev";

/** Labels of the nodes whose machines are monitored. */
export const monitoredNodes = { [`${annotationPrefix}/cloud-monitor`]: "true" };

/** Largest number of pods on a node whose addresses come from a range of its own; also what a kubelet allows. */
const podsPerNode = 110;

/** Public addresses of nodes are simulated: this range (RFC 2544, for benchmarks) is nobody's. */
const publicRange = ipv4Range("198.18.0.0/16");

/** A node and where it is. */
interface NodePlace {
  cluster: Cluster;
  pool: NodePool;
  node: ClusterNode;
  zone: string | undefined;
  /** The cluster's group, for pools that name none. */
  securityGroupId: string | undefined;
}

/** A node in Kubernetes' words: what a kubelet on such an instance would report, and what a cloud would write on it. */
export function plannedNode(place: NodePlace): PlannedNode {
  const { cluster, pool, node } = place;
  const { spec } = pool;
  const { cpu, memoryGiB } = cloudOf(cluster.dialect).findInstanceType(node.instanceType) ?? unknownInstanceType;
  const storage = containerDisk(spec, node).sizeGiB;
  return {
    name: node.name,
    labels: labels(place),
    annotations: annotations(place),
    taints: spec.taints,
    providerId: `${cluster.region}.${node.instanceId}`,
    internalIp: node.address,
    ...(spec.publicAddress && { externalIp: publicAddress(node.address) }),
    capacity: { cpu, memoryMiB: memoryGiB * 1024, ephemeralStorageGiB: storage, pods: podsPerNode },
    system: {
      osImage: osImage(cluster, spec),
      operatingSystem: spec.operatingSystem,
      architecture: spec.architecture,
      containerRuntimeVersion: `${spec.runtime.name}://${spec.runtime.version}`,
    },
  };
}

/** The disk that holds images and containers: a formatted instance's last data disk, otherwise the system disk. */
const containerDisk = (spec: NodePoolSpec, node: ClusterNode): Disk =>
  (node.existing && spec.formatDisk ? spec.dataDisks.at(-1) : undefined) ?? spec.systemDisk;

/** An image of one's own stands in for the platform's, and what it holds only its name tells. */
function osImage({ dialect }: Cluster, { platform, imageId }: NodePoolSpec): string {
  const image = cloudOf(dialect).osImages.get(platform) ?? platform;
  return imageId ? `${image}, image ${imageId}` : image;
}

/** A made-up address for each node of a VPC: as many fit in the range as a /16 has. */
function publicAddress(address: string): string {
  const [, , third = 0, fourth = 0] = address.split(".").map(Number);
  return nthAddress(publicRange, third * 256 + fourth);
}

function labels({ cluster, pool: { id, spec }, node, zone }: NodePlace): Record<string, string> {
  return {
    // Tags of the cluster reach its workers; the members are the platform's.
    ...(spec.role === "worker" && asLabels(cluster.spec.tags)),
    ...spec.labels,
    ...(spec.role === "worker" && { [cloudOf(cluster.dialect).nodePoolLabel]: id }),
    ...(spec.monitoring && monitoredNodes),
    ...(spec.confidential && { [`${annotationPrefix}/tee`]: "true" }),
    "node.kubernetes.io/instance-type": node.instanceType,
    "topology.kubernetes.io/region": cluster.region,
    ...(zone && { "topology.kubernetes.io/zone": zone }),
  };
}

/** What Kubernetes has no field for is kept where `kubectl describe node` shows it. */
function annotations({ cluster, pool: { name, spec }, node, securityGroupId }: NodePlace): Record<string, string> {
  const groups = spec.securityGroupIds.length > 0 ? spec.securityGroupIds : [securityGroupId ?? ""];
  const cloud = cloudOf(cluster.dialect);
  const values: Record<string, string | undefined> = {
    "nodepool-name": spec.role === "worker" ? name : undefined,
    "instance-name": cloud.instanceName(cluster, spec, node),
    "system-disk": JSON.stringify(cloud.diskInWords(spec.systemDisk)),
    "data-disks":
      spec.dataDisks.length > 0 ? JSON.stringify(spec.dataDisks.map((disk) => cloud.diskInWords(disk))) : undefined,
    "container-storage": containerStorage(spec, node),
    vswitch: node.vswitchId,
    "security-group": groups.join(","),
    "image-id": spec.imageId,
    "key-pair": spec.keyPair,
    "charge-type": spec.billing.chargeType,
    "cpu-policy": spec.cpuPolicy,
    "user-data-sha256": spec.userData && createHash("sha256").update(spec.userData).digest("hex"),
    "instance-tags": Object.keys(spec.instanceTags).length > 0 ? JSON.stringify(spec.instanceTags) : undefined,
    deploymentset: spec.deploymentSetId,
    "ssh-public": spec.role === "control-plane" ? String(cluster.spec.cloud.publicSsh) : undefined,
  };
  const given = Object.entries(values).flatMap(([key, value]) =>
    value ? [[`${annotationPrefix}/${key}`, value]] : [],
  );
  return { ...Object.fromEntries(given), ...tagAnnotations(spec.role === "worker" ? cluster.spec.tags : {}) };
}

/** Tags that are no labels: one annotation each, and those whose keys cannot be an annotation's together in one. */
function tagAnnotations(tags: Record<string, string>): Record<string, string> {
  const others = Object.entries(tags).filter(([key, value]) => !isLabel(key, value));
  const named = others.filter(([key]) => isLabel(key, ""));
  const nameless = others.filter(([key]) => !isLabel(key, ""));
  return {
    ...Object.fromEntries(named.map(([key, value]) => [`tag.${annotationPrefix}/${key}`, value])),
    ...(nameless.length > 0 && { [`${annotationPrefix}/tags`]: JSON.stringify(Object.fromEntries(nameless)) }),
  };
}

/** Where a formatted data disk is mounted, as the documents say. */
const containerStorage = (spec: NodePoolSpec, node: ClusterNode): string | undefined =>
  node.existing && spec.formatDisk && spec.dataDisks.length > 0
    ? JSON.stringify({ disk: "last data disk", paths: ["/var/lib/docker", "/var/lib/kubelet"] })
    : undefined;

const asLabels = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key, value]) => isLabel(key, value)));

/** Whether a tag can be a label: none with a prefix is made one. */
const isLabel = (key: string, value: string): boolean => isLabelName(key) && isLabelValue(value);
