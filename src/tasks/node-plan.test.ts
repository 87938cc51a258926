import { describe, expect, it } from "vitest";
import { keptCluster, keptNode, newNodePool } from "../../test/support/new-cluster.ts";
import type { ClusterSpec, NodePoolSpec } from "../core/clusters/cluster.ts";
import type { ClusterNode } from "../core/nodes/nodes.ts";
import { clusterPlan } from "./cluster-plan.ts";

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
  const cluster = keptCluster({ spec });
  const pools = [
    { id: "np1", clusterId: cluster.id, name: "pool", spec: newNodePool(pool), createdAt: cluster.createdAt },
  ];
  const nodes = [keptNode({ instanceType: "ecs.t6-c1m4.large", ...node })];
  const securityGroupId = "sg-9";
  const plan = clusterPlan({ cluster, pools, nodes, vswitches, securityGroupId, versionPolicy: "nearest" });
  return { plan, node: plan.nodes[0] };
}

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
    expect(node?.annotations).toMatchObject({
      "tag.sampan.dev/note": "two words",
      "sampan.dev/tags": '{"部门":"研发"}',
    });
  });

  it("says what Kubernetes has no field for in annotations", () => {
    const pool: Partial<NodePoolSpec> = {
      systemDisk: { category: "cloud_essd", sizeGiB: 120, performanceLevel: "PL1", snapshotPolicyId: "sp-1" },
      dataDisks: [{ category: "cloud_efficiency", sizeGiB: 40, encrypted: true }],
      imageId: "m-1",
      keyPair: "key",
      cpuPolicy: "static",
      userData: "echo hi",
      deploymentSetId: "ds-1",
      instanceTags: { "node-k-1": "node-v-1" },
      securityGroupIds: ["sg-1", "sg-2"],
    };
    expect(planOf({ pool }).node?.annotations).toMatchObject({
      "sampan.dev/system-disk":
        '{"category":"cloud_essd","size":120,"performance_level":"PL1","auto_snapshot_policy_id":"sp-1"}',
      "sampan.dev/data-disks": '[{"category":"cloud_efficiency","encrypted":true,"size":40}]',
      "sampan.dev/vswitch": "vsw-1",
      "sampan.dev/image-id": "m-1",
      "sampan.dev/key-pair": "key",
      "sampan.dev/charge-type": "PostPaid",
      "sampan.dev/cpu-policy": "static",
      // printf 'echo hi' | sha256sum
      "sampan.dev/user-data-sha256": "56a79f3b115448072387c2480044bfa2cf8f90e4f5fddd8c943b4e051b81f80b",
      "sampan.dev/deploymentset": "ds-1",
      "sampan.dev/instance-tags": '{"node-k-1":"node-v-1"}',
      "sampan.dev/security-group": "sg-1,sg-2",
      "sampan.dev/nodepool-name": "pool",
      "sampan.dev/instance-name": "worker-k8s-for-cs-c0123456789abcdef0123456789abcdef-0",
    });
  });

  it("has the cluster's security group where its pool has none", () => {
    expect(planOf().node?.annotations).toMatchObject({ "sampan.dev/security-group": "sg-9" });
  });

  it.each([
    [{ monitoring: true }, "sampan.dev/cloud-monitor"],
    [{ confidential: true }, "sampan.dev/tee"],
  ])("of a pool with %j is labelled so", (pool, label) => {
    expect(planOf({ pool }).node?.labels).toHaveProperty([label], "true");
    expect(planOf().node?.labels).not.toHaveProperty([label]);
  });

  it("has a public address only where its pool has", () => {
    expect(planOf({ pool: { publicAddress: true } }).node?.externalIp).toBe("198.18.0.55");
    expect(planOf().node).not.toHaveProperty("externalIp");
  });

  it.each([
    [true, true, 200, true],
    [true, false, 120, false],
    [false, true, 120, false],
  ])(
    "that was there before (%s) and is formatted (%s) keeps containers on %i GiB",
    (existing, formatDisk, ephemeralStorageGiB, told) => {
      const dataDisks = [40, 200].map((sizeGiB) => ({ category: "cloud_ssd", sizeGiB, encrypted: false }));
      const { node } = planOf({ pool: { dataDisks, formatDisk }, node: { existing } });
      expect(node?.capacity.ephemeralStorageGiB).toBe(ephemeralStorageGiB);
      expect("sampan.dev/container-storage" in (node?.annotations ?? {})).toBe(told);
    },
  );

  it("that was there before keeps its name", () => {
    expect(planOf({ node: { existing: true } }).node?.annotations).toMatchObject({ "sampan.dev/instance-name": "i-1" });
  });

  it("that is a member of the control plane has neither the cluster's tags nor a pool", () => {
    const { node } = planOf({ spec: { tags: { "tag-k": "tag-v" } }, pool: { role: "control-plane" } });
    expect(node?.labels).not.toHaveProperty("tag-k");
    expect(node?.labels).not.toHaveProperty(["alibabacloud.com/nodepool-id"]);
    expect(node?.annotations).toMatchObject({ "sampan.dev/ssh-public": "false" });
  });

  it("of an image of one's own names it", () => {
    expect(planOf({ pool: { platform: "CentOS", imageId: "m-1" } }).node?.system.osImage).toBe(
      "CentOS Linux 7 (Core), image m-1",
    );
  });

  it.each([
    ["AliyunLinux", /^Alibaba Cloud Linux/],
    ["CentOS", /^CentOS/],
    ["ContainerOS", /^ContainerOS$/],
    ["constructor", /^constructor$/],
    ["toString", /^toString$/],
  ])("of platform %s has an image like %s", (platform, image) => {
    expect(planOf({ pool: { platform } }).node?.system.osImage).toMatch(image);
  });

  it("has no range for pods with Flannel, whose controller manager gives one", () => {
    expect(planOf().node?.podCidr).toBeUndefined();
  });

  it.each([
    ["terway", ["vsw-pod-b", "vsw-pod-a"], "192.168.8.0/22"],
    ["terway", ["vsw-pod-b"], "192.168.4.0/22"],
    ["eni", ["vsw-pod-b", "vsw-pod-a"], "192.168.8.0/22"],
  ] as const)(
    "takes pod addresses from the Pod vSwitch of its zone with %s, or else from the first: %j",
    (plugin, podVswitchIds, podCidr) => {
      const network = { ...keptCluster().spec.network, plugin, podVswitchIds: [...podVswitchIds] };
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
