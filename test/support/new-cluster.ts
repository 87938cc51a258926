import type { Cluster, ClusterSpec, NodePoolSpec } from "../../src/core/clusters/cluster.ts";
import type { NewCluster } from "../../src/core/clusters/new-cluster.ts";
import type { ClusterNode } from "../../src/core/nodes/nodes.ts";

/** A node pool as a dialect asks for one, with what a test does not care about filled in. */
export function newNodePool(changes: Partial<NodePoolSpec> = {}): NodePoolSpec {
  return {
    name: "default-nodepool",
    role: "worker",
    size: 3,
    instanceTypes: ["ecs.c6.large"],
    vswitchIds: ["vsw-1"],
    vswitchPolicy: "balance",
    instances: [],
    keepInstanceNames: true,
    formatDisk: false,
    systemDisk: { category: "cloud_ssd", sizeGiB: 120 },
    dataDisks: [],
    labels: {},
    taints: [],
    runtime: { name: "docker", version: "19.03.5" },
    operatingSystem: "linux",
    architecture: "amd64",
    platform: "CentOS",
    imageId: undefined,
    cpuPolicy: "none",
    userData: undefined,
    nodeName: undefined,
    billing: { chargeType: "PostPaid", months: undefined, autoRenew: false, renewMonths: undefined },
    keyPair: undefined,
    securityGroupIds: [],
    rdsInstances: [],
    instanceTags: {},
    autoScaling: undefined,
    publicAddress: false,
    monitoring: false,
    confidential: false,
    deploymentSetId: undefined,
    request: {},
    ...changes,
  };
}

/** A cluster as a dialect asks for one, likewise. */
export function newCluster(changes: Partial<NewCluster> = {}): NewCluster {
  return {
    accountId: "default",
    projectId: null,
    sees: "account",
    dialect: "ack",
    spellId: (id) => `c${id}`,
    podRange: "refuse",
    name: "demo",
    region: "cn-beijing",
    spec: {
      alias: undefined,
      description: "",
      labels: {},
      annotations: {},
      kind: "managed",
      requestedVersion: "1.20.4-aliyun.1",
      kubernetesVersion: "1.20.4",
      network: {
        vpcId: "vpc-1",
        vswitchIds: ["vsw-1"],
        podVswitchIds: [],
        highwayVswitchId: undefined,
        plugin: "flannel",
        podCidr: "172.20.0.0/16",
        morePodCidrs: [],
        nodeCidrMask: 25,
        serviceCidr: "172.21.0.0/20",
        ipv6: undefined,
        proxyMode: "ipvs",
        clusterDomain: "cluster.local",
        securityGroupId: undefined,
        enterpriseSecurityGroup: false,
      },
      members: 1,
      memberZones: ["cn-beijing-a"],
      workerKind: "virtual-machine",
      nodeLimit: undefined,
      apiServer: {
        extraSans: [],
        serviceAccountIssuer: "https://kubernetes.default.svc",
        apiAudiences: ["x"],
        publicEndpoint: true,
        rrsa: undefined,
        authenticatingProxyCa: undefined,
      },
      secretEncryptionKeyId: undefined,
      addons: [],
      cloud: {
        snat: false,
        loadBalancerSpec: "slb.s2.small",
        publicSsh: false,
        monitoring: false,
        resourceGroupId: undefined,
      },
      timezone: undefined,
      deletionProtection: false,
      tags: {},
      creation: { timeoutMinutes: 60, rollback: false },
    },
    nodePools: [newNodePool()],
    request: { name: "demo" },
    secrets: {},
    remarks: [],
    inventory: "implicit",
    ...changes,
  };
}

/** A cluster as it is kept, likewise. */
export function keptCluster({
  spec,
  ...changes
}: Partial<Omit<Cluster, "spec">> & { spec?: Partial<ClusterSpec> } = {}) {
  const { spec: wanted, accountId, projectId, dialect, name, region, request } = newCluster();
  const issuer = wanted.apiServer.serviceAccountIssuer ?? "";
  const serviceCidr = wanted.network.serviceCidr ?? "";
  const cluster: Cluster = {
    accountId,
    projectId,
    dialect,
    name,
    region,
    request,
    id: "0123456789abcdef0123456789abcdef",
    state: "running",
    spec: {
      ...wanted,
      vendorId: "c0123456789abcdef0123456789abcdef",
      network: { ...wanted.network, serviceCidr },
      apiServer: { ...wanted.apiServer, serviceAccountIssuer: issuer, rrsa: undefined },
      memberAddresses: ["192.168.0.11"],
      memberZones: ["cn-beijing-a"],
      ...spec,
    },
    placement: "here",
    substrateState: {},
    createdAt: new Date("2026-01-02T03:04:05.678Z"),
    updatedAt: new Date("2026-01-02T03:04:05.678Z"),
    ...changes,
  };
  return cluster;
}

/** A node as it is kept, of {@link keptCluster}'s cluster and of pool `np1`. */
export function keptNode(changes: Partial<ClusterNode> = {}): ClusterNode {
  return {
    clusterId: "0123456789abcdef0123456789abcdef",
    nodePoolId: "np1",
    instanceId: "i-1",
    name: "node-1",
    address: "192.168.0.55",
    vswitchId: "vsw-1",
    instanceType: "ecs.c6.large",
    existing: false,
    ordinal: 0,
    createdAt: new Date("2026-01-02T03:04:05.678Z"),
    ...changes,
  };
}
