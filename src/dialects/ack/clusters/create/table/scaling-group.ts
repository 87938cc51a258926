import {
  choice,
  type Facts,
  flag,
  integer,
  object,
  objects,
  openChoice,
  text,
  texts,
} from "../../../../common/parameters/parameter.ts";
import type { Kind } from "../kind.ts";
import { loginPassword, tagKey, tagValue } from "../value-rules.ts";
import {
  chargeTypes,
  dataDiskSize,
  diskCategories,
  idLength,
  keyValueList,
  moreNodes,
  performanceLevels,
  periods,
  renewalPeriods,
  seen,
  systemDiskSize,
} from "./common.ts";

const documented: { kinds: readonly Kind[]; newerFor: readonly Kind[] } = {
  kinds: ["dedicated"],
  newerFor: ["managed"],
};
const onNodes = "annotations of the pool's nodes";

const fact = (meaning: string, effect: string, observed: string): Facts => ({
  ...documented,
  meaning,
  effect,
  observed,
});

/** A member that is kept with the pool without a further effect. */
const kept = (meaning: string): Facts => fact(meaning, "Kept with the pool as it was sent.", seen.pools);

/** The same, in newer versions of the API alone. */
const newer = (meaning: string): Facts => ({ ...kept(meaning), kinds: [], newerFor: undefined });

const inDataDisks = (meaning: string): Facts => fact(meaning, "In annotation `sampan.dev/data-disks`.", onNodes);

const id = { item: { maxLength: idLength } };

/** What the instances of a node pool are. */
export const scalingGroup = {
  vswitch_ids: texts({
    ...fact(
      "vSwitches of the pool's nodes.",
      "The nodes are in them, as `multi_az_policy` says.",
      "annotation `sampan.dev/vswitch` and zone label of the nodes",
    ),
    ...id,
    maxItems: 8,
    defaultIs: "the cluster's",
  }),
  instance_types: texts({
    ...fact(
      "Instance types, the preferred one first.",
      "The first known type is taken: label and capacity of the nodes.",
      "`kubectl get nodes -L node.kubernetes.io/instance-type`",
    ),
    ...id,
  }),
  desired_size: integer({
    ...fact("Wanted number of nodes.", "Number of nodes where `count` is not given.", "`kubectl get nodes`"),
    minimum: 0,
    maximum: 100,
    wayOut: moreNodes,
  }),
  system_disk_category: openChoice(diskCategories, {
    ...fact("Category of the system disks.", "Annotation `sampan.dev/system-disk`.", onNodes),
    default: "cloud_ssd",
  }),
  system_disk_size: integer({
    ...fact(
      "Size of the system disks in GiB.",
      "Capacity `ephemeral-storage` of the nodes.",
      "`status.capacity` of the nodes",
    ),
    ...systemDiskSize,
    default: 120,
  }),
  system_disk_performance_level: choice(
    performanceLevels,
    fact(
      "Performance level of the system disks.",
      "In annotation `sampan.dev/system-disk`; of `cloud_essd` alone.",
      onNodes,
    ),
  ),
  data_disks: objects(
    {
      category: openChoice(diskCategories, { ...inDataDisks("Category of the disk."), default: "cloud_efficiency" }),
      size: integer({ ...inDataDisks("Size of the disk in GiB."), ...dataDiskSize, default: 40 }),
      encrypted: choice(["true", "false"], {
        ...inDataDisks("Whether the disk is encrypted; a text, or true or false."),
        default: "false",
      }),
      auto_snapshot_policy_id: text({ ...inDataDisks("Snapshot policy of the disk."), maxLength: idLength }),
      performance_level: choice(performanceLevels, {
        ...inDataDisks("Performance level of the disk."),
        effect: "In annotation `sampan.dev/data-disks`; of `cloud_essd` alone.",
      }),
      provisioned_iops: integer(newer("IOPS of the disk.")),
      bursting_enabled: flag(newer("Whether the disk may burst.")),
      kms_key_id: text(newer("KMS key of the disk.")),
      snapshot_id: text(newer("Snapshot that the disk begins with.")),
      device: text(newer("Device of the disk.")),
      disk_name: text(newer("Name of the disk.")),
      auto_format: flag(newer("Whether the disk is formatted.")),
      file_system: text(newer("File system of the disk.")),
      mount_target: text(newer("Where the disk is mounted.")),
    },
    { ...inDataDisks("Data disks of each node."), effect: "Annotation `sampan.dev/data-disks`.", maxItems: 64 },
  ),
  instance_charge_type: choice(chargeTypes, {
    ...fact("How the nodes are paid for.", "Annotation `sampan.dev/charge-type`.", `${onNodes}; ${seen.resources}`),
    default: "PostPaid",
  }),
  period_unit: choice(["Month"], kept("Unit of the subscription period.")),
  period: integer({
    ...fact("Months of the subscription.", "When the subscription ends.", `DescribeClusterNodes; ${seen.resources}`),
    values: periods,
    default: 1,
  }),
  auto_renew: flag({ ...kept("Whether the subscription is renewed by itself."), default: true }),
  auto_renew_period: integer({ ...kept("Months of each renewal."), values: renewalPeriods, default: 1 }),
  image_id: text({
    ...fact(
      "Image of one's own.",
      "Annotation `sampan.dev/image-id`, and named in `nodeInfo.osImage`.",
      "annotations and `nodeInfo` of the pool's nodes",
    ),
    maxLength: idLength,
    defaultIs: "the cluster's",
  }),
  image_type: text({
    ...fact(
      "Distribution of the operating system.",
      "`nodeInfo.osImage` of the nodes, their processor architecture, and that they run Windows.",
      "`kubectl get nodes -o wide -L kubernetes.io/os,kubernetes.io/arch`",
    ),
    maxLength: idLength,
    defaultIs: "the cluster's",
  }),
  platform: choice(["CentOS", "AliyunLinux", "QbootAliyunLinux", "Qboot", "Windows", "WindowsCore"], {
    ...fact(
      "Distribution of the operating system, by an older name.",
      "As `image_type` where that is not given.",
      "`kubectl get nodes -o wide`",
    ),
    defaultIs: "the cluster's",
  }),
  key_pair: text({
    ...fact("Key pair for logging in to the pool's nodes.", "Annotation `sampan.dev/key-pair`.", onNodes),
    defaultIs: "the cluster's, where no password is given either",
  }),
  login_password: text({
    ...fact(
      "Password for logging in to the pool's nodes.",
      "Kept encrypted and never shown.",
      "nowhere: empty in DescribeClusterNodePools, and in no other answer, log or file",
    ),
    rule: loginPassword,
  }),
  security_group_id: text({
    ...fact("Security group of the pool's nodes.", "Annotation `sampan.dev/security-group`.", onNodes),
    maxLength: idLength,
    defaultIs: "the cluster's",
  }),
  security_group_ids: texts({
    ...fact(
      "Security groups of the pool's nodes.",
      "Annotation `sampan.dev/security-group`; they win over `security_group_id`.",
      onNodes,
    ),
    maxItems: 10,
    ...id,
  }),
  rds_instances: texts({
    ...fact(
      "RDS instances that admit the pool's nodes.",
      "An entry for each, with the addresses of the pool's nodes, among the cluster's resources.",
      seen.resources,
    ),
    ...id,
  }),
  tags: keyValueList(
    {
      ...fact(
        "Tags of the pool's instances.",
        "Annotation `sampan.dev/instance-tags`; they are no labels.",
        `${onNodes}; ${seen.resources}`,
      ),
      maxItems: 20,
      conditions: ["no key twice"],
    },
    { ...fact("Key of the tag.", "Key in the annotation.", onNodes), rule: tagKey },
    { ...fact("Value of the tag, which may be empty.", "Value in the annotation.", onNodes), rule: tagValue },
  ),
  deploymentset_id: text({
    ...fact("Deployment set of the instances.", "Annotation `sampan.dev/deploymentset`.", onNodes),
    maxLength: idLength,
  }),
  multi_az_policy: text({
    ...fact(
      "How the nodes are laid over the vSwitches.",
      "`PRIORITY` puts all in the first one; any other policy lays them over all in turn.",
      "annotation `sampan.dev/vswitch` of the nodes",
    ),
  }),
  scaling_policy: text(kept("Whether instances that are scaled in are released or stopped.")),
  spot_strategy: text({
    ...kept("How spot instances are bought."),
    observed: `${seen.pools}; \`spot_strategy\` of DescribeClusterNodes`,
  }),
  spot_price_limit: objects(
    {
      instance_type: text(kept("Instance type that the ceiling is for.")),
      price_limit: text(kept("Highest price of an hour, a number in a text.")),
    },
    kept("Ceilings of the prices of spot instances."),
  ),
  on_demand_base_capacity: integer(kept("Fewest pay-as-you-go instances.")),
  on_demand_percentage_above_base_capacity: integer(kept("Percentage of pay-as-you-go instances above those.")),
  spot_instance_pools: integer(kept("Number of instance types that spot instances are spread over.")),
  spot_instance_remedy: flag(kept("Whether spot instances are replaced before they are reclaimed.")),
  compensate_with_on_demand: flag(kept("Whether pay-as-you-go instances stand in for missing spot instances.")),
  internet_charge_type: choice(
    ["PayByTraffic", "PayByBandwidth"],
    kept("How the bandwidth of public addresses is paid for."),
  ),
  internet_max_bandwidth_out: integer(
    fact(
      "Outbound bandwidth of the nodes' public addresses in Mbit/s.",
      "Above 0 the nodes have an ExternalIP.",
      "`status.addresses` of the nodes",
    ),
  ),
  system_disk_categories: texts(newer("Categories of system disks in order of preference.")),
  system_disk_provisioned_iops: integer(newer("IOPS of the system disks.")),
  system_disk_bursting_enabled: flag(newer("Whether the system disks may burst.")),
  system_disk_encrypted: flag(newer("Whether the system disks are encrypted.")),
  system_disk_encrypt_algorithm: text(newer("How the system disks are encrypted.")),
  system_disk_kms_key_id: text(newer("KMS key of the system disks.")),
  system_disk_snapshot_policy_id: text({
    ...newer("Snapshot policy of the system disks."),
    effect: "In annotation `sampan.dev/system-disk`.",
    observed: onNodes,
  }),
  login_as_non_root: flag(newer("Whether one logs in as another user than root.")),
  security_hardening_os: flag(newer("Whether the system is hardened.")),
  soc_enabled: flag(newer("Whether the system is hardened for SOC 2.")),
  cis_enabled: flag(newer("Whether the system is hardened for CIS.")),
  ram_role_name: text(newer("RAM role of the instances.")),
  private_pool_options: object({}, newer("Private pool that the instances come from.")),
  resource_pool_options: object({}, newer("Resource pool that the instances come from.")),
  instance_patterns: objects({}, newer("Properties that instance types are chosen by.")),
  instance_metadata_options: object({}, newer("How instances reach their metadata.")),
  cpu_options: object({}, newer("Options of the processors.")),
  disk_init: objects({}, newer("How disks are prepared.")),
  enable_high_density_mode: flag(newer("Whether more pods fit on a node.")),
};
