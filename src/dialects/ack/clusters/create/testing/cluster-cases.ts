import { anyFlag, anyId, anyIds, anyText, only } from "../../../../common/parameters/testing/cases.ts";
import type { KindCases } from "./cases.ts";

const tagCases = {
  key: {
    accepts: ["env", "Env", "k".repeat(64), "环境", "not-aliyun", "ack.aliyun.com"],
    refuses: ["", "k".repeat(65), "aliyun", "aliyun-x", "acs:x", "https://x", "http://x", {}],
  },
  value: {
    accepts: ["", "prod", "v".repeat(128)],
    refuses: ["v".repeat(129), "aliyun", "acs:x", "http://x", "https://x", {}],
  },
};

const names = (length: number) => Array.from({ length }, (_, index) => `n${index}.example`).join();

/** Cases of the cluster's own parameters, its networks, its API server and its add-ons. */
export const clusterCases: Record<string, KindCases> = {
  name: {
    managed: {
      accepts: ["cluster-demo", "ACK托管版", "a", "1", "A".repeat(63), "集".repeat(63)],
      refuses: ["", "-abc", "a b", "a_b", "a.b", "A".repeat(64), "a\n", {}],
    },
    dedicated: {
      accepts: ["cluster-demo", "ACK专有版", "ACK dedicated cluster", "a_b", "-a", "A".repeat(63)],
      refuses: ["", "_abc", " a", "a ", "a.b", "a/b", "A".repeat(64), "a\tb", {}],
    },
  },
  region_id: { accepts: ["cn-beijing", "cn-zhangjiakou", "moon-1"], refuses: ["", "x".repeat(64), {}] },
  cluster_type: {
    managed: { accepts: ["ManagedKubernetes"], refuses: ["", "managed", "Ask", "ExternalKubernetes", {}] },
    dedicated: { accepts: ["Kubernetes"], refuses: ["", "Dedicated", "kubernetes", "ExternalKubernetes", []] },
  },
  profile: only(["Default"], "Serverless", "Edge"),
  cluster_spec: only(["ack.standard", "ack.pro.small", "ack.pro.4xlarge"], "ack.standed", "pro", "ack.mega"),
  kubernetes_version: {
    accepts: ["1.16.9-aliyun.1", "1.18.8-aliyun.1", "1.20.4", "1.32", ""],
    refuses: ["latest", "abc", "latest!", "1", "v1.20.4", "1.20.4-aliyun", "1.20.4-aliyun.x", "1.20.4-aliyun.1 ", {}],
  },
  runtime: {
    accepts: [{ name: "containerd", version: "1.6.28" }, { name: "", version: "" }, {}],
    refuses: ["docker", { name: "docker" }, { version: "19.03.5" }, []],
  },
  "runtime.name": { accepts: ["containerd", "docker", "Sandboxed-Container.runv"], refuses: ["crio", "Docker", {}] },
  "runtime.version": { accepts: ["19.03.5", "1.6.28"], refuses: ["1".repeat(65), {}] },
  resource_group_id: anyId,
  timezone: { accepts: ["Asia/Shanghai", "UTC", "Etc/GMT+8", ""], refuses: ["Mars/Base", "+08:00", "Asia/", {}] },
  tags: {
    accepts: [
      [],
      [{ key: "env", value: "prod" }],
      [{ key: "env" }, { key: "ENV", value: "" }],
      Array.from({ length: 20 }, (_, index) => ({ key: `k${index}` })),
    ],
    refuses: [
      "env=prod",
      [{ value: "prod" }],
      [{ key: "env" }, { key: "env" }],
      Array.from({ length: 21 }, (_, index) => ({ key: `k${index}` })),
      ["env"],
      {},
    ],
  },
  "tags[].key": tagCases.key,
  "tags[].value": tagCases.value,
  disable_rollback: anyFlag,
  timeout_mins: { accepts: [60, 1, 1440, "60", 0], refuses: [-1, 1441, 1.5, "x", {}] },
  deletion_protection: anyFlag,

  vpcid: { accepts: ["vpc-8vbh3b9a2f38urhls****"], refuses: ["", "x".repeat(129), {}] },
  vswitch_ids: {
    managed: {
      accepts: [["vsw-1"], ["vsw-1", "vsw-2", "vsw-3"]],
      refuses: [[], ["a", "b", "c", "d"], "vsw-1", [""], ["x".repeat(129)], {}],
    },
    dedicated: { accepts: [["vsw-1"], []], refuses: [["a", "b", "c", "d"], "vsw-1", [""]] },
  },
  pod_vswitch_ids: {
    accepts: [["vsw-2ze97jwri7cei0mpw****"], []],
    refuses: ["vsw-1", [""], ["x".repeat(129)], {}],
  },
  container_cidr: {
    accepts: ["172.20.0.0/16", "10.0.0.0/10", "192.168.0.0/20"],
    refuses: [
      "172.20.0.0",
      "172.20.0.0/33",
      "172.20.0.1/16",
      "abc",
      "fd00::/64",
      "172.21.0.0/16",
      "10.0.0.0/8",
      "10.1.0.0/30",
      "",
    ],
  },
  service_cidr: {
    accepts: ["172.21.0.0/20", "172.19.0.0/20", "10.0.0.0/16", "192.168.0.0/24", "172.31.0.0/16"],
    refuses: [
      "172.21.0.0",
      "172.21.0.0/33",
      "172.21.0.1/20",
      "8.8.0.0/16",
      "172.32.0.0/16",
      "172.21.0.0/25",
      "172.16.0.0/15",
      "172.20.16.0/20",
      "",
      {},
    ],
  },
  node_cidr_mask: {
    accepts: ["24", "25", "26", 26, "19", "30", ""],
    refuses: ["abc", "16", "33", "8", "15", "31", "/25", "2.5", "-1", {}],
  },
  security_group_id: anyId,
  is_enterprise_security_group: anyFlag,
  snat_entry: anyFlag,
  endpoint_public_access: anyFlag,
  proxy_mode: only(["iptables", "ipvs"], "userspace", "nftables", "IPVS"),
  load_balancer_spec: only(
    ["slb.s1.small", "slb.s2.small", "slb.s2.medium", "slb.s3.small", "slb.s3.medium", "slb.s3.large"],
    "slb.s1.large",
  ),

  cluster_domain: {
    accepts: ["cluster.local", "a", "a-b.c1", "x".repeat(63), ""],
    refuses: ["Cluster.local", "-a.local", "a-.local", "a..b", "x".repeat(64), "a_b", ".a", {}],
  },
  custom_san: {
    accepts: [
      "cs.aliyun.com",
      "cs.aliyuncs.com",
      "10.0.0.1,a.example.com",
      "10.0.0.1, *.example.org,fd00::1",
      "",
      names(100),
    ],
    refuses: ["a b", "a,,b", "a,", "*.*.b", {}, names(101), "fe80::1%eth0"],
  },
  service_account_issuer: {
    accepts: ["kubernetes.default.svc", "https://issuer.example", ""],
    refuses: [":nothing", {}],
  },
  api_audiences: { accepts: ["kubernetes.default.svc", "a, b", ""], refuses: ["a,,b", ",", {}] },
  enable_rrsa: anyFlag,
  encryption_provider_key: anyText,

  addons: {
    accepts: [
      [],
      [{ name: "flannel" }],
      [{ name: "csi-plugin" }],
      [{ name: "flannel" }, { name: "an-add-on-of-tomorrow" }],
      [{ name: "flannel", config: "", version: "", disabled: false }],
      [{ name: "flannel" }, { name: "flexvolume" }],
      [{ name: "flannel" }, { name: "flexvolume" }, { name: "csi-plugin", disabled: true }],
    ],
    refuses: [
      "flannel",
      ["flannel"],
      [{ config: "" }],
      [{ name: "flannel" }, { name: "terway-eniip" }],
      [{ name: "flannel", disabled: true }],
      [{ name: "flannel" }, { name: "flannel" }],
      [{ name: "flannel" }, { name: "csi-plugin" }, { name: "flexvolume" }],
      [{ name: "flannel" }, { name: "no such add-on" }],
    ],
  },
  "addons[].name": {
    accepts: ["flannel", "an-add-on-of-tomorrow"],
    refuses: ["", "no such add-on", "-x", "a.b", "x".repeat(64), {}],
  },
  "addons[].config": {
    accepts: ["", "{}", '{"IngressSlbNetworkType":"internet"}'],
    refuses: ["{not json", "5", "[]", "null", "text", {}, `{"a":${"[".repeat(70)}${"]".repeat(70)}}`],
  },
  "addons[].disabled": { accepts: [false, "false"], refuses: [true, "yes", {}] },
  cloud_monitor_flags: anyFlag,

  master_count: { accepts: [3, 5, "3", 0], refuses: [1, 2, 4, 6, 7, -3, "x", 3.5, {}] },
  master_vswitch_ids: {
    accepts: [["vsw-1"], ["vsw-1", "vsw-1", "vsw-1"], []],
    refuses: [["a", "b", "c", "d"], ["a", "b", "c", "d", "e", "f"], "vsw-1", [""], {}],
  },
  master_instance_types: {
    accepts: [["ecs.c6.large"], ["ecs.c6.large", "ecs.c6.large", "ecs.g6.large"], []],
    refuses: [["a", "b", "c", "d"], "ecs.c6.large", [""], {}],
  },
  master_system_disk_category: {
    accepts: ["cloud_efficiency", "cloud_ssd", "cloud_essd", "cloud_auto", "floppy"],
    refuses: ["x".repeat(65), "", {}],
  },
  master_system_disk_size: { accepts: [40, 120, 500, "120"], refuses: [39, 501, 0, -40, "x", {}] },
  master_system_disk_performance_level: only(["PL0", "PL1", "PL2", "PL3"], "PL9", "pl1"),
  master_system_disk_snapshot_policy_id: anyId,
  master_instance_charge_type: only(["PrePaid", "PostPaid"], "Free", "prepaid"),
  master_period_unit: { accepts: ["Month"], refuses: ["Year", "", {}] },
  master_period: { accepts: [1, 2, 3, 6, 12, 24, 36, 48, 60, "12", 0], refuses: [4, 5, 13, 61, -1, {}] },
  master_auto_renew: anyFlag,
  master_auto_renew_period: { accepts: [1, 2, 3, 6, 12, 0], refuses: [4, 24, -1, "x"] },
  ssh_flags: anyFlag,
  rds_instances: anyIds,
};
