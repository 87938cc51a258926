import { describe, expect, it } from "vitest";
import { newCluster, newNodePool } from "../../test/support/new-cluster.ts";
import type { Cluster, ClusterSpec, NodePoolSpec } from "../core/clusters/cluster.ts";
import type { ClusterNode } from "../core/nodes/nodes.ts";
import { clusterPlan } from "./cluster-plan.ts";

const at = new Date(0);

const vswitches = [
  { id: "vsw-1", vpcId: "vpc-1", zone: "cn-beijing-a", cidr: "192.168.0.0/22" },
  { id: "vsw-pod-b", vpcId: "vpc-1", zone: "cn-beijing-b", cidr: "192.168.4.0/22" },
  { id: "vsw-pod-a", vpcId: "vpc-1", zone: "cn-beijing-a", cidr: "192.168.8.0/22" },
];

/** The plan of a cluster with one node. */
function planOf({
  spec = {},
  pool = {},
  node = {},
}: {
  spec?: Partial<ClusterSpec>;
  pool?: Partial<NodePoolSpec>;
  node?: Partial<ClusterNode>;
} = {}) {
  const wanted = newCluster();
  const cluster: Cluster = {
    ...wanted,
    id: "0".repeat(32),
    state: "creating",
    spec: { ...wanted.spec, memberAddresses: ["192.168.0.11"], ...spec },
    placement: "here",
    substrateState: {},
    createdAt: at,
    updatedAt: at,
  };
  const pools = [{ id: "np1", clusterId: cluster.id, name: "pool", spec: newNodePool(pool), createdAt: at }];
  const nodes: ClusterNode[] = [
    {
      clusterId: cluster.id,
      nodePoolId: "np1",
      instanceId: "i-1",
      name: "node-1",
      address: "192.168.0.55",
      vswitchId: "vsw-1",
      instanceType: "ecs.t6-c1m4.large",
      existing: false,
      ordinal: 0,
      createdAt: at,
      ...node,
    },
  ];
  const plan = clusterPlan({
    cluster,
    pools,
    nodes,
    vswitches,
    versionPolicy: "nearest",
  });
  return { plan, node: plan.nodes[0] };
}

describe("the plan of a cluster", () => {
  it("has its ranges, its names and its version in Kubernetes' words", () => {
    expect(planOf({ spec: { timezone: "Asia/Shanghai" } }).plan).toMatchObject({
      version: "1.20.4",
      members: 1,
      network: {
        podCidr: "172.20.0.0/16",
        nodeCidrMask: 25,
        serviceCidr: "172.21.0.0/20",
        clusterDomain: "cluster.local",
        memberAddresses: ["192.168.0.11"],
      },
      timezone: "Asia/Shanghai",
    });
  });
});

describe("the plan of a node", () => {
  it("has the capacity of its instance type and its system disk", () => {
    expect(planOf({ pool: { systemDisk: { category: "cloud_ssd", sizeGiB: 80 } } }).node?.capacity).toEqual({
      cpu: 2,
      memoryMiB: 8192,
      ephemeralStorageGiB: 80,
      pods: 110,
    });
  });

  it("has the documented default's capacity where its instance type is not known", () => {
    expect(planOf({ node: { instanceType: "ecs.x.large" } }).node?.capacity).toMatchObject({ cpu: 4, memoryMiB: 8192 });
  });

  it("is labelled with its place, its type, its pool and the cluster's tags", () => {
    expect(planOf({ spec: { tags: { "tag-k": "tag-v" } }, pool: { labels: { env: "prod" } } }).node?.labels).toEqual({
      "tag-k": "tag-v",
      env: "prod",
      "alibabacloud.com/nodepool-id": "np1",
      "node.kubernetes.io/instance-type": "ecs.t6-c1m4.large",
      "topology.kubernetes.io/region": "cn-beijing",
      "topology.kubernetes.io/zone": "cn-beijing-a",
    });
  });

  it("keeps a tag that is no label as an annotation", () => {
    const { node } = planOf({ spec: { tags: { note: "two words", 部门: "研发" } } });
    expect(node?.labels).not.toHaveProperty("note");
    expect(node?.annotations).toMatchObject({ "tag.sampan.dev/note": "two words" });
  });

  it("says what Kubernetes has no field for in annotations", () => {
    const pool = { dataDisks: [{ category: "cloud_efficiency", sizeGiB: 40 }], imageId: "m-1", keyPair: "key" };
    expect(planOf({ pool }).node?.annotations).toMatchObject({
      "sampan.dev/system-disk": '{"category":"cloud_ssd","sizeGiB":120}',
      "sampan.dev/data-disks": '[{"category":"cloud_efficiency","sizeGiB":40}]',
      "sampan.dev/vswitch": "vsw-1",
      "sampan.dev/image-id": "m-1",
      "sampan.dev/key-pair": "key",
    });
  });

  it.each([
    ["AliyunLinux", /^Alibaba Cloud Linux/],
    ["CentOS", /^CentOS/],
    ["ContainerOS", /^ContainerOS$/],
  ])("of platform %s has an image like %s", (platform, image) => {
    expect(planOf({ pool: { platform } }).node?.system.osImage).toMatch(image);
  });

  it("has no range for pods with Flannel, whose controller manager gives one", () => {
    expect(planOf().node?.podCidr).toBeUndefined();
  });

  it.each([
    [["vsw-pod-b", "vsw-pod-a"], "192.168.8.0/22"],
    [["vsw-pod-b"], "192.168.4.0/22"],
  ])(
    "takes pod addresses from the Pod vSwitch of its zone with Terway, or else from the first: %j",
    (podVswitchIds, podCidr) => {
      const network = { ...newCluster().spec.network, plugin: "terway" as const, podVswitchIds };
      expect(planOf({ spec: { network } }).node?.podCidr).toBe(podCidr);
    },
  );

  it("has its runtime, its address and its provider id", () => {
    expect(planOf({ pool: { runtime: { name: "containerd", version: "1.6.20" } } }).node).toMatchObject({
      name: "node-1",
      internalIp: "192.168.0.55",
      providerId: "cn-beijing.i-1",
      system: { containerRuntimeVersion: "containerd://1.6.20", architecture: "amd64", operatingSystem: "linux" },
    });
  });
});
