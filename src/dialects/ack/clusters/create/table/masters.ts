import {
  choice,
  type Facts,
  flag,
  integer,
  object,
  openChoice,
  text,
  texts,
} from "../../../../common/parameters/parameter.ts";
import type { Kind } from "../kind.ts";
import { loginPassword } from "../value-rules.ts";
import {
  chargeTypes,
  cpuPolicies,
  diskCategories,
  idLength,
  performanceLevels,
  periods,
  recorded,
  renewalPeriods,
  seen,
  systemDiskSize,
} from "./common.ts";

const kinds: readonly Kind[] = ["dedicated"];
const prePaid = "`master_instance_charge_type` is `PrePaid`";
const onMasters = "annotations of the masters' nodes";

/** The masters of a dedicated cluster. */
export const masterParameters = {
  master_count: integer({
    kinds,
    values: [3, 5],
    default: 3,
    meaning: "Number of masters.",
    effect: "That many members, each with etcd, API server, managers and a node of its own.",
    observed: "`etcdctl member list`; `kubectl get nodes -l node-role.kubernetes.io/control-plane`",
  }),
  master_vswitch_ids: texts({
    kinds,
    item: { maxLength: idLength },
    maxItems: 5,
    defaultIs: "the vSwitches of the workers",
    meaning: "vSwitches of the masters.",
    effect: "Master i is in entry i, and in the last one where there is none.",
    observed: "annotation `sampan.dev/vswitch` and zone label of the masters' nodes",
    conditions: ["at most `master_count` entries; one may be repeated"],
  }),
  master_instance_types: texts({
    kinds,
    item: { maxLength: idLength },
    maxItems: 5,
    default: "ecs.c6.xlarge",
    meaning: "Instance types of the masters.",
    effect: "Master i is of entry i, and of the last one where there is none: label and capacity of its node.",
    observed: "`kubectl get nodes -L node.kubernetes.io/instance-type`",
    conditions: ["at most `master_count` entries; one may be repeated"],
  }),
  master_system_disk_category: openChoice(diskCategories, {
    kinds,
    requiredWhen: "the cluster is dedicated",
    default: "cloud_ssd",
    meaning: "Category of the masters' system disks.",
    effect: "Annotation `sampan.dev/system-disk`.",
    observed: onMasters,
  }),
  master_system_disk_size: integer({
    kinds,
    ...systemDiskSize,
    requiredWhen: "the cluster is dedicated",
    default: 120,
    meaning: "Size of the masters' system disks in GiB.",
    effect: "Capacity `ephemeral-storage` of the masters' nodes.",
    observed: "`status.capacity` of the masters' nodes",
  }),
  master_system_disk_performance_level: choice(performanceLevels, {
    kinds,
    meaning: "Performance level of the masters' system disks.",
    effect: "In annotation `sampan.dev/system-disk`; of `cloud_essd` alone.",
    observed: onMasters,
  }),
  master_system_disk_snapshot_policy_id: text({
    kinds,
    maxLength: idLength,
    meaning: "Snapshot policy of the masters' system disks.",
    effect: "In annotation `sampan.dev/system-disk`.",
    observed: onMasters,
  }),
  master_instance_charge_type: choice(chargeTypes, {
    kinds,
    default: "PostPaid",
    meaning: "How the masters are paid for.",
    effect: "Annotation `sampan.dev/charge-type`, and the masters among the cluster's resources.",
    observed: `${onMasters}; ${seen.resources}`,
  }),
  master_period_unit: choice(["Month"], {
    kinds,
    requiredWhen: prePaid,
    meaning: "Unit of the masters' subscription period.",
    effect: "With the period, among the cluster's resources.",
    observed: `${seen.echo}; ${seen.resources}`,
  }),
  master_period: integer({
    kinds,
    values: periods,
    default: 1,
    meaning: "Months of the masters' subscription.",
    effect: "When the subscription ends.",
    observed: `DescribeClusterNodes; ${seen.resources}`,
  }),
  master_auto_renew: flag({
    kinds,
    default: true,
    meaning: "Whether the masters' subscription is renewed by itself.",
    effect: "With the period, among the cluster's resources.",
    observed: `${seen.echo}; ${seen.resources}`,
  }),
  master_auto_renew_period: integer({
    kinds,
    values: renewalPeriods,
    default: 1,
    meaning: "Months of each renewal of the masters.",
    effect: "With the period, among the cluster's resources, where the subscription is renewed by itself.",
    observed: `${seen.echo}; ${seen.resources}`,
  }),
  ssh_flags: flag({
    kinds,
    default: false,
    meaning: "Whether the masters admit SSH from the public network.",
    effect: "A rule for port 22 among the cluster's resources, and annotation `sampan.dev/ssh-public` of the masters.",
    observed: `${onMasters}; ${seen.resources}`,
    conditions: ["without effect in managed clusters"],
  }),
};

/** A member of `control_plane_config` that says what a `master_*` parameter says. */
const same = (flat: string): Facts => ({
  kinds: [],
  meaning: `\`${flat}\` as newer clients send it.`,
  effect: `As \`${flat}\` in a dedicated cluster; kept without effect in a managed one.`,
  observed: `as \`${flat}\``,
});

const ofMasters = (meaning: string, effect: string): Facts => ({
  kinds: [],
  meaning,
  effect: `${effect} in a dedicated cluster; kept without effect in a managed one.`,
  observed: "the masters' nodes",
});

/** The masters as newer clients send them. */
export const controlPlaneConfig = {
  control_plane_config: object(
    {
      size: integer({ ...same("master_count"), values: [3, 5] }),
      instance_types: texts({ ...same("master_instance_types"), item: { maxLength: idLength }, maxItems: 5 }),
      system_disk_category: openChoice(diskCategories, same("master_system_disk_category")),
      system_disk_size: integer({ ...same("master_system_disk_size"), ...systemDiskSize }),
      system_disk_performance_level: choice(performanceLevels, same("master_system_disk_performance_level")),
      system_disk_snapshot_policy_id: text({
        ...same("master_system_disk_snapshot_policy_id"),
        maxLength: idLength,
      }),
      charge_type: choice(chargeTypes, same("master_instance_charge_type")),
      period_unit: choice(["Month"], same("master_period_unit")),
      period: integer({ ...same("master_period"), values: periods }),
      auto_renew: flag(same("master_auto_renew")),
      auto_renew_period: integer({ ...same("master_auto_renew_period"), values: renewalPeriods }),
      key_pair: text(same("key_pair")),
      login_password: text({ ...same("login_password"), rule: loginPassword }),
      image_id: text(ofMasters("Image of the masters.", "Annotation `sampan.dev/image-id`")),
      image_type: text(ofMasters("Distribution of the masters' operating system.", "`nodeInfo.osImage`")),
      cpu_policy: choice(cpuPolicies, ofMasters("CPU policy of the masters.", "Annotation `sampan.dev/cpu-policy`")),
      cloud_monitor_flags: flag(
        ofMasters("Whether the masters have the monitoring agent.", "Label `sampan.dev/cloud-monitor`"),
      ),
      deploymentset_id: text(ofMasters("Deployment set of the masters.", "Annotation `sampan.dev/deploymentset`")),
      runtime: text(recorded("Container runtime of the masters.")),
      node_port_range: text(recorded("Ports of NodePort Services.")),
      system_disk_provisioned_iops: integer(recorded("IOPS of the masters' system disks.")),
      system_disk_bursting_enabled: flag(recorded("Whether the masters' system disks may burst.")),
      security_hardening_os: flag(recorded("Whether the masters' system is hardened.")),
      soc_enabled: flag(recorded("Whether the masters' system is hardened for SOC 2.")),
      instance_metadata_options: object(
        { http_tokens: text(recorded("Whether tokens are needed for an instance's metadata.")) },
        recorded("How the masters reach their metadata."),
      ),
    },
    {
      kinds: [],
      meaning: "The masters as newer clients send them.",
      effect: "See its members.",
      observed: seen.describe,
      conditions: ["what `master_*`, `key_pair` or `login_password` says too has to be the same"],
    },
  ),
};
