import { describe, expect, it } from "vitest";
import { keptCluster, newNodePool } from "../../test/support/new-cluster.ts";
import type { ClusterSpec, NodePoolSpec } from "../core/clusters/cluster.ts";
import { clusterPlan } from "./cluster-plan.ts";

const vswitches = [
  { id: "vsw-1", vpcId: "vpc-1", zone: "cn-beijing-a", cidr: "192.168.0.0/22" },
  { id: "vsw-pod", vpcId: "vpc-1", zone: "cn-beijing-b", cidr: "192.168.4.0/22" },
];

function planOf(spec: Partial<ClusterSpec> = {}, pool: Partial<NodePoolSpec> = {}) {
  const cluster = keptCluster({ spec });
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
    expect(planOf({ network: terway }).content).toMatchObject({
      plugin: "terway",
      podVswitches: [{ id: "vsw-pod", zone: "cn-beijing-b", cidr: "192.168.4.0/22" }],
    });
  });

  it("knows the node pools", () => {
    expect(planOf({}, { cpuPolicy: "static", userData: "echo hi" }).content.pools).toEqual([
      { id: "np1", name: "pool", cpuPolicy: "static", taints: [], runtime: "docker", userData: "echo hi" },
    ]);
  });
});
