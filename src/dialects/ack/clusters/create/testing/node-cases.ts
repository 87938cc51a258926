import {
  anyFlag,
  anyId,
  anyIds,
  anyInteger,
  anyObject,
  anyText,
  type Cases,
  each,
  only,
} from "../../../../common/parameters/testing/cases.ts";
import type { KindCases } from "./cases.ts";

const passwords: Cases = {
  accepts: ["Hello@1234", "Hello1234", "abc@1234", `Aa1${"x".repeat(27)}`, "ABC-1234"],
  refuses: ["Hello12", "hello1234", "HELLO1234", "Hello@1234567890123456789012345", "abcdefgh", "a1 b2 c3 d4", {}],
};

const scripts: Cases = {
  accepts: ["IyEvdXNyL2Jpbi9iYXNoCmVjaG8gIkhlbGxvIEFDSyEi", "YQ==", ""],
  refuses: ["%%%", "#!/bin/bash", "YQ=", "IyEvdXNyL2Jpbi9iYXNoCmVjaG8gIkhlbGxvIEFD****", {}],
};

const periods: Cases = { accepts: [1, 2, 3, 6, 12, 24, 36, 48, 60, "6"], refuses: [4, 5, 13, 61, -1, "x"] };
const systemDisks: Cases = { accepts: [40, 120, 500, "40"], refuses: [39, 501, -1, "x", {}] };
const dataDisks: Cases = { accepts: [40, "40", 32768, 0], refuses: [39, 32769, -1, "x", 40.5] };
/** The list is the vendor's to extend: any name will do. */
const diskCategories: Cases = {
  accepts: ["cloud_efficiency", "cloud_ssd", "cloud", "cloud_essd", "cloud_auto", "cloud_essd_entry", "floppy", ""],
  refuses: ["x".repeat(65), {}],
};
const encrypted: Cases = { accepts: ["true", "false", true, false, ""], refuses: ["yes", {}] };
const levels = only(["PL0", "PL1", "PL2", "PL3"], "PL9");
const platforms = only(
  ["CentOS", "AliyunLinux", "QbootAliyunLinux", "Qboot", "Windows", "WindowsCore"],
  "Ubuntu",
  "centos",
);
const cpuPolicies = only(["static", "none"], "dynamic");
const labelKeys: Cases = {
  accepts: ["1", "env", "example.org/env", "k".repeat(63)],
  refuses: ["", "a b", "-a", "a/b/c", "Example.org/env", "k".repeat(64), "/env", {}],
};
const labelValues: Cases = {
  accepts: ["", "1", "private", "v".repeat(63)],
  refuses: ["a b", "-", "v".repeat(64), "中", {}],
};
const taintLists: Cases = {
  accepts: [
    [],
    [{ key: "env", value: "private", effect: "NoSchedule" }],
    [
      { key: "env", effect: "NoSchedule" },
      { key: "env", effect: "NoExecute" },
    ],
  ],
  refuses: [
    "env",
    [{ value: "x", effect: "NoSchedule" }],
    [{ key: "env" }],
    [
      { key: "env", value: "a", effect: "NoSchedule" },
      { key: "env", value: "b", effect: "NoSchedule" },
    ],
    ["env"],
  ],
};
const taintEffects: Cases = {
  accepts: ["NoSchedule", "PreferNoSchedule", "NoExecute"],
  refuses: ["Never", "", "noschedule", {}],
};
const nodeNames: KindCases = {
  managed: {
    accepts: [
      "customized,aliyun.com,5,k8s",
      "customized,aliyun.com,12,",
      "customized,a,ip,b",
      "aliyun.com00055test",
      "",
    ],
    refuses: [
      "customized,aliyun.com,4,k8s",
      "customized,aliyun.com,13,k8s",
      "customized,Aliyun,5,k8s",
      "customized,-a,5,k8s",
      "customized,,5,k8s",
      "customized,a,5,b,c",
      "nodes",
      `customized,${"a".repeat(60)},5,`,
      {},
    ],
  },
  dedicated: {
    accepts: [
      "customized,aliyun,5,test",
      "customized,Aliyun.com,ip,test",
      "aliyun.com192.168.0.55test",
      "aliyun.com00055test",
      `customized,${"a".repeat(59)},5,`,
    ],
    refuses: [
      "customized,,5,test",
      "customized,1a,5,test",
      "customized,a--b,5,test",
      "customized,a..b,5,test",
      "customized,aliyun,4,test",
      "customized,aliyun,5,test-",
      "customized,aliyun,5,.test",
      `customized,${"a".repeat(60)},5,`,
    ],
  },
};

const pool = "nodepools[]";
const group = `${pool}.scaling_group`;
const config = `${pool}.kubernetes_config`;
const scaling = `${pool}.auto_scaling`;
const management = `${pool}.management`;
const interconnect = `${pool}.interconnect_config`;

/** Cases of workers and of what all nodes have. */
const workerCases: Record<string, KindCases> = {
  num_of_nodes: { accepts: [0, 1, 3, 100, "3"], refuses: [-1, 101, 1.5, "three", {}] },
  worker_instance_types: { accepts: [["ecs.n4.xlarge"], ["ecs.t6-c1m4.large", "x"]], refuses: [[], "x", [""], {}] },
  worker_system_disk_category: {
    accepts: ["cloud_efficiency", "cloud_ssd", "cloud_essd", "cloud_auto", "floppy"],
    refuses: ["x".repeat(65), "", {}],
  },
  worker_system_disk_size: { accepts: systemDisks.accepts, refuses: [...systemDisks.refuses, 0] },
  worker_data_disks: {
    accepts: [[], [{ category: "cloud_ssd", size: "40" }], [{}]],
    refuses: ["x", {}, [5], Array.from({ length: 65 }, () => ({}))],
  },
  "worker_data_disks[].category": diskCategories,
  "worker_data_disks[].size": dataDisks,
  "worker_data_disks[].encrypted": encrypted,
  "worker_data_disks[].auto_snapshot_policy_id": anyId,
  worker_data_disk_category: diskCategories,
  worker_data_disk_size: dataDisks,
  worker_instance_charge_type: only(["PrePaid", "PostPaid"], "Free"),
  worker_period_unit: { accepts: ["Month"], refuses: ["Year", "", {}] },
  worker_period: { accepts: [...periods.accepts, 0], refuses: periods.refuses },
  worker_auto_renew: anyFlag,
  worker_auto_renew_period: { accepts: [1, 2, 3, 6, 12], refuses: [0, 4, 24, "x"] },
  instances: {
    accepts: [["i-2ze4zxnm36vq00xn****"], [], Array.from({ length: 100 }, (_, index) => `i-${index}`)],
    refuses: [["i-1", "i-2", "i-1"], "i-1", [""], Array.from({ length: 101 }, (_, index) => `i-${index}`)],
  },
  keep_instance_name: anyFlag,
  format_disk: anyFlag,
  key_pair: anyText,
  login_password: passwords,
  os_type: only(["Windows", "Linux"], "linux", "macOS"),
  platform: platforms,
  image_type: only(
    [
      "CentOS",
      "Alibaba Cloud Linux",
      "Alibaba Cloud Linux Qboot",
      "Alibaba Cloud Linux UEFI",
      "Alibaba Cloud LinuxUEFI",
      "Alibaba Cloud Linux3",
      "Windows",
      "WindowsCore",
      "Alibaba Cloud Linux3Arm64",
      "ContainerOS",
      "AliyunLinux3",
    ],
    "Ubuntu",
  ),
  image_id: { accepts: ["m-bp16z7xko3vvv8gt****", "CentOS-xxx", ""], refuses: ["x".repeat(129), {}] },
  cpu_policy: cpuPolicies,
  taints: taintLists,
  "taints[].key": labelKeys,
  "taints[].value": labelValues,
  "taints[].effect": taintEffects,
  user_data: scripts,
  node_name_mode: nodeNames,
};

/** Cases of node pools. */
const nodePoolCases: Record<string, KindCases> = {
  nodepools: {
    accepts: [[], [{}], [{ count: 1 }, { count: 2 }]],
    refuses: ["x", {}, ["x"], [{ auto_scaling: { enable: true, min_instances: 3, max_instances: 2 } }]],
  },
  ...each(
    anyObject,
    scaling,
    config,
    `${pool}.nodepool_info`,
    group,
    `${pool}.tee_config`,
    management,
    `${management}.upgrade_config`,
    interconnect,
  ),
  [`${scaling}.enable`]: anyFlag,
  [`${scaling}.min_instances`]: { accepts: [0, 1, 10, "1"], refuses: [-1, 11, 101, "x"] },
  [`${scaling}.max_instances`]: { accepts: [1, 10, 1000], refuses: [-1, 0, "x"] },
  [`${scaling}.type`]: anyText,
  [`${scaling}.is_bond_eip`]: anyFlag,
  [`${scaling}.eip_internet_charge_type`]: only(["PayByTraffic", "PayByBandwidth"], "Free"),
  [`${scaling}.eip_bandwidth`]: anyInteger,
  [`${config}.cms_enabled`]: anyFlag,
  [`${config}.cpu_policy`]: cpuPolicies,
  [`${config}.labels`]: { accepts: [[], [{ key: "env" }]], refuses: ["env", [{ value: "x" }], {}] },
  [`${config}.labels[].key`]: labelKeys,
  [`${config}.labels[].value`]: labelValues,
  [`${config}.runtime`]: only(["containerd", "docker", "Sandboxed-Container.runv"], "crio"),
  [`${config}.runtime_version`]: { accepts: ["19.03.5", ""], refuses: ["1".repeat(65), {}] },
  [`${config}.taints`]: taintLists,
  [`${config}.taints[].key`]: labelKeys,
  [`${config}.taints[].value`]: labelValues,
  [`${config}.taints[].effect`]: taintEffects,
  [`${config}.user_data`]: scripts,
  [`${config}.node_name_mode`]: nodeNames,
  [`${pool}.nodepool_info.name`]: { accepts: ["cluster-demo", "池", ""], refuses: ["x".repeat(256), {}] },
  [`${pool}.nodepool_info.resource_group_id`]: anyId,
  [`${pool}.nodepool_info.type`]: anyText,
  [`${group}.auto_renew`]: anyFlag,
  [`${group}.auto_renew_period`]: { accepts: [1, 2, 3, 6, 12, 0], refuses: [4, 24] },
  [`${group}.data_disks`]: { accepts: [[], [{ size: 40 }]], refuses: ["x", {}, ["x"]] },
  [`${group}.data_disks[].category`]: diskCategories,
  [`${group}.data_disks[].size`]: dataDisks,
  [`${group}.data_disks[].encrypted`]: encrypted,
  [`${group}.data_disks[].auto_snapshot_policy_id`]: anyId,
  [`${group}.data_disks[].performance_level`]: levels,
  [`${group}.image_id`]: anyId,
  [`${group}.instance_charge_type`]: only(["PrePaid", "PostPaid"], "Free"),
  [`${group}.instance_types`]: anyIds,
  [`${group}.key_pair`]: anyText,
  [`${group}.login_password`]: passwords,
  [`${group}.period`]: { accepts: [...periods.accepts, 0], refuses: periods.refuses },
  [`${group}.period_unit`]: only(["Month"], "Year"),
  [`${group}.platform`]: platforms,
  [`${group}.rds_instances`]: anyIds,
  [`${group}.spot_strategy`]: anyText,
  [`${group}.spot_price_limit`]: { accepts: [[], [{ instance_type: "x", price_limit: "0.39" }]], refuses: ["x", [1]] },
  [`${group}.spot_price_limit[].instance_type`]: anyText,
  [`${group}.spot_price_limit[].price_limit`]: { accepts: ["0.39", 0.39], refuses: [{}, []] },
  [`${group}.scaling_policy`]: anyText,
  [`${group}.security_group_id`]: anyId,
  [`${group}.security_group_ids`]: anyIds,
  [`${group}.system_disk_category`]: diskCategories,
  [`${group}.system_disk_size`]: { accepts: [...systemDisks.accepts, 0], refuses: systemDisks.refuses },
  [`${group}.system_disk_performance_level`]: levels,
  [`${group}.tags`]: {
    accepts: [[], [{ key: "env", value: "prod" }]],
    refuses: ["x", [{ value: "x" }], [{ key: "a" }, { key: "a" }]],
  },
  [`${group}.tags[].key`]: { accepts: ["env", "k".repeat(64)], refuses: ["", "acs:x", "k".repeat(65)] },
  [`${group}.tags[].value`]: { accepts: ["", "v".repeat(128)], refuses: ["aliyun", "v".repeat(129)] },
  [`${group}.vswitch_ids`]: { accepts: [["vsw-1"], []], refuses: ["vsw-1", [""], Array.from({ length: 9 }, String)] },
  [`${group}.multi_az_policy`]: anyText,
  ...each(
    anyInteger,
    `${group}.on_demand_base_capacity`,
    `${group}.on_demand_percentage_above_base_capacity`,
    `${group}.spot_instance_pools`,
    `${group}.internet_max_bandwidth_out`,
    `${management}.upgrade_config.surge`,
    `${management}.upgrade_config.surge_percentage`,
    `${management}.upgrade_config.max_unavailable`,
    `${interconnect}.bandwidth`,
  ),
  ...each(
    anyFlag,
    `${group}.spot_instance_remedy`,
    `${group}.compensate_with_on_demand`,
    `${pool}.tee_config.tee_enable`,
    `${management}.enable`,
    `${management}.auto_repair`,
    `${management}.upgrade_config.auto_upgrade`,
  ),
  [`${group}.internet_charge_type`]: only(["PayByTraffic", "PayByBandwidth"], "Free"),
  [`${group}.image_type`]: { accepts: ["AliyunLinux", "Anything"], refuses: ["x".repeat(129), {}] },
  [`${group}.deploymentset_id`]: anyId,
  [`${group}.desired_size`]: { accepts: [0, 1, 100, "2"], refuses: [-1, 101, "x", {}] },
  [`${pool}.count`]: { accepts: [0, 1, 100, "2"], refuses: [-1, 101, "x", {}] },
  [`${pool}.max_nodes`]: { accepts: [0, 10, 1000], refuses: [-1, "x"] },
  ...each(
    anyText,
    `${pool}.interconnect_mode`,
    `${interconnect}.cen_id`,
    `${interconnect}.ccn_id`,
    `${interconnect}.ccn_region_id`,
    `${interconnect}.improved_period`,
  ),
};

/** Cases of workers, of what all nodes have, and of node pools. */
export const nodeCases: Record<string, KindCases> = { ...workerCases, ...nodePoolCases };
