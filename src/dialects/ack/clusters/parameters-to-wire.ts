import type { Cluster } from "../../../core/clusters/cluster.ts";
import { ownRequest } from "./own-request.ts";

/** Names that do not follow from the request's: `master_vswitch_ids` would be `MasterVswitchIds`. */
const exceptions = new Map(
  Object.entries({
    ssh_flags: "SSHFlags",
    service_cidr: "ServiceCIDR",
    container_cidr: "ContainerCIDR",
    node_cidr_mask: "NodeCIDRMask",
    custom_san: "CustomSAN",
    enable_rrsa: "EnableRRSA",
    vpcid: "VpcId",
    vswitch_ids: "WorkerVSwitchIds",
    worker_vswitch_ids: "WorkerVSwitchIds",
    master_vswitch_ids: "MasterVSwitchIds",
    master_system_disk_snapshot_policy_id: "MasterSnapshotPolicyId",
  }),
);

/** The masters' of a dedicated cluster, which the request names without saying so. */
const ofMasters = new Map([
  ["key_pair", "MasterKeyPair"],
  ["image_id", "MasterImageId"],
]);

/** Lists that clients split at commas; other lists and objects are JSON. */
const commaLists = new Set(["MasterVSwitchIds", "MasterInstanceTypes", "WorkerVSwitchIds", "WorkerInstanceTypes"]);

/** Members of the answer itself; they are not repeated. */
const elsewhere = new Set(["name", "tags", "nodepools"]);

/**
 * `parameters` of a cluster: everything that its request said, in the answer's spelling, as texts; and what Sampan made
 * of it where the request left it open.
 */
export function toAckParameters(cluster: Cluster): Record<string, string> {
  const { spec } = cluster;
  const request = ownRequest(cluster);
  const { network, creation } = spec;
  const isDedicated = spec.kind === "dedicated";
  const echoed = Object.entries(request).flatMap(([field, value]) => {
    if (value === null || value === undefined || elsewhere.has(field)) return [];
    const name = (isDedicated && ofMasters.get(field)) || (exceptions.get(field) ?? camelCase(field));
    return [[name, text(name, value)]];
  });
  return {
    ...Object.fromEntries(echoed),
    ServiceCIDR: network.serviceCidr,
    ContainerCIDR: network.podCidr ?? "",
    ProxyMode: network.proxyMode,
    NodeNameMode: typeof request.node_name_mode === "string" ? request.node_name_mode : "",
    TimeoutMins: String(creation.timeoutMinutes),
    RollbackOnFailure: String(creation.rollback),
  };
}

/** `worker_period_unit` → `WorkerPeriodUnit` */
const camelCase = (field: string): string =>
  field
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

function text(name: string, value: unknown): string {
  if (Array.isArray(value) && commaLists.has(name)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
