import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ContentNetwork } from "./cluster-content.ts";
import { clusterObjects } from "./cluster-objects.ts";
import { dedicatedPlan, exampleAddon, managedPlan, tunnelPlan } from "./testing/example-content.ts";
import { dataOf, findObject, namesIn, version } from "./testing/find-object.ts";

describe("the objects of the documented managed cluster", () => {
  it("are these, in the order in which they are applied", () => {
    expect(namesIn(managedPlan())).toEqual([
      "Namespace arms-prom",
      "ServiceAccount kube-system/flannel",
      "ServiceAccount kube-system/csi-admin",
      "ServiceAccount kube-system/csi-provisioner",
      "ServiceAccount kube-system/coredns",
      "Service kube-system/kube-dns",
      "ServiceAccount kube-system/kube-proxy",
      "ServiceAccount kube-system/metrics-server",
      "ConfigMap kube-system/cluster-info",
      "ConfigMap kube-system/kubelet-config",
      "Secret kube-system/user-data-np1",
      "ClusterRole flannel",
      "ClusterRoleBinding flannel",
      "ConfigMap kube-system/kube-flannel-cfg",
      "ClusterRole alicloud-csi-plugin",
      "ClusterRoleBinding alicloud-csi-plugin",
      "CSIDriver diskplugin.csi.alibabacloud.com",
      "CSIDriver nasplugin.csi.alibabacloud.com",
      "CSIDriver ossplugin.csi.alibabacloud.com",
      "StorageClass alicloud-disk-available",
      "StorageClass alicloud-disk-efficiency",
      "StorageClass alicloud-disk-ssd",
      "StorageClass alicloud-disk-essd",
      "StorageClass alicloud-disk-topology",
      "StorageClass alicloud-disk-topology-alltype",
      "ClusterRole alicloud-csi-provisioner",
      "ClusterRoleBinding alicloud-csi-provisioner",
      "ConfigMap kube-system/alibaba-log-configuration",
      "ConfigMap kube-system/addon-logtail-ds",
      "ConfigMap kube-system/ack-node-problem-detector-config",
      "ConfigMap kube-system/addon-ack-node-problem-detector",
      "ClusterRole system:coredns",
      "ClusterRoleBinding system:coredns",
      "ConfigMap kube-system/coredns",
      "ClusterRoleBinding kubeadm:node-proxier",
      "ConfigMap kube-system/kube-proxy",
      "ClusterRole system:metrics-server",
      "ClusterRoleBinding system:metrics-server",
      "Service kube-system/metrics-server",
      "DaemonSet kube-system/kube-flannel-ds",
      "DaemonSet kube-system/csi-plugin",
      "Deployment kube-system/csi-provisioner",
      "DaemonSet kube-system/logtail-ds",
      "Deployment kube-system/alibaba-log-controller",
      "DaemonSet kube-system/ack-node-problem-detector-daemonset",
      "Deployment kube-system/ack-node-problem-detector-eventer",
      "Deployment arms-prom/arms-prom-ack-arms-prometheus",
      "Deployment kube-system/coredns",
      "DaemonSet kube-system/kube-proxy",
      "Deployment kube-system/metrics-server",
      "DaemonSet kube-system/cloudmonitor-agent",
    ]);
  });

  it("show what the cluster is", () => {
    expect(dataOf(managedPlan(), "cluster-info")).toEqual({
      clusterId: "c0ffee",
      name: "ACK托管版",
      region: "cn-zhangjiakou",
      requestedVersion: "1.18.8-aliyun.1",
      kubernetesVersion: "1.20.2",
      memberZones: "cn-zhangjiakou-a",
      workerKind: "virtual-machine",
      vpcId: "vpc-1",
      subnets: "vsw-1",
      networkPlugin: "flannel",
      podCidr: "172.20.0.0/16",
      nodeCidrMask: "26",
      serviceCidr: "172.21.0.0/20",
      proxyMode: "ipvs",
      clusterDomain: "cluster.local",
      timezone: "Asia/Shanghai",
    });
  });

  it("tell kube-proxy its mode and the Pod range", () => {
    expect(parse(dataOf(managedPlan(), "kube-proxy")["config.conf"] ?? "")).toMatchObject({
      mode: "ipvs",
      clusterCIDR: "172.20.0.0/16",
    });
  });

  it("tell the kubelets the domain and the address of its DNS, which the Service has", () => {
    expect(parse(dataOf(managedPlan(), "kubelet-config").kubelet ?? "")).toEqual({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      clusterDomain: "cluster.local",
      clusterDNS: ["172.21.0.10"],
      cpuManagerPolicy: "none",
    });
    expect(findObject(managedPlan(), "Service kube-system/kube-dns").spec).toMatchObject({
      clusterIP: "172.21.0.10",
    });
  });

  it("tell CoreDNS the domain", () => {
    expect(dataOf(managedPlan(), "coredns").Corefile).toContain("kubernetes cluster.local in-addr.arpa ip6.arpa {");
  });

  it("tell Flannel the Pod range", () => {
    expect(JSON.parse(dataOf(managedPlan(), "kube-flannel-cfg")["net-conf.json"] ?? "")).toEqual({
      Network: "172.20.0.0/16",
      Backend: { Type: "alloc" },
    });
  });

  it("tell Logtail a log project that is made for the cluster, and whether there is a dashboard", () => {
    expect(dataOf(managedPlan(), "alibaba-log-configuration")).toMatchObject({
      "log-project": "k8s-log-c0ffee",
      "log-endpoint": "cn-zhangjiakou-intranet.log.aliyuncs.com",
      "log-machine-group": "k8s-group-c0ffee",
      IngressDashboardEnabled: "true",
    });
    expect(dataOf(managedPlan(), "ack-node-problem-detector-config")).toEqual({
      sls_project_name: "k8s-log-c0ffee",
    });
  });

  it("hold the nodes' user data in clear but for the encoding of every Secret", () => {
    const { data, metadata } = findObject(managedPlan(), "Secret kube-system/user-data-np1");
    const { "user-data": encoded = "" } = data as Record<string, string>;
    expect(Buffer.from(encoded, "base64").toString()).toBe('#!/usr/bin/bash\necho "Hello ACK!"');
    expect(metadata.annotations).toEqual({ "sampan.dev/nodepool-name": "default" });
  });
});

describe("the objects of a dedicated cluster with Terway", () => {
  const plan = dedicatedPlan();

  it("leave out what such a cluster has not", () => {
    const info = dataOf(plan, "cluster-info");
    for (const absent of ["podCidr", "nodeCidrMask", "timezone"]) expect(info).not.toHaveProperty(absent);
    expect(namesIn(plan).filter((name) => name.includes("flannel"))).toEqual([]);
  });

  it("tell Terway the vSwitches by zone, the security group and its settings", () => {
    const data = dataOf(plan, "eni-config");
    expect(JSON.parse(data.eni_conf ?? "")).toMatchObject({
      vswitches: { "cn-zhangjiakou-a": ["vsw-a1", "vsw-a2"], "cn-zhangjiakou-b": ["vsw-b1"] },
      security_group: "sg-1",
      service_cidr: "192.168.128.0/24",
      enable_eni_trunking: false,
    });
    expect(data.disable_network_policy).toBe("false");
    expect(JSON.parse(data["10-terway.conf"] ?? "")).toMatchObject({ eniip_virtual_type: "IPVlan" });
    expect(namesIn(plan)).toContain("DaemonSet kube-system/terway-eniip");
  });

  it("give the pools that differ a kubelet configuration of their own", () => {
    expect(parse(dataOf(plan, "kubelet-config-np-static").kubelet ?? "")).toMatchObject({
      clusterDomain: "example.internal",
      clusterDNS: ["192.168.128.10"],
      cpuManagerPolicy: "static",
    });
    expect(namesIn(plan)).not.toContain("ConfigMap kube-system/kubelet-config-np-masters");
  });

  it("have a RuntimeClass for sandboxed containers", () => {
    expect(findObject(plan, "RuntimeClass runv")).toMatchObject({ apiVersion: "node.k8s.io/v1", handler: "runv" });
    expect(namesIn(managedPlan())).not.toContain("RuntimeClass runv");
  });

  it("have an ingress behind the load balancer that was asked for", () => {
    const { metadata, spec } = findObject(plan, "Service kube-system/nginx-ingress-lb");
    expect(spec).toMatchObject({ type: "LoadBalancer" });
    expect(metadata.annotations).toEqual({
      "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": "intranet",
      "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-spec": "slb.s2.small",
    });
    expect(findObject(plan, "IngressClass nginx").spec).toEqual({ controller: "k8s.io/ingress-nginx" });
  });

  it("use the log project that was asked for", () => {
    expect(dataOf(plan, "alibaba-log-configuration")["log-project"]).toBe("my-logs");
  });
});

describe("the objects of a CCE cluster with tunnels", () => {
  const plan = tunnelPlan();
  const givenNetwork = "container-network-overlay-l2";

  it("are these, and nothing of another vendor's", () => {
    expect(namesIn(plan)).toEqual([
      "ServiceAccount kube-system/coredns",
      "Service kube-system/kube-dns",
      "ServiceAccount kube-system/kube-proxy",
      "ServiceAccount kube-system/everest-csi",
      `ServiceAccount kube-system/${givenNetwork}`,
      "ConfigMap kube-system/cluster-info",
      "ConfigMap kube-system/kubelet-config",
      "ClusterRole system:coredns",
      "ClusterRoleBinding system:coredns",
      "ConfigMap kube-system/coredns",
      "ClusterRoleBinding kubeadm:node-proxier",
      "ConfigMap kube-system/kube-proxy",
      "ClusterRole everest-csi",
      "ClusterRoleBinding everest-csi",
      "CSIDriver disk.csi.everest.io",
      "CSIDriver nas.csi.everest.io",
      "CSIDriver sfsturbo.csi.everest.io",
      "CSIDriver obs.csi.everest.io",
      "StorageClass csi-disk",
      "StorageClass csi-disk-topology",
      "StorageClass csi-nas",
      "StorageClass csi-sfsturbo",
      "StorageClass csi-obs",
      `ClusterRole ${givenNetwork}`,
      `ClusterRoleBinding ${givenNetwork}`,
      `ConfigMap kube-system/${givenNetwork}`,
      "Deployment kube-system/coredns",
      "DaemonSet kube-system/kube-proxy",
      "DaemonSet kube-system/everest-csi-driver",
      "Deployment kube-system/everest-csi-controller",
      `DaemonSet kube-system/${givenNetwork}`,
    ]);
    expect(JSON.stringify(clusterObjects(plan, version))).not.toMatch(/alibaba|aliyun|alicloud|icagent/i);
  });

  it("have images of its region's registry", () => {
    expect(findObject(plan, "DaemonSet kube-system/everest-csi-driver")).toMatchObject({
      spec: {
        template: { spec: { containers: [{ image: "swr.cn-north-4.myhuaweicloud.com/hwofficial/everest:v1.2.3" }] } },
      },
    });
  });

  it("show what the cluster is, with the labels and annotations that it has", () => {
    expect(findObject(plan, "ConfigMap kube-system/cluster-info")).toMatchObject({
      metadata: {
        labels: { foo: "bar", "app.kubernetes.io/managed-by": "sampan" },
        annotations: { note: "two words" },
      },
      data: {
        clusterId: "0ffee000-1234-5678-9abc-def012345678",
        name: "my-cluster",
        alias: "My cluster",
        description: "A cluster",
        requestedVersion: "v1.9.2-r1",
        memberZones: "cn-north-4a,cn-north-4b,cn-north-4c",
        workerKind: "virtual-machine",
        nodeLimit: "50",
        subnets: "subnet-1",
        networkPlugin: "overlay_l2",
      },
    });
  });

  it("cut a fact that is endless", () => {
    const endless = tunnelPlan({
      network: { subnetIds: ["y".repeat(2_000_000)] },
      content: { description: "x".repeat(2_000_000) },
    });
    expect(dataOf(endless, "cluster-info").description).toHaveLength(4097);
    expect(dataOf(endless, givenNetwork).subnets).toHaveLength(4097);
  });

  it.each<[mode: string, network: Partial<ContentNetwork>, facts: Record<string, string>]>([
    ["overlay_l2", {}, { backend: "vxlan", podCidrs: "172.16.0.0/16", nodeCidrMask: "26" }],
    [
      "underlay_ipvlan",
      { highSpeedSubnetId: "highway-1" },
      { backend: "ipvlan", podCidrs: "172.16.0.0/16", nodeCidrMask: "26", highwaySubnet: "highway-1" },
    ],
    [
      "vpc-router",
      { morePodCidrs: ["172.17.0.0/16"], ipv6: { podCidr: "fd00::/56", serviceCidr: "fc00::/112" } },
      {
        backend: "vpc-routes",
        podCidrs: "172.16.0.0/16,172.17.0.0/16",
        nodeCidrMask: "26",
        ipv6PodCidr: "fd00::/56",
      },
    ],
    [
      "eni",
      { podCidr: undefined, podSubnets: [{ id: "eni-1", zone: "cn-north-4a", cidr: "10.1.0.0/20" }] },
      { backend: "elastic-network-interfaces", podSubnets: "eni-1", podSubnetCidrs: "10.1.0.0/20" },
    ],
  ])("tell the container network of mode %s what it needs", (mode, network, facts) => {
    const addons = [exampleAddon(mode)];
    const plan = tunnelPlan({ network: { ...network, plugin: mode }, content: { addons } });
    expect(dataOf(plan, `container-network-${mode.replace("_", "-")}`)).toEqual({
      mode,
      vpcId: "vpc-1",
      subnets: "subnet-1",
      securityGroups: "sg-1",
      ...facts,
    });
  });

  it("tell kube-proxy both ranges of pods where there are two", () => {
    const ipv6 = { podCidr: "fd00::/56", serviceCidr: "fc00::/112" };
    expect(parse(dataOf(tunnelPlan({ network: { ipv6 } }), "kube-proxy")["config.conf"] ?? "")).toMatchObject({
      clusterCIDR: "172.16.0.0/16,fd00::/56",
    });
  });
});
