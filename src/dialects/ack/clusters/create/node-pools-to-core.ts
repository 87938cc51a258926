import type { Billing, Disk, NodePoolSpec } from "../../../../core/clusters/cluster.ts";
import { withoutCredentials } from "../../../common/credentials.ts";
import { parseNodeNameMode } from "./node-name-mode.ts";
import type { CreateClusterBody, GivenBody, NodePoolBody } from "./table/table.ts";

/** A tag or a label as the wire has it. */
interface KeyValue {
  key: string;
  value?: string;
}

/** A disk as the wire has it, defaults filled in. */
interface WireDisk {
  category: string;
  /** GiB. */
  size: number;
  performance_level?: string;
  auto_snapshot_policy_id?: string;
}

/** How nodes are paid for. */
interface WireBilling {
  type: string;
  period: number;
  autoRenew: boolean;
  renewPeriod: number | undefined;
}

type WireDataDisk = WireDisk & { encrypted: string };
type WireTaint = NonNullable<CreateClusterBody["taints"]>[number];

/** The members of a dedicated cluster are taken for Kubernetes' own before and after it renamed them (1.24). */
const memberRoles = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/**
 * The groups of nodes that a request asks for: its masters, the workers it names by itself, and its node pools.
 * @param sent the node pools as they were sent
 */
export function toNodePools(
  body: CreateClusterBody,
  given: GivenBody,
  sent: readonly Record<string, unknown>[],
): NodePoolSpec[] {
  const masters = body.cluster_type === "Kubernetes" ? [toMasters(body, given)] : [];
  const pools = (body.nodepools ?? []).map((pool, index) => ({
    ...toNodePool(body, pool, index),
    request: withoutCredentials(sent[index] ?? {}),
  }));
  return [...masters, ...(hasDefaultPool(body) ? [toDefaultPool(body)] : []), ...pools];
}

/**
 * Whether there are workers beside those of the node pools. The cluster's own fields and the node pools are two
 * spellings of the same workers, so that the former count only without the latter, but for instances that join. A managed
 * cluster without either has the pool all the same, empty: Terraform fills it by calls of its own.
 */
function hasDefaultPool(body: CreateClusterBody): boolean {
  if (body.instances?.length) return true;
  if (body.nodepools?.length) return false;
  return body.cluster_type !== "Kubernetes" || Boolean(body.num_of_nodes);
}

/** What every group of nodes has from the cluster's own fields, unless it says otherwise. */
function common(body: CreateClusterBody) {
  return {
    instances: [],
    keepInstanceNames: body.keep_instance_name,
    formatDisk: false,
    dataDisks: [],
    labels: {},
    taints: [],
    runtime: body.runtime,
    operatingSystem: body.os_type === "Windows" ? "windows" : "linux",
    ...system(body.image_type ?? body.platform),
    imageId: body.image_id,
    cpuPolicy: "none",
    userData: undefined,
    nodeName: body.node_name_mode ? parseNodeNameMode(body.node_name_mode) : undefined,
    keyPair: body.key_pair,
    securityGroupIds: [],
    rdsInstances: [...new Set(body.rds_instances ?? [])],
    instanceTags: {},
    autoScaling: undefined,
    publicAddress: false,
    monitoring: body.cloud_monitor_flags,
    confidential: false,
    deploymentSetId: undefined,
    request: {},
  } satisfies Partial<NodePoolSpec>;
}

/** The workers that the cluster's own fields ask for. */
function toDefaultPool(body: CreateClusterBody): NodePoolSpec {
  const instances = body.instances ?? [];
  return {
    ...common(body),
    name: "default-nodepool",
    role: "worker",
    // The named instances join first, and the rest is made: the larger of the two counts wins.
    size: Math.max(body.nodepools?.length ? 0 : (body.num_of_nodes ?? 0), instances.length),
    instanceTypes: body.worker_instance_types ?? [],
    vswitchIds: nodeVswitches(body),
    vswitchPolicy: "balance",
    instances,
    formatDisk: body.format_disk,
    systemDisk: toDisk({
      category: body.worker_system_disk_category,
      size: body.worker_system_disk_size,
      performance_level: body.worker_system_disk_performance_level,
      auto_snapshot_policy_id: body.worker_system_disk_snapshot_policy_id,
    }),
    dataDisks: toDataDisks(body.worker_data_disks ?? []),
    taints: toTaints(body.taints),
    cpuPolicy: body.cpu_policy,
    userData: decoded(body.user_data),
    billing: toBilling({
      type: body.worker_instance_charge_type,
      period: body.worker_period,
      autoRenew: body.worker_auto_renew,
      renewPeriod: body.worker_auto_renew_period,
    }),
  };
}

/** The members of a dedicated cluster, with what only `control_plane_config` of newer clients says of them. */
function toMasters(body: CreateClusterBody, given: GivenBody): NodePoolSpec {
  const newer = body.control_plane_config ?? {};
  return {
    ...common(body),
    name: "masters",
    role: "control-plane",
    size: body.master_count,
    instanceTypes: body.master_instance_types,
    vswitchIds: body.master_vswitch_ids ?? nodeVswitches(body),
    vswitchPolicy: "priority",
    systemDisk: toDisk({
      category: body.master_system_disk_category,
      size: body.master_system_disk_size,
      performance_level: body.master_system_disk_performance_level,
      auto_snapshot_policy_id: body.master_system_disk_snapshot_policy_id,
    }),
    labels: Object.fromEntries(memberRoles.map((role) => [role, ""])),
    taints: memberRoles.map((key) => ({ key, value: "", effect: "NoSchedule" })),
    // Kubernetes' control plane runs on Linux, whatever the workers have.
    operatingSystem: "linux",
    ...(newer.image_type ? system(newer.image_type) : {}),
    imageId: body.image_id ?? newer.image_id,
    cpuPolicy: newer.cpu_policy ?? "none",
    monitoring: given.cloud_monitor_flags ?? newer.cloud_monitor_flags ?? false,
    deploymentSetId: newer.deploymentset_id,
    billing: toBilling({
      type: body.master_instance_charge_type,
      period: body.master_period,
      autoRenew: body.master_auto_renew,
      renewPeriod: body.master_auto_renew_period,
    }),
  };
}

/** One of `nodepools`; what it does not say, the cluster's own fields do. */
function toNodePool(body: CreateClusterBody, pool: NodePoolBody, index: number): NodePoolSpec {
  const { scaling_group: group, kubernetes_config: kubernetes, auto_scaling: scaling } = pool;
  const autoScaling = scaling.enable ? bounds(scaling) : undefined;
  const wanted = pool.count ?? group.desired_size ?? 0;
  const outer = common(body);
  const image = group.image_type ?? group.platform;
  return {
    ...outer,
    name: pool.nodepool_info?.name ?? `nodepool-${index + 1}`,
    role: "worker",
    size: autoScaling ? Math.min(Math.max(wanted, autoScaling.min), autoScaling.max) : wanted,
    instanceTypes: group.instance_types ?? body.worker_instance_types ?? [],
    vswitchIds: group.vswitch_ids ?? nodeVswitches(body),
    vswitchPolicy: group.multi_az_policy === "PRIORITY" ? "priority" : "balance",
    systemDisk: toDisk({
      category: group.system_disk_category,
      size: group.system_disk_size,
      performance_level: group.system_disk_performance_level,
      auto_snapshot_policy_id: group.system_disk_snapshot_policy_id,
    }),
    dataDisks: toDataDisks(group.data_disks ?? []),
    labels: toRecord(kubernetes.labels),
    taints: toTaints(kubernetes.taints),
    runtime: {
      name: kubernetes.runtime ?? outer.runtime.name,
      version: kubernetes.runtime_version ?? outer.runtime.version,
    },
    operatingSystem: /windows/i.test(image ?? "") ? "windows" : outer.operatingSystem,
    ...(image && system(image)),
    imageId: group.image_id ?? outer.imageId,
    cpuPolicy: kubernetes.cpu_policy,
    userData: decoded(kubernetes.user_data),
    nodeName: kubernetes.node_name_mode ? parseNodeNameMode(kubernetes.node_name_mode) : outer.nodeName,
    billing: toBilling({
      type: group.instance_charge_type,
      period: group.period,
      autoRenew: group.auto_renew,
      renewPeriod: group.auto_renew_period,
    }),
    keyPair: group.key_pair ?? (group.login_password ? undefined : outer.keyPair),
    securityGroupIds: group.security_group_ids ?? (group.security_group_id ? [group.security_group_id] : []),
    rdsInstances: [...new Set([...outer.rdsInstances, ...(group.rds_instances ?? [])])],
    instanceTags: toRecord(group.tags),
    autoScaling,
    publicAddress: Boolean((scaling.enable && scaling.is_bond_eip) || group.internet_max_bandwidth_out),
    monitoring: kubernetes.cms_enabled ?? outer.monitoring,
    confidential: pool.tee_config.tee_enable,
    deploymentSetId: group.deploymentset_id,
  };
}

const bounds = ({ min_instances: min = 0, max_instances: max }: NodePoolBody["auto_scaling"]) => ({
  min,
  max: max || Math.max(min, 100),
});

/** vSwitches of the nodes. */
export const nodeVswitches = (body: CreateClusterBody): string[] =>
  body.vswitch_ids ?? body.nodepools?.[0]?.scaling_group.vswitch_ids ?? body.master_vswitch_ids ?? [];

/** Distribution and processor of an image type such as `Alibaba Cloud Linux3Arm64`. */
const system = (platform: string): Pick<NodePoolSpec, "platform" | "architecture"> => ({
  platform,
  architecture: /arm64$/i.test(platform) ? "arm64" : "amd64",
});

const toDisk = ({ category, size, performance_level: level, auto_snapshot_policy_id: policy }: WireDisk): Disk => ({
  category,
  sizeGiB: size,
  // Levels are of ESSD disks alone; what a request says of another is without effect.
  ...(level && category === "cloud_essd" && { performanceLevel: level }),
  ...(policy && { snapshotPolicyId: policy }),
});

const toDataDisks = (disks: readonly WireDataDisk[]): NodePoolSpec["dataDisks"] =>
  disks.map((disk) => ({ ...toDisk(disk), encrypted: disk.encrypted === "true" }));

const toTaints = (taints: readonly WireTaint[] = []): NodePoolSpec["taints"] =>
  taints.map(({ key, value, effect }) => ({ key, value: value ?? "", effect }));

/** Tags or labels as a record. */
export const toRecord = (pairs: readonly KeyValue[] = []): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ""]));

const decoded = (userData: string | undefined): string | undefined =>
  userData ? Buffer.from(userData, "base64").toString() : undefined;

/** Months, as the documents' only unit is. */
function toBilling({ type, period, autoRenew, renewPeriod }: WireBilling): Billing {
  if (type !== "PrePaid")
    return { chargeType: "PostPaid", months: undefined, autoRenew: false, renewMonths: undefined };
  return { chargeType: "PrePaid", months: period, autoRenew, renewMonths: autoRenew ? renewPeriod : undefined };
}
