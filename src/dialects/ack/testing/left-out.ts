/** Why a member of a model is in no answer. */
export type LeftOut = Readonly<Record<string, string>>;

export const whereAskedFor = "Terraform plans to take away what was not asked for";
const ofEdge = "of edge pools, which are not made here";
const notOfPools = "only told where it was asked for, since nothing here knows of it";
export const notPrepaid = "nothing is paid for in advance";
const noRrsa = "there are no RAM roles for service accounts where nobody asked for them";

/** Of a cluster for which as little as possible was asked for. */
export const leftOutOfCluster: LeftOut = {
  auto_mode: "Terraform plans a new cluster where one has it without having been asked for it",
  "maintenance_window.duration": "there is no maintenance window",
  "maintenance_window.maintenance_time": "there is no maintenance window",
  "maintenance_window.recurrence": "there is no maintenance window",
  "maintenance_window.weekly_period": "there is no maintenance window",
  "operation_policy.cluster_auto_upgrade.channel": "clusters are not upgraded by themselves",
  ...Object.fromEntries(
    [
      ...["audience", "issuer", "jwks_url", "max_oidc_token_expiration"],
      ...["oidc_arn", "oidc_name", "open_api_configuration_url"],
    ].map((name) => [`rrsa_config.${name}`, noRrsa]),
  ),
};

/** Of a pool, likewise. */
export const leftOutOfPool: LeftOut = {
  auto_mode: notOfPools,
  "auto_scaling.eip_bandwidth": "there is no EIP",
  "auto_scaling.eip_internet_charge_type": "there is no EIP",
  eflo_node_group: "of Lingjun pools, which are not made here",
  host_network: ofEdge,
  interconnect_config: ofEdge,
  interconnect_mode: ofEdge,
  intranet: ofEdge,
  "management.auto_repair_policy": "nodes are not repaired by themselves",
  "management.auto_upgrade_policy": "nodes are not upgraded by themselves",
  "management.auto_vul_fix_policy": "vulnerabilities are not fixed by themselves",
  "management.upgrade_config": "nodes are not upgraded by themselves",
  max_nodes: ofEdge,
  node_components: notOfPools,
  node_config: whereAskedFor,
  "scaling_group.auto_renew_period": notPrepaid,
  "scaling_group.cpu_options": notOfPools,
  "scaling_group.instance_metadata_options": notOfPools,
  "scaling_group.instance_patterns": "instance types are named",
  "scaling_group.internet_charge_type": whereAskedFor,
  "scaling_group.internet_max_bandwidth_out": whereAskedFor,
  "scaling_group.on_demand_base_capacity": whereAskedFor,
  "scaling_group.on_demand_percentage_above_base_capacity": whereAskedFor,
  "scaling_group.period": notPrepaid,
  "scaling_group.period_unit": notPrepaid,
  "scaling_group.private_pool_options": notOfPools,
  "scaling_group.resource_pool_options": notOfPools,
  "scaling_group.spot_instance_pools": "there are no spot instances",
  "scaling_group.system_disk_encrypt_algorithm": "system disks are not encrypted",
  "scaling_group.system_disk_kms_key_id": "system disks are not encrypted",
  "scaling_group.system_disk_performance_level": "of ESSD disks alone",
  "scaling_group.system_disk_provisioned_iops": "of ESSD AutoPL disks alone",
  "scaling_group.system_disk_snapshot_policy_id": "system disks have no snapshot policy",
};
