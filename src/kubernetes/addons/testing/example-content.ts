import type { ClusterContent, ContentNetwork, ContentPlan, ContentPool, InstalledAddon } from "../cluster-content.ts";

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

/** What a test has otherwise in a plan. */
export interface PlanChanges {
  name?: string;
  timezone?: string | undefined;
  network?: Partial<ContentNetwork>;
  content?: Partial<ClusterContent>;
}

const changed = (plan: ContentPlan, { network, content, ...more }: PlanChanges): ContentPlan => ({
  ...plan,
  ...more,
  network: { ...plan.network, ...network },
  content: { ...plan.content, ...content },
});

const managed: ContentPlan = {
  name: "ACK托管版",
  timezone: "Asia/Shanghai",
  network: {
    vpcId: "vpc-1",
    subnetIds: ["vsw-1"],
    highSpeedSubnetId: undefined,
    plugin: "flannel",
    podSubnets: [],
    securityGroupIds: ["sg-1"],
    proxyMode: "ipvs",
    podCidr: "172.20.0.0/16",
    morePodCidrs: [],
    nodeCidrMask: 26,
    serviceCidr: "172.21.0.0/20",
    ipv6: undefined,
    clusterDomain: "cluster.local",
  },
  content: {
    vendorId: "c0ffee",
    monitoredNodes: { monitored: "true" },
    displayName: undefined,
    description: "",
    labels: {},
    annotations: {},
    region: "cn-zhangjiakou",
    imageRegistry: "registry-vpc.cn-zhangjiakou.aliyuncs.com/acs",
    requestedVersion: "1.18.8-aliyun.1",
    workerKind: "virtual-machine",
    nodeLimit: undefined,
    memberZones: ["cn-zhangjiakou-a"],
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
  },
};

const dedicated = changed(managed, {
  name: "ACK dedicated cluster",
  timezone: undefined,
  network: {
    plugin: "terway",
    podSubnets: [
      { id: "vsw-a1", zone: "cn-zhangjiakou-a", cidr: "10.1.0.0/20" },
      { id: "vsw-b1", zone: "cn-zhangjiakou-b", cidr: "10.1.16.0/20" },
      { id: "vsw-a2", zone: "cn-zhangjiakou-a", cidr: "10.1.32.0/20" },
    ],
    proxyMode: "iptables",
    podCidr: undefined,
    serviceCidr: "192.168.128.0/24",
    clusterDomain: "example.internal",
  },
  content: {
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
  },
});

const tunnel = changed(managed, {
  name: "my-cluster",
  network: {
    subnetIds: ["subnet-1"],
    plugin: "overlay_l2",
    proxyMode: "iptables",
    podCidr: "172.16.0.0/16",
    serviceCidr: "10.247.0.0/16",
  },
  content: {
    vendorId: "0ffee000-1234-5678-9abc-def012345678",
    displayName: "My cluster",
    description: "A cluster",
    labels: { foo: "bar" },
    annotations: { note: "two words" },
    region: "cn-north-4",
    imageRegistry: "swr.cn-north-4.myhuaweicloud.com/hwofficial",
    requestedVersion: "v1.9.2-r1",
    nodeLimit: 50,
    memberZones: ["cn-north-4a", "cn-north-4b", "cn-north-4c"],
    addons: ["coredns", "kube-proxy", "everest", "overlay_l2"].map((name) => exampleAddon(name)),
    pools: [],
  },
});

/** What the documented sample of a managed cluster asks for: Flannel, tainted workers, no ingress. */
export const managedPlan = (changes: PlanChanges = {}): ContentPlan => changed(managed, changes);

/** A dedicated cluster's: Terway, an ingress, members that are nodes, pools that differ. */
export const dedicatedPlan = (changes: PlanChanges = {}): ContentPlan => changed(dedicated, changes);

/** What Huawei's CCE puts into a cluster of virtual machines whose pods are joined by tunnels. */
export const tunnelPlan = (changes: PlanChanges = {}): ContentPlan => changed(tunnel, changes);
