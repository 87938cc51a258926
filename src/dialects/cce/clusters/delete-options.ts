import { refuseAny, type Violation } from "../../common/errors/violations.ts";

/** What becomes of what a cloud has made beside a cluster: the default, and what else may be asked for. */
export const fates = ["true", "block", "try", "false", "skip"];

/** The options of DeleteCluster: the values that each may have, and what it has where it is left out. */
const options: Readonly<Record<string, { values: readonly string[]; usual?: string }>> = {
  delete_efs: { values: fates, usual: "skip" },
  delete_eni: { values: fates, usual: "block" },
  delete_evs: { values: fates, usual: "skip" },
  delete_net: { values: fates, usual: "block" },
  delete_obs: { values: fates, usual: "skip" },
  delete_sfs: { values: fates, usual: "skip" },
  delete_sfs30: { values: fates, usual: "skip" },
  lts_reclaim_policy: {
    values: [...fates, "Delete_Log_Group", "Delete_Master_Log_Stream", "Retain"],
    usual: "skip",
  },
  ondemand_node_policy: { values: ["delete", "reset", "retain"] },
  periodic_node_policy: { values: ["reset", "retain"] },
};

/** The words that stand for others. */
const meanings: Readonly<Record<string, string>> = { true: "block", false: "skip" };

/**
 * The options of a deletion as the answer repeats them: each with what it comes to. Clusters here have no disks, buckets or
 * interfaces outside of them, so there is nothing that could be left, or stand in the way.
 * @param query as it was sent; an empty text means "not set"
 * @throws {RefusedRequest} that names every option with a value that it cannot have
 */
export function toDeleteOptions(query: Readonly<Record<string, string | undefined>>): object[] {
  const violations = Object.entries(options).flatMap(([parameter, { values }]): Violation[] => {
    const value = query[parameter];
    return !value || values.includes(value) ? [] : [{ parameter, value, rule: `must be one of ${values.join(", ")}` }];
  });
  refuseAny(violations);
  return Object.entries(options).flatMap(([name, { usual }]) => {
    const value = query[name] || usual;
    return usual && value ? [{ [name]: meanings[value] ?? value }] : [];
  });
}
