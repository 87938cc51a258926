import { isDeepStrictEqual } from "node:util";
import { saidTwice } from "../../../../common/parameters/spellings.ts";
import type { GivenBody } from "../table/table.ts";
import type { Rule } from "./rule.ts";

type Group = NonNullable<NonNullable<GivenBody["nodepools"]>[number]["scaling_group"]>;

/** What is said of workers by the documents' parameters, and of a node pool's nodes by its own. */
const sameInPools: readonly (readonly [keyof GivenBody & string, keyof Group & string])[] = [
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
const nodes: Rule = ({ given }) =>
  (given.nodepools ?? []).flatMap(({ scaling_group: group = {} }, index) =>
    sameInPools
      .filter(([flat, own]) => given[flat] !== undefined && group[own] !== undefined)
      .filter(([flat, own]) => !isDeepStrictEqual(given[flat], group[own]))
      .map(([flat, own]) => saidTwice(flat, given[flat], `nodepools[${index}].scaling_group.${own}`)),
  );

const sizes: Rule = ({ given }) => {
  const asked = (given.nodepools ?? []).map((pool) => pool.count ?? pool.scaling_group?.desired_size);
  const known = asked.flatMap((size, index) => (size === undefined ? [] : [{ size, index }]));
  const total = known.reduce((sum, { size }) => sum + size, 0);
  if (!given.num_of_nodes || known.length === 0 || given.num_of_nodes === total) return [];
  const places = known.map(({ index }) => `nodepools[${index}]`).join(" and ");
  return [saidTwice("num_of_nodes", given.num_of_nodes, `the number of nodes of ${places} (${total})`)];
};

/** The rules of what is said of workers and of node pools. */
export const poolRules: readonly Rule[] = [nodes, sizes];
