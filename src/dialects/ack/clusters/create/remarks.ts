import { findInstanceType } from "../../../../core/clouds/alibaba/instance-types.ts";
import type { BodyRemark } from "../../../common/checked-body.ts";
import { placedParameters } from "../../../common/parameters/parameter.ts";
import { remarkOnVersion } from "../../../common/parameters/unlisted.ts";
import type { Kind } from "./kind.ts";
import { networkPlugin } from "./network-plugin.ts";
import { nodeVswitchIds } from "./rules/network-rules.ts";
import { createClusterParameters, type GivenBody } from "./table/table.ts";

type Remark = BodyRemark<typeof createClusterParameters, Kind>;

const otherKind: Remark = ({ given: body, kind }) =>
  Object.entries(createClusterParameters).map(
    ([name, { kinds = [], newerFor = [] }]) =>
      Object.hasOwn(body, name) &&
      kinds.length > 0 &&
      ![...kinds, ...newerFor].includes(kind) &&
      `The documents of ${kind} clusters do not have ${name}, but those of ${kinds.join(" and ")} ones.`,
  );

const outdated: Remark = ({ given: body }) =>
  placedParameters(createClusterParameters).map(
    ({ path, parameter: { replacedBy } }) =>
      replacedBy && Object.hasOwn(body, path) && `${path} is out of date: use ${replacedBy}.`,
  );

const network: Remark = ({ given: body }) => {
  const terway = networkPlugin(body) === "terway";
  const pods = body.pod_vswitch_ids?.length ?? 0;
  const group = body.security_group_id;
  return [
    !terway && pods > 0 && "pod_vswitch_ids has no effect with Flannel.",
    terway && body.container_cidr && "container_cidr has no effect with Terway.",
    terway && body.node_cidr_mask && "node_cidr_mask has no effect with Terway.",
    terway && "With Terway, a Pod vSwitch should have a prefix length of at most 19.",
    ...(terway ? sharedVswitches(body) : []),
    terway && pods < nodeVswitchIds(body).length && "There should be a Pod vSwitch for each vSwitch of the nodes.",
    group &&
      body.is_enterprise_security_group &&
      `is_enterprise_security_group has no effect: the nodes are in the existing group ${group}.`,
    terway &&
      !group &&
      body.is_enterprise_security_group === false &&
      "With Terway, an enterprise security group is recommended: a basic one holds 2000 addresses of nodes and pods.",
  ];
};

const sharedVswitches = (body: GivenBody): string[] => {
  const ofNodes = new Set(nodeVswitchIds(body));
  return (body.pod_vswitch_ids ?? [])
    .filter((id) => ofNodes.has(id))
    .map((id) => `vSwitch ${id} is of nodes and of pods: pods should have vSwitches of their own.`);
};

const cluster: Remark = ({ given: body, kind }) => [
  body.encryption_provider_key &&
    !body.cluster_spec?.startsWith("ack.pro.") &&
    "encryption_provider_key has no effect: only the Pro tiers encrypt Secrets.",
  body.cpu_policy === "static" &&
    body.kubernetes_version &&
    isBefore(body.kubernetes_version, [1, 12, 6]) &&
    "cpu_policy static takes effect from Kubernetes 1.12.6 on.",
  body.format_disk && !body.instances && "format_disk has no effect without instances.",
  body.control_plane_config && kind === "managed" && "control_plane_config has no effect in a managed cluster.",
  Boolean(body.worker_data_disk_category ?? body.worker_data_disk_size) &&
    body.worker_data_disks &&
    "worker_data_disk_category and worker_data_disk_size have no effect beside worker_data_disks.",
];

function isBefore(version: string, other: readonly number[]): boolean {
  const parts = version.split(/[.-]/).map(Number);
  const differing = other.findIndex((number, index) => (parts[index] ?? number) !== number);
  return differing >= 0 && (parts[differing] ?? 0) < (other[differing] ?? 0);
}

const version: Remark = ({ given }) => [remarkOnVersion("ack", given.kubernetes_version)];

const subscriptions: Remark = ({ given: body }) => [
  withoutSubscription(body, "worker", body.worker_instance_charge_type),
  withoutSubscription(body, "master", body.master_instance_charge_type),
];

function withoutSubscription(body: GivenBody, role: "worker" | "master", chargeType: string | undefined) {
  const members = ["period_unit", "period", "auto_renew", "auto_renew_period"].map((member) => `${role}_${member}`);
  const given = members.filter((name) => Object.hasOwn(body, name));
  if (chargeType === "PrePaid" || given.length === 0) return undefined;
  return `${given.join(", ")} ${given.length === 1 ? "has" : "have"} no effect without a subscription: ${role}_instance_charge_type is not PrePaid.`;
}

/** A disk with the places of its performance level and its category. */
interface Levelled {
  place: string;
  level: string | undefined;
  category: string | undefined;
}

const performanceLevels: Remark = ({ given: body }) =>
  disksOf(body).map(
    ({ place, level, category }) =>
      level && category !== "cloud_essd" && `${place} has no effect: only disks of category cloud_essd have levels.`,
  );

const disksOf = (body: GivenBody): Levelled[] => [
  ...["master", "worker"].map((role) => system(body, `${role}_system_disk`, "")),
  system(body.control_plane_config ?? {}, "system_disk", "control_plane_config."),
  ...dataDisks(body.worker_data_disks, "worker_data_disks"),
  ...(body.nodepools ?? []).flatMap(({ scaling_group: group = {} }, index) => [
    system(group, "system_disk", `nodepools[${index}].scaling_group.`),
    ...dataDisks(group.data_disks, `nodepools[${index}].scaling_group.data_disks`),
  ]),
];

function system(holder: Readonly<Record<string, unknown>>, disk: string, prefix: string): Levelled {
  const member = (name: string) => holder[`${disk}_${name}`] as string | undefined;
  return {
    place: `${prefix}${disk}_performance_level`,
    level: member("performance_level"),
    category: member("category"),
  };
}

const dataDisks = (
  disks: readonly { performance_level?: string; category?: string }[] = [],
  path: string,
): Levelled[] =>
  disks.map(({ performance_level: level, category }, index) => ({
    place: `${path}[${index}].performance_level`,
    level,
    category,
  }));

const pools: Remark = ({ given: body }) =>
  (body.nodepools ?? []).map(
    ({ scaling_group: group }, index) =>
      group?.security_group_id &&
      group.security_group_ids &&
      `nodepools[${index}].scaling_group.security_group_id has no effect beside security_group_ids.`,
  );

/** Instance types that are taken for another. */
const instanceTypes: Remark = ({ given }) => {
  const named = [
    given.worker_instance_types,
    given.master_instance_types,
    given.control_plane_config?.instance_types,
    ...(given.nodepools ?? []).map((pool) => pool.scaling_group?.instance_types),
  ];
  return [...new Set(named.flatMap((types) => types ?? []))]
    .filter((type) => !findInstanceType(type))
    .map((type) => `Instance type ${type} is not known; a node of it would have 4 CPUs and 8 GiB of memory.`);
};

/** What the user should know of a body: outdated fields, and those that have no effect beside others. */
export const remarks: readonly Remark[] = [
  instanceTypes,
  otherKind,
  outdated,
  network,
  cluster,
  version,
  subscriptions,
  performanceLevels,
  pools,
];
