import type { NodePoolSpec } from "../../src/core/clusters/cluster.ts";
import type { NewCluster } from "../../src/core/clusters/create-cluster.ts";

/** A node pool as a dialect asks for one, with what a test does not care about filled in. */
export function newNodePool(changes: Partial<NodePoolSpec> = {}): NodePoolSpec {
  return {
    name: "default-nodepool",
    size: 3,
    instanceTypes: ["ecs.c6.large"],
    vswitchIds: ["vsw-1"],
    instances: [],
    systemDisk: { category: "cloud_ssd", sizeGiB: 120 },
    dataDisks: [],
    labels: {},
    taints: [],
    runtime: { name: "docker", version: "19.03.5" },
    operatingSystem: "linux",
    platform: "CentOS",
    imageId: undefined,
    nodeName: undefined,
    chargeType: "PostPaid",
    keyPair: undefined,
    ...changes,
  };
}

/** A cluster as a dialect asks for one, likewise. */
export function newCluster(changes: Partial<NewCluster> = {}): NewCluster {
  return {
    accountId: "default",
    dialect: "ack",
    name: "demo",
    region: "cn-beijing",
    spec: {
      kind: "managed",
      requestedVersion: "1.20.4-aliyun.1",
      kubernetesVersion: "1.20.4",
      network: {
        vpcId: "vpc-1",
        vswitchIds: ["vsw-1"],
        podVswitchIds: [],
        plugin: "flannel",
        podCidr: "172.20.0.0/16",
        nodeCidrMask: 25,
        serviceCidr: "172.21.0.0/20",
        proxyMode: "ipvs",
        clusterDomain: "cluster.local",
        securityGroupId: undefined,
      },
      apiServer: { extraSans: [], serviceAccountIssuer: "https://kubernetes.default.svc", apiAudiences: ["x"] },
      timezone: undefined,
      deletionProtection: false,
      tags: {},
      creation: { timeoutMinutes: 60, rollback: false },
    },
    nodePools: [newNodePool()],
    request: { name: "demo" },
    secrets: {},
    remarks: [],
    ...changes,
  };
}
