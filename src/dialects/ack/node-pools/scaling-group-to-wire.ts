import type { Disk, NodePoolSpec } from "../../../core/clusters/cluster.ts";

type Block = Record<string, unknown>;

/** Clients that see one of these in a pool for which they did not ask for it plan to change the pool. */
const onlyWhereAskedFor = ["desired_size", "system_disk_size", "key_pair"];

/** What is off unless it was asked for, since nothing of it is done here. */
const off = {
  cis_enabled: false,
  soc_enabled: false,
  security_hardening_os: false,
  login_as_non_root: false,
  enable_high_density_mode: false,
  system_disk_encrypted: false,
  system_disk_bursting_enabled: false,
  spot_strategy: "NoSpot",
  spot_price_limit: [],
  spot_instance_remedy: false,
  compensate_with_on_demand: false,
  ram_role_name: "",
};

/** The pool that a cluster's own fields ask for was not asked for as such. */
export const isDefault = ({ request }: NodePoolSpec): boolean => Object.keys(request).length === 0;

/**
 * `scaling_group` of a pool as it is, without what was not asked for and clients must not see.
 * @param clusterGroup the cluster's security group, which pools that name none have
 */
export function scalingGroup(spec: NodePoolSpec, clusterGroup: string | null): Block {
  const groups = spec.securityGroupIds.length > 0 ? spec.securityGroupIds : [clusterGroup ?? ""];
  const all: Block = {
    ...off,
    vswitch_ids: spec.vswitchIds,
    instance_types: spec.instanceTypes,
    desired_size: spec.size,
    instance_charge_type: spec.billing.chargeType,
    ...subscription(spec),
    image_id: spec.imageId ?? "",
    image_type: spec.platform,
    platform: spec.platform,
    key_pair: spec.keyPair ?? "",
    security_group_id: groups[0],
    security_group_ids: groups.filter((id) => id !== ""),
    ...systemDisk(spec.systemDisk),
    data_disks: spec.dataDisks.map((disk) => ({ ...dataDisk(disk), encrypted: String(disk.encrypted) })),
    disk_init: [],
    multi_az_policy: spec.vswitchPolicy === "priority" ? "PRIORITY" : "BALANCE",
    scaling_policy: "release",
    tags: Object.entries(spec.instanceTags).map(([key, value]) => ({ key, value })),
    rds_instances: spec.rdsInstances,
    deploymentset_id: spec.deploymentSetId ?? "",
  };
  if (isDefault(spec)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !onlyWhereAskedFor.includes(name)));
}

const subscription = ({ billing: { months, autoRenew, renewMonths } }: NodePoolSpec): Block =>
  months === undefined
    ? { auto_renew: false }
    : { period: months, period_unit: "Month", auto_renew: autoRenew, auto_renew_period: renewMonths };

const systemDisk = ({ category, sizeGiB, performanceLevel, snapshotPolicyId }: Disk): Block => ({
  system_disk_category: category,
  // In order of preference, of which there is one.
  system_disk_categories: [category],
  system_disk_size: sizeGiB,
  ...(performanceLevel && { system_disk_performance_level: performanceLevel }),
  ...(snapshotPolicyId && { system_disk_snapshot_policy_id: snapshotPolicyId }),
});

const dataDisk = ({ category, sizeGiB, performanceLevel, snapshotPolicyId }: Disk): Block => ({
  category,
  size: sizeGiB,
  ...(performanceLevel && { performance_level: performanceLevel }),
  ...(snapshotPolicyId && { auto_snapshot_policy_id: snapshotPolicyId }),
});
