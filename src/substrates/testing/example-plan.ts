import { randomBytes } from "node:crypto";
import type { ClusterPlan, PlannedNode } from "../substrate.ts";

/** A managed cluster of three nodes, with an id of its own. */
export function examplePlan(more: Partial<ClusterPlan> = {}): ClusterPlan {
  return {
    id: randomBytes(16).toString("hex"),
    name: "example",
    version: undefined,
    versionPolicy: "nearest",
    members: 1,
    network: {
      podCidr: "172.20.0.0/16",
      morePodCidrs: [],
      nodeCidrMask: 25,
      serviceCidr: "172.21.0.0/20",
      ipv6: undefined,
      clusterDomain: "cluster.local",
      memberAddresses: ["192.168.0.11"],
      innerLoadBalancer: undefined,
      plugin: "flannel",
      proxyMode: "ipvs",
      vpcId: "vpc-example",
      subnetIds: ["vsw-example"],
      highSpeedSubnetId: undefined,
      podSubnets: [],
      securityGroupIds: [],
    },
    apiServer: {
      extraSans: ["api.example.com", "203.0.113.7"],
      serviceAccountIssuer: "https://kubernetes.default.svc",
      apiAudiences: ["https://kubernetes.default.svc"],
      publicEndpoint: true,
      auditLog: false,
      authenticatingProxyCa: undefined,
    },
    secretEncryption: undefined,
    timezone: "Asia/Shanghai",
    content: {
      vendorId: "c0ffee",
      monitoredNodes: {},
      displayName: undefined,
      description: "",
      labels: {},
      annotations: {},
      region: "cn-beijing",
      imageRegistry: "registry-vpc.cn-beijing.aliyuncs.com/acs",
      requestedVersion: undefined,
      workerKind: "virtual-machine",
      nodeLimit: undefined,
      memberZones: ["cn-beijing-a"],
      addons: [],
      pools: [],
    },
    nodes: [1, 2, 3].map(exampleNode),
    ...more,
  };
}

/** What makes a plan one of three members, which each have an address in the VPC. */
export function threeMembers(): Pick<ClusterPlan, "members" | "network"> {
  const memberAddresses = ["192.168.0.11", "192.168.0.12", "192.168.0.13"];
  return { members: 3, network: { ...examplePlan().network, memberAddresses } };
}

function exampleNode(number: number): PlannedNode {
  return {
    name: `cn-beijing.192.168.0.${20 + number}`,
    labels: {},
    annotations: {},
    taints: [],
    providerId: `cn-beijing.i-example${number}`,
    internalIp: `192.168.0.${20 + number}`,
    capacity: { cpu: 4, memoryMiB: 8192, ephemeralStorageGiB: 40, pods: 110 },
    system: {
      osImage: "Alibaba Cloud Linux (Aliyun Linux) 2.1903",
      operatingSystem: "linux",
      architecture: "amd64",
      containerRuntimeVersion: "docker://19.3.5",
    },
  };
}
