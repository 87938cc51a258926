import { describe, expect, it } from "vitest";
import type { Body } from "../../../common/parameters/testing/places.ts";
import { dedicated, smallest, withNodePool, withWorkers } from "./testing/bodies.ts";
import { remarksOn } from "./testing/validate.ts";

const terway = { addons: [{ name: "terway-eniip" }], pod_vswitch_ids: ["vsw-pod"] };
const narrow = "With Terway, a Pod vSwitch should have a prefix length of at most 19.";

describe("what the user is told of an accepted body", () => {
  it.each([smallest, withWorkers, withNodePool, dedicated])("is nothing where it is plain", (body) => {
    expect(remarksOn(body)).toEqual([]);
  });

  it.each<[string, Body, string[]]>([
    [
      "which fields are unknown",
      { ...smallest, shoe_size: 43, tags: [{ key: "a", colour: "red" }] },
      ["These fields are not known and have no effect: shoe_size, tags[0].colour."],
    ],
    [
      "which fields are the other kind's",
      { ...smallest, ssh_flags: true },
      ["The documents of managed clusters do not have ssh_flags, but those of dedicated ones."],
    ],
    [
      "which fields are out of date",
      { ...withWorkers, worker_data_disk_size: 40 },
      ["worker_data_disk_size is out of date: use worker_data_disks."],
    ],
    [
      "that they have no effect beside their successor",
      { ...withWorkers, worker_data_disk_size: 40, worker_data_disks: [{ size: 50 }] },
      [
        "worker_data_disk_size is out of date: use worker_data_disks.",
        "worker_data_disk_category and worker_data_disk_size have no effect beside worker_data_disks.",
      ],
    ],
    [
      "that Flannel has no Pod vSwitches",
      { ...smallest, pod_vswitch_ids: ["vsw-pod"] },
      ["pod_vswitch_ids has no effect with Flannel."],
    ],
    [
      "that Terway has no Pod range",
      { ...smallest, ...terway, node_cidr_mask: "24" },
      ["container_cidr has no effect with Terway.", "node_cidr_mask has no effect with Terway.", narrow],
    ],
    [
      "that Terway wants as many vSwitches as the nodes have",
      { ...smallest, ...terway, container_cidr: "", vswitch_ids: ["vsw-1", "vsw-2"] },
      [narrow, "There should be a Pod vSwitch for each vSwitch of the nodes."],
    ],
    [
      "that an enterprise group is recommended with Terway",
      { ...dedicated, ...terway, container_cidr: "", is_enterprise_security_group: false },
      [
        narrow,
        "With Terway, an enterprise security group is recommended: a basic one holds 2000 addresses of nodes and pods.",
      ],
    ],
    [
      "that pods should have vSwitches of their own",
      { ...smallest, ...terway, container_cidr: "", vswitch_ids: ["vsw-pod"] },
      [narrow, "vSwitch vsw-pod is of nodes and of pods: pods should have vSwitches of their own."],
    ],
    [
      "which add-on, disk and version are not known",
      {
        ...smallest,
        addons: [{ name: "an-add-on-of-tomorrow" }],
        worker_data_disk_category: "floppy",
        kubernetes_version: "1.99.0",
      },
      [
        expect.stringMatching(
          /^addons\[0\]\.name "an-add-on-of-tomorrow" is not known, and taken as it is; known are /,
        ),
        expect.stringMatching(
          /^worker_data_disk_category "floppy" is not known, and taken as it is; known are cloud_ef/,
        ),
        "worker_data_disk_category is out of date: use worker_data_disks.",
        expect.stringMatching(/^Version 1\.99\.0 is not a known version, and the nearest installed one runs: /),
      ],
    ],
    [
      "which security group wins",
      { ...smallest, security_group_id: "sg-1", is_enterprise_security_group: true },
      ["is_enterprise_security_group has no effect: the nodes are in the existing group sg-1."],
    ],
    [
      "that the standard tier encrypts nothing",
      { ...smallest, encryption_provider_key: "key" },
      ["encryption_provider_key has no effect: only the Pro tiers encrypt Secrets."],
    ],
    [
      "that an old version has no CPU policy",
      { ...smallest, cpu_policy: "static", kubernetes_version: "1.12.5-aliyun.1" },
      ["cpu_policy static takes effect from Kubernetes 1.12.6 on."],
    ],
    [
      "that there is nothing to format",
      { ...smallest, format_disk: true },
      ["format_disk has no effect without instances."],
    ],
    [
      "that a managed cluster's control plane is hidden",
      { ...smallest, control_plane_config: { size: 3 } },
      ["control_plane_config has no effect in a managed cluster."],
    ],
    [
      "which instance types are not known, wherever they are named",
      {
        ...withNodePool,
        worker_instance_types: ["ecs.x.large", "ecs.c6.large"],
        nodepools: [{ scaling_group: { instance_types: ["ecs.y.large"] } }],
      },
      [
        "Instance type ecs.x.large is not known; a node of it would have 4 CPUs and 8 GiB of memory.",
        "Instance type ecs.y.large is not known; a node of it would have 4 CPUs and 8 GiB of memory.",
      ],
    ],
    [
      "that there is no subscription",
      { ...withWorkers, worker_period: 3, worker_auto_renew: true },
      [
        "worker_period, worker_auto_renew have no effect without a subscription: worker_instance_charge_type is not PrePaid.",
      ],
    ],
    [
      "that a disk has no performance levels",
      { ...dedicated, master_system_disk_performance_level: "PL1" },
      ["master_system_disk_performance_level has no effect: only disks of category cloud_essd have levels."],
    ],
    [
      "the same of a node pool's data disks",
      {
        ...withNodePool,
        nodepools: [{ scaling_group: { data_disks: [{ category: "cloud", performance_level: "PL1" }] } }],
      },
      [
        "nodepools[0].scaling_group.data_disks[0].performance_level has no effect: only disks of category cloud_essd have levels.",
      ],
    ],
    [
      "which of a pool's security groups win",
      { ...withNodePool, nodepools: [{ scaling_group: { security_group_id: "a", security_group_ids: ["b"] } }] },
      ["nodepools[0].scaling_group.security_group_id has no effect beside security_group_ids."],
    ],
  ])("is %s", (_what, body, remarks) => {
    expect(remarksOn(body)).toEqual(remarks);
  });

  it.each<[string, Body]>([
    [
      "a level of an ESSD disk",
      { ...dedicated, master_system_disk_performance_level: "PL1", master_system_disk_category: "cloud_essd" },
    ],
    ["a CPU policy", { ...smallest, cpu_policy: "static", kubernetes_version: "1.18.8-aliyun.1" }],
    ["a CPU policy of the first version", { ...smallest, cpu_policy: "static", kubernetes_version: "1.12.6" }],
    ["a key of the Pro tier", { ...smallest, encryption_provider_key: "key", cluster_spec: "ack.pro.small" }],
    ["an old client's empty values", { ...dedicated, worker_data_disk_size: 0, worker_period: 0, pod_vswitch_ids: [] }],
  ])("is nothing of %s", (_what, body) => {
    expect(remarksOn(body)).toEqual([]);
  });
});
