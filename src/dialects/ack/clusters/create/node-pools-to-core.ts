import type { Billing, Disk, NodePoolSpec } from "../../../../core/clusters/cluster.ts";
import { withoutCredentials } from "../../../common/credentials.ts";
import type { CreateClusterBody, NodePoolBody } from "./index.ts";
import { parseNodeNameMode } from "./node-name-mode.ts";

/** A tag or a label as the wire has it. */
interface KeyValue {
  key: string;
  value?: string;
}

/** A disk as the wire has it. */
interface WireDisk {
  category?: string;
  /** GiB. */
  size?: number;
  performance_level?: string;
  auto_snapshot_policy_id?: string;
}

type WireDataDisk = WireDisk & { encrypted?: string };
type WireTaint = NonNullable<CreateClusterBody["taints"]>[number];

/** What the documents say of fields of nodes that are left out. */
const defaults = {
  poolName: "default-nodepool",
  systemDisk: { category: "cloud_ssd", size: 120 },
  dataDisk: { category: "cloud_efficiency", size: 40 },
  runtime: { name: "docker", version: "19.03.5" },
  platform: "CentOS",
  masterCount: 3,
  masterInstanceType: "ecs.c6.xlarge",
};

/** The members of a dedicated cluster are taken for Kubernetes' own before and after it renamed them (1.24). */
const memberRoles = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/**
 * The groups of nodes that a request asks for: its masters, the workers it names by itself, and its node pools.
 * @param sent the node pools as they were sent
 */
export function toNodePools(body: CreateClusterBody, sent: readonly Record<string, unknown>[]): NodePoolSpec[] {
  const masters = body.cluster_type === "Kubernetes" ? [toMasters(body)] : [];
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

/** How many masters a dedicated cluster has, 3 or 5. */
export const memberCount = (body: CreateClusterBody): number =>
  body.master_count || body.control_plane_config?.size || defaults.masterCount;

/** What every group of nodes has from the cluster's own fields, unless it says otherwise. */
function common(body: CreateClusterBody) {
  return {
    instances: [],
    keepInstanceNames: body.keep_instance_name ?? true,
    formatDisk: false,
    dataDisks: [],
    labels: {},
    taints: [],
    runtime: {
      name: body.runtime?.name || defaults.runtime.name,
      version: body.runtime?.version || defaults.runtime.version,
    },
    operatingSystem: body.os_type === "Windows" ? "windows" : "linux",
    ...system(body.image_type || body.platform),
    imageId: body.image_id || undefined,
    cpuPolicy: "none",
    userData: undefined,
    nodeName: body.node_name_mode ? parseNodeNameMode(body.node_name_mode) : undefined,
    keyPair: body.key_pair || undefined,
    securityGroupIds: [],
    rdsInstances: [...new Set(body.rds_instances ?? [])],
    instanceTags: {},
    autoScaling: undefined,
    publicAddress: false,
    monitoring: body.cloud_monitor_flags ?? false,
    confidential: false,
    deploymentSetId: undefined,
    request: {},
  } satisfies Partial<NodePoolSpec>;
}

/** The workers that the cluster's own fields ask for. */
function toDefaultPool(body: CreateClusterBody): NodePoolSpec {
  const instances = body.instances ?? [];
  const [oldDisk] = body.worker_data_disk_category || body.worker_data_disk_size ? [oldDataDisk(body)] : [];
  return {
    ...common(body),
    name: defaults.poolName,
    role: "worker",
    // The named instances join first, and the rest is made: the larger of the two counts wins.
    size: Math.max(body.nodepools?.length ? 0 : (body.num_of_nodes ?? 0), instances.length),
    instanceTypes: body.worker_instance_types ?? [],
    vswitchIds: nodeVswitches(body),
    vswitchPolicy: "balance",
    instances,
    formatDisk: body.format_disk ?? false,
    systemDisk: toDisk({
      category: body.worker_system_disk_category,
      size: body.worker_system_disk_size,
      performance_level: body.worker_system_disk_performance_level,
      auto_snapshot_policy_id: body.worker_system_disk_snapshot_policy_id,
    }),
    dataDisks: toDataDisks(body.worker_data_disks ?? (oldDisk ? [oldDisk] : [])),
    taints: toTaints(body.taints),
    cpuPolicy: body.cpu_policy === "static" ? "static" : "none",
    userData: decoded(body.user_data),
    billing: toBilling({
      type: body.worker_instance_charge_type,
      period: body.worker_period,
      autoRenew: body.worker_auto_renew,
      renewPeriod: body.worker_auto_renew_period,
    }),
  };
}

/** The single data disk that two outdated fields describe. */
const oldDataDisk = (body: CreateClusterBody): WireDataDisk => ({
  category: body.worker_data_disk_category,
  size: body.worker_data_disk_size,
});

/** The members of a dedicated cluster: `master_*`, or `control_plane_config` of newer clients. */
function toMasters(body: CreateClusterBody): NodePoolSpec {
  const newer = body.control_plane_config ?? {};
  const types = [body.master_instance_types, newer.instance_types].find((list) => list?.length);
  const vswitches = body.master_vswitch_ids?.length ? body.master_vswitch_ids : nodeVswitches(body);
  return {
    ...common(body),
    name: "masters",
    role: "control-plane",
    size: memberCount(body),
    instanceTypes: types ?? [defaults.masterInstanceType],
    vswitchIds: vswitches,
    vswitchPolicy: "priority",
    systemDisk: toDisk({
      category: body.master_system_disk_category || newer.system_disk_category,
      size: body.master_system_disk_size || newer.system_disk_size,
      performance_level: body.master_system_disk_performance_level || newer.system_disk_performance_level,
      auto_snapshot_policy_id: body.master_system_disk_snapshot_policy_id || newer.system_disk_snapshot_policy_id,
    }),
    labels: Object.fromEntries(memberRoles.map((role) => [role, ""])),
    taints: memberRoles.map((key) => ({ key, value: "", effect: "NoSchedule" })),
    // Kubernetes' control plane runs on Linux, whatever the workers have.
    operatingSystem: "linux",
    ...(newer.image_type ? system(newer.image_type) : {}),
    imageId: body.image_id || newer.image_id || undefined,
    cpuPolicy: newer.cpu_policy === "static" ? "static" : "none",
    keyPair: body.key_pair || newer.key_pair || undefined,
    monitoring: body.cloud_monitor_flags ?? newer.cloud_monitor_flags ?? false,
    deploymentSetId: newer.deploymentset_id || undefined,
    billing: toBilling({
      type: body.master_instance_charge_type || newer.charge_type,
      period: body.master_period || newer.period,
      autoRenew: body.master_auto_renew ?? newer.auto_renew,
      renewPeriod: body.master_auto_renew_period || newer.auto_renew_period,
    }),
  };
}

/** One of `nodepools`; what it does not say, the cluster's own fields do. */
function toNodePool(body: CreateClusterBody, pool: NodePoolBody, index: number): NodePoolSpec {
  const { scaling_group: group = {}, kubernetes_config: kubernetes = {}, auto_scaling: scaling = {} } = pool;
  const autoScaling = scaling.enable ? bounds(scaling) : undefined;
  const wanted = pool.count ?? group.desired_size ?? 0;
  const outer = common(body);
  return {
    ...outer,
    name: pool.nodepool_info?.name || `nodepool-${index + 1}`,
    role: "worker",
    size: autoScaling ? Math.min(Math.max(wanted, autoScaling.min), autoScaling.max) : wanted,
    instanceTypes: group.instance_types ?? body.worker_instance_types ?? [],
    vswitchIds: group.vswitch_ids?.length ? group.vswitch_ids : nodeVswitches(body),
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
      name: kubernetes.runtime || outer.runtime.name,
      version: kubernetes.runtime_version || outer.runtime.version,
    },
    operatingSystem: /windows/i.test(group.image_type || group.platform || "") ? "windows" : outer.operatingSystem,
    ...(group.image_type || group.platform ? system(group.image_type || group.platform) : {}),
    imageId: group.image_id || outer.imageId,
    cpuPolicy: kubernetes.cpu_policy === "static" ? "static" : "none",
    userData: decoded(kubernetes.user_data),
    nodeName: kubernetes.node_name_mode ? parseNodeNameMode(kubernetes.node_name_mode) : outer.nodeName,
    billing: toBilling({
      type: group.instance_charge_type,
      period: group.period,
      autoRenew: group.auto_renew,
      renewPeriod: group.auto_renew_period,
    }),
    keyPair: group.key_pair || (group.login_password ? undefined : outer.keyPair),
    securityGroupIds: group.security_group_ids?.length
      ? group.security_group_ids
      : group.security_group_id
        ? [group.security_group_id]
        : [],
    rdsInstances: [...new Set([...outer.rdsInstances, ...(group.rds_instances ?? [])])],
    instanceTags: toRecord(group.tags),
    autoScaling,
    publicAddress: Boolean((scaling.enable && scaling.is_bond_eip) || group.internet_max_bandwidth_out),
    monitoring: kubernetes.cms_enabled ?? outer.monitoring,
    confidential: pool.tee_config?.tee_enable ?? false,
    deploymentSetId: group.deploymentset_id || undefined,
  };
}

const bounds = ({ min_instances: min = 0, max_instances: max }: NonNullable<NodePoolBody["auto_scaling"]>) => ({
  min,
  max: max || Math.max(min, 100),
});

/** vSwitches of the nodes: an older name of the field is Terraform's. */
export const nodeVswitches = (body: CreateClusterBody): string[] => {
  const lists = [body.vswitch_ids, body.worker_vswitch_ids, body.nodepools?.[0]?.scaling_group?.vswitch_ids];
  return lists.find((list) => list?.length) ?? body.master_vswitch_ids ?? [];
};

/** Distribution and processor of an image type such as `Alibaba Cloud Linux3Arm64`. */
const system = (platform: string | undefined): Pick<NodePoolSpec, "platform" | "architecture"> => ({
  platform: platform || defaults.platform,
  architecture: /arm64$/i.test(platform ?? "") ? "arm64" : "amd64",
});

function toDisk({ category, size, performance_level: level, auto_snapshot_policy_id: policy }: WireDisk): Disk {
  const known = category || defaults.systemDisk.category;
  return {
    category: known,
    sizeGiB: size || defaults.systemDisk.size,
    // Levels are of ESSD disks alone; what a request says of another is without effect.
    ...(level && known === "cloud_essd" && { performanceLevel: level }),
    ...(policy && { snapshotPolicyId: policy }),
  };
}

const toDataDisks = (disks: readonly WireDataDisk[]): NodePoolSpec["dataDisks"] =>
  disks.map((disk) => ({
    ...toDisk({
      ...disk,
      category: disk.category || defaults.dataDisk.category,
      size: disk.size || defaults.dataDisk.size,
    }),
    encrypted: disk.encrypted === "true",
  }));

const toTaints = (taints: readonly WireTaint[] = []): NodePoolSpec["taints"] =>
  taints.map(({ key, value, effect }) => ({ key, value: value ?? "", effect: effect ?? "NoSchedule" }));

/** Tags or labels as a record. */
export const toRecord = (pairs: readonly KeyValue[] = []): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ""]));

const decoded = (userData: string | undefined): string | undefined =>
  userData ? Buffer.from(userData, "base64").toString() : undefined;

/** Months, as the documents' only unit is; subscriptions renew themselves unless the request says otherwise. */
function toBilling(asked: { type?: string; period?: number; autoRenew?: boolean; renewPeriod?: number }): Billing {
  if (asked.type !== "PrePaid")
    return { chargeType: "PostPaid", months: undefined, autoRenew: false, renewMonths: undefined };
  const autoRenew = asked.autoRenew ?? true;
  return {
    chargeType: "PrePaid",
    months: asked.period || 1,
    autoRenew,
    renewMonths: autoRenew ? asked.renewPeriod || 1 : undefined,
  };
}
