import { describe, expect, it } from "vitest";
import { keptCluster, newNodePool } from "../../test/support/new-cluster.ts";
import type { Cluster, ClusterSpec, NetworkPlugin, NodePoolSpec } from "../core/clusters/cluster.ts";
import { clusterPlan } from "./cluster-plan.ts";

const vswitches = [
  { id: "vsw-1", vpcId: "vpc-1", zone: "cn-beijing-a", cidr: "192.168.0.0/22" },
  { id: "vsw-pod", vpcId: "vpc-1", zone: "cn-beijing-b", cidr: "192.168.4.0/22" },
];

function planOf(spec: Partial<ClusterSpec> = {}, pool: Partial<NodePoolSpec> = {}, more: Partial<Cluster> = {}) {
  const cluster = keptCluster({ ...more, spec });
  const pools = [
    { id: "np1", clusterId: cluster.id, name: "pool", spec: newNodePool(pool), createdAt: cluster.createdAt },
  ];
  return clusterPlan({ cluster, pools, nodes: [], vswitches, securityGroupId: "sg-1", versionPolicy: "nearest" });
}

const { apiServer, network } = keptCluster().spec;
const addon = { version: "v1", config: "", disabled: false };

describe("the plan of a cluster", () => {
  it("has its ranges, its names and its version in Kubernetes' words", () => {
    expect(planOf({ timezone: "Asia/Shanghai" })).toMatchObject({
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

  it.each<[NetworkPlugin, podCidr: string | undefined]>([
    ["flannel", "172.20.0.0/16"],
    ["terway", undefined],
    ["overlay_l2", "172.20.0.0/16"],
    ["underlay_ipvlan", "172.20.0.0/16"],
    ["vpc-router", "172.20.0.0/16"],
    ["eni", undefined],
  ])("gives nodes with %s this range to share: %s", (plugin, podCidr) => {
    const plan = planOf({ network: { ...network, plugin, podCidr: "172.20.0.0/16" } });
    expect([plan.network.podCidr, plan.network.plugin]).toEqual([podCidr, plugin]);
  });

  it("has a second address family and a proxy's CA where they are wanted", () => {
    const ipv6 = { podCidr: "fd00::/56", serviceCidr: "fc00::/112" };
    const plan = planOf({ network: { ...network, ipv6 }, apiServer: { ...apiServer, authenticatingProxyCa: "PEM" } });
    expect([plan.network.ipv6, plan.apiServer.authenticatingProxyCa]).toEqual([ipv6, "PEM"]);
    expect([planOf().network.ipv6, planOf().apiServer.authenticatingProxyCa]).toEqual([undefined, undefined]);
  });

  it("has as many members as are wanted", () => {
    const memberAddresses = ["192.168.0.11", "192.168.0.12", "192.168.0.13"];
    expect(planOf({ kind: "dedicated", members: 3, memberAddresses })).toMatchObject({
      members: 3,
      network: { memberAddresses },
    });
  });

  it("accepts the audience of the cloud's token service with RAM roles", () => {
    const rrsa = { issuer: "http://127.0.0.1/oidc/x", audience: "sts.aliyuncs.com" };
    expect(planOf({ apiServer: { ...apiServer, apiAudiences: ["a"], rrsa } }).apiServer.apiAudiences).toEqual([
      "a",
      "sts.aliyuncs.com",
    ]);
    expect(planOf({ apiServer: { ...apiServer, apiAudiences: ["a"] } }).apiServer.apiAudiences).toEqual(["a"]);
  });

  it.each([
    [undefined, undefined],
    ["key-1", { keyName: "key-1" }],
  ])("encrypts Secrets with the KMS key %j", (secretEncryptionKeyId, planned) => {
    expect(planOf({ secretEncryptionKeyId }).secretEncryption).toEqual(planned);
  });

  it.each([
    ["logtail-ds", false, true],
    ["logtail-ds", true, false],
    ["loongcollector", false, true],
    ["csi-plugin", false, false],
  ])("has an audit log with %s (disabled: %s): %s", (name, disabled, auditLog) => {
    expect(planOf({ addons: [{ ...addon, name, disabled }] }).apiServer.auditLog).toBe(auditLog);
  });
});

describe("what stands in the cluster", () => {
  it("are the add-ons that are not disabled, their settings read", () => {
    const addons = [
      { ...addon, name: "logtail-ds", config: '{"sls_project_name":"logs"}' },
      { ...addon, name: "nginx-ingress-controller", disabled: true },
      { ...addon, name: "csi-plugin" },
    ];
    expect(planOf({ addons }).content.addons).toEqual([
      { name: "logtail-ds", version: "v1", config: { sls_project_name: "logs" } },
      { name: "csi-plugin", version: "v1", config: {} },
    ]);
  });

  it("knows the networks of the pods", () => {
    const terway = { ...network, plugin: "terway" as const, podCidr: undefined, podVswitchIds: ["vsw-pod"] };
    expect(planOf({ network: terway }).network).toMatchObject({
      plugin: "terway",
      subnetIds: ["vsw-1"],
      podSubnets: [{ id: "vsw-pod", zone: "cn-beijing-b", cidr: "192.168.4.0/22" }],
    });
  });

  it("is known by the id as the vendor spells it, with what people wrote on the cluster", () => {
    const vendorId = "01234567-89ab-cdef-0123-456789abcdef";
    const given = { description: "d", labels: { a: "b" }, annotations: { c: "d" }, nodeLimit: 50 };
    const facts = { workerKind: "bare-metal", memberZones: ["a", "b", "c"] } as const;
    const { content } = planOf({ vendorId, alias: "数据", ...given, ...facts, memberZones: ["a", "b", "c"] });
    expect(content).toMatchObject({ vendorId, displayName: "数据", ...given, ...facts });
  });

  it.each([
    ["ack", "registry-vpc.cn-beijing.aliyuncs.com/acs"],
    ["cce", "swr.cn-beijing.myhuaweicloud.com/hwofficial"],
  ] as const)("comes from the registry of %s", (dialect, imageRegistry) => {
    expect(planOf({}, {}, { dialect }).content.imageRegistry).toBe(imageRegistry);
  });

  it("knows the node pools", () => {
    expect(planOf({}, { cpuPolicy: "static", userData: "echo hi" }).content.pools).toEqual([
      {
        id: "np1",
        name: "pool",
        labels: { "alibabacloud.com/nodepool-id": "np1" },
        cpuPolicy: "static",
        taints: [],
        runtime: "docker",
        userData: "echo hi",
      },
    ]);
  });
});
