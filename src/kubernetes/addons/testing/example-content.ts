import type { ClusterContent, ContentPool, InstalledAddon } from "../cluster-content.ts";

/** An add-on in some version. */
export const exampleAddon = (name: string, config: Record<string, unknown> = {}): InstalledAddon => ({
  name,
  version: "v1.2.3",
  config,
});

/** A node pool like any other. */
export const examplePool = (more: Partial<ContentPool> = {}): ContentPool => ({
  labels: { "alibabacloud.com/nodepool-id": more.id ?? "np1" },
  id: "np1",
  name: "default",
  cpuPolicy: "none",
  runtime: "docker",
  userData: undefined,
  taints: [],
  ...more,
});

/** What the documented sample of a managed cluster asks for: Flannel, tainted workers, no ingress. */
export const managedContent = (more: Partial<ClusterContent> = {}): ClusterContent => ({
  clusterId: "c0ffee",
  monitoredNodes: { monitored: "true" },
  name: "ACK托管版",
  alias: undefined,
  description: "",
  labels: {},
  annotations: {},
  region: "cn-zhangjiakou",
  imageRegistry: "registry-vpc.cn-zhangjiakou.aliyuncs.com/acs",
  requestedVersion: "1.18.8-aliyun.1",
  workerKind: "virtual-machine",
  nodeLimit: undefined,
  memberZones: ["cn-zhangjiakou-a"],
  vpcId: "vpc-1",
  vswitchIds: ["vsw-1"],
  highwayVswitchId: undefined,
  plugin: "flannel",
  podVswitches: [],
  securityGroupIds: ["sg-1"],
  proxyMode: "ipvs",
  podCidr: "172.20.0.0/16",
  morePodCidrs: [],
  nodeCidrMask: 26,
  serviceCidr: "172.21.0.0/20",
  ipv6: undefined,
  clusterDomain: "cluster.local",
  timezone: "Asia/Shanghai",
  addons: [
    exampleAddon("flannel"),
    exampleAddon("csi-plugin"),
    exampleAddon("csi-provisioner"),
    exampleAddon("logtail-ds", { IngressDashboardEnabled: "true" }),
    exampleAddon("ack-node-problem-detector", { sls_project_name: "" }),
    exampleAddon("arms-prometheus"),
    exampleAddon("coredns"),
    exampleAddon("kube-proxy"),
    exampleAddon("metrics-server"),
    exampleAddon("cloudmonitor-agent"),
  ],
  pools: [
    examplePool({
      userData: '#!/usr/bin/bash\necho "Hello ACK!"',
      taints: [{ key: "1", value: "1", effect: "NoSchedule" }],
    }),
  ],
  ...more,
});

/** A dedicated cluster's: Terway, an ingress, members that are nodes, pools that differ. */
export const dedicatedContent = (more: Partial<ClusterContent> = {}): ClusterContent => ({
  ...managedContent(),
  name: "ACK dedicated cluster",
  plugin: "terway",
  podVswitches: [
    { id: "vsw-a1", zone: "cn-zhangjiakou-a", cidr: "10.1.0.0/20" },
    { id: "vsw-b1", zone: "cn-zhangjiakou-b", cidr: "10.1.16.0/20" },
    { id: "vsw-a2", zone: "cn-zhangjiakou-a", cidr: "10.1.32.0/20" },
  ],
  proxyMode: "iptables",
  podCidr: undefined,
  serviceCidr: "192.168.128.0/24",
  clusterDomain: "example.internal",
  timezone: undefined,
  addons: [
    exampleAddon("terway-eniip", { IPVlan: "true", NetworkPolicy: "true", ENITrunking: false }),
    exampleAddon("csi-plugin"),
    exampleAddon("csi-provisioner"),
    exampleAddon("logtail-ds", { sls_project_name: "my-logs" }),
    exampleAddon("nginx-ingress-controller", { IngressSlbNetworkType: "intranet", IngressSlbSpec: "slb.s2.small" }),
    exampleAddon("coredns"),
    exampleAddon("kube-proxy"),
    exampleAddon("metrics-server"),
  ],
  pools: [
    examplePool({
      id: "np-masters",
      name: "master-nodepool",
      taints: [{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" }],
    }),
    examplePool({ id: "np-static", name: "批处理 pool", cpuPolicy: "static", runtime: "Sandboxed-Container.runv" }),
  ],
  ...more,
});

/** What Huawei's CCE puts into a cluster of virtual machines whose pods are joined by tunnels. */
export const tunnelContent = (more: Partial<ClusterContent> = {}): ClusterContent => ({
  ...managedContent(),
  clusterId: "0ffee000-1234-5678-9abc-def012345678",
  name: "my-cluster",
  alias: "My cluster",
  description: "A cluster",
  labels: { foo: "bar" },
  annotations: { note: "two words" },
  region: "cn-north-4",
  imageRegistry: "swr.cn-north-4.myhuaweicloud.com/hwofficial",
  requestedVersion: "v1.9.2-r1",
  nodeLimit: 50,
  memberZones: ["cn-north-4a", "cn-north-4b", "cn-north-4c"],
  vswitchIds: ["subnet-1"],
  plugin: "overlay_l2",
  proxyMode: "iptables",
  podCidr: "172.16.0.0/16",
  serviceCidr: "10.247.0.0/16",
  addons: ["coredns", "kube-proxy", "everest", "overlay_l2"].map((name) => exampleAddon(name)),
  pools: [],
  ...more,
});
