import { isDeepStrictEqual } from "node:util";
import type { Violation } from "../../../../common/errors/violations.ts";
import type { DeepPartial } from "../../../../common/parameters/parameter.ts";
import type { Kind } from "../kind.ts";
import type { GivenBody, NodePoolBody } from "../table/table.ts";
import { commaItems } from "../value-rules.ts";

/** One thing that older and newer clients say by different parameters. */
interface Spelling {
  /** Of the documents. */
  flat: keyof GivenBody & string;
  /** Of newer clients. */
  newer: string;
  read: (body: GivenBody) => unknown;
  /** Kind of cluster in which both say the same; undefined for both. */
  kind?: Kind;
}

type Config = NonNullable<GivenBody["control_plane_config"]>;

const ofMasters = (flat: Spelling["flat"], member: keyof Config & string): Spelling => ({
  flat,
  newer: `control_plane_config.${member}`,
  read: (body) => body.control_plane_config?.[member],
  kind: "dedicated",
});

const spellings: readonly Spelling[] = [
  ofMasters("master_count", "size"),
  ofMasters("master_instance_types", "instance_types"),
  ofMasters("master_system_disk_category", "system_disk_category"),
  ofMasters("master_system_disk_size", "system_disk_size"),
  ofMasters("master_system_disk_performance_level", "system_disk_performance_level"),
  ofMasters("master_system_disk_snapshot_policy_id", "system_disk_snapshot_policy_id"),
  ofMasters("master_instance_charge_type", "charge_type"),
  ofMasters("master_period_unit", "period_unit"),
  ofMasters("master_period", "period"),
  ofMasters("master_auto_renew", "auto_renew"),
  ofMasters("master_auto_renew_period", "auto_renew_period"),
  // In dedicated clusters these two are for logging in to the masters; in managed ones, to the workers.
  ofMasters("key_pair", "key_pair"),
  ofMasters("login_password", "login_password"),
  { flat: "enable_rrsa", newer: "rrsa_config.enabled", read: (body) => body.rrsa_config?.enabled },
  { flat: "custom_san", newer: "extra_sans", read: (body) => body.extra_sans?.join(",") },
  { flat: "vswitch_ids", newer: "worker_vswitch_ids", read: (body) => body.worker_vswitch_ids },
];

/** A body in which what newer clients say in their own way stands in the documents' parameters too. */
export interface OneSpelling {
  body: GivenBody;
  /** The name that the client used, for a parameter of the documents. */
  nameOf: (flat: keyof GivenBody & string) => string;
}

/** Brings newer spellings into the documents' parameters, where those are not given. */
export function withOneSpelling(given: GivenBody, kind: Kind): OneSpelling {
  const used = spellings.filter(
    (spelling) => concerns(spelling, kind) && given[spelling.flat] === undefined && spelling.read(given) !== undefined,
  );
  const moved = Object.fromEntries(used.map(({ flat, read }) => [flat, read(given)]));
  return {
    body: { ...given, ...moved },
    nameOf: (flat) => used.find((spelling) => spelling.flat === flat)?.newer ?? flat,
  };
}

const concerns = ({ kind: only }: Spelling, kind: Kind): boolean => only === undefined || only === kind;

/** What a body says twice, and not the same way. Both names are in the message, and no value but the first one's. */
export function spellingConflicts(given: GivenBody, kind: Kind): Violation[] {
  const ofCluster = spellings
    .filter((spelling) => concerns(spelling, kind))
    .filter(({ flat, read }) => differ(given[flat], read(given), flat))
    .map(({ flat, newer }) => conflict(flat, given[flat], newer));
  return [...ofCluster, ...poolConflicts(given)];
}

function differ(a: unknown, b: unknown, name: string): boolean {
  if (a === undefined || b === undefined) return false;
  return name === "custom_san" ? !sameItems(String(a), String(b)) : !isDeepStrictEqual(a, b);
}

const sameItems = (a: string, b: string): boolean =>
  isDeepStrictEqual(commaItems(a).toSorted(), commaItems(b).toSorted());

const conflict = (parameter: string, value: unknown, newer: string): Violation => ({
  parameter,
  value,
  rule: `must be the same as ${newer}, which says it too`,
  wayOut: "leave one of them out",
});

type Group = NonNullable<DeepPartial<NodePoolBody>["scaling_group"]>;

const workerSpellings: readonly (readonly [keyof GivenBody & string, keyof Group & string])[] = [
  ["worker_instance_types", "instance_types"],
  ["worker_system_disk_category", "system_disk_category"],
  ["worker_system_disk_size", "system_disk_size"],
  ["worker_system_disk_performance_level", "system_disk_performance_level"],
  ["worker_system_disk_snapshot_policy_id", "system_disk_snapshot_policy_id"],
  ["worker_data_disks", "data_disks"],
  ["worker_instance_charge_type", "instance_charge_type"],
  ["worker_period_unit", "period_unit"],
  ["worker_period", "period"],
  ["worker_auto_renew", "auto_renew"],
  ["worker_auto_renew_period", "auto_renew_period"],
];

/** Newer clients put the workers into node pools; a body that describes them in both places has to say the same. */
function poolConflicts(given: GivenBody): Violation[] {
  const pools = given.nodepools ?? [];
  const differing = pools.flatMap(({ scaling_group: group = {} }, index) =>
    workerSpellings
      .filter(([flat, newer]) => differ(given[flat], group[newer], flat))
      .map(([flat, newer]) => conflict(flat, given[flat], `nodepools[${index}].scaling_group.${newer}`)),
  );
  const asked = pools.map((pool) => pool.count ?? pool.scaling_group?.desired_size);
  const sizes = asked.flatMap((size, index) => (size === undefined ? [] : [{ size, index }]));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (!given.num_of_nodes || sizes.length === 0 || given.num_of_nodes === total) return differing;
  const places = sizes.map(({ index }) => `nodepools[${index}]`).join(" and ");
  return [...differing, conflict("num_of_nodes", given.num_of_nodes, `the number of nodes of ${places} (${total})`)];
}
