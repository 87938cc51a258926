/**
 * What a stage of a task is about, in words that are the same for every substrate. Dialects name stages by them, so that no
 * substrate's own names are in a dialect.
 * - `network`: addresses; `distribution`: the programs; `certificates`: keys, and what is kept of a cluster in files
 * - `etcd`, `control-plane`: the members' components; `endpoint`: where clients reach them
 * - `add-ons`: the objects that stand in the cluster; `nodes`: its workers
 */
export type StageKind =
  | "network"
  | "distribution"
  | "certificates"
  | "etcd"
  | "control-plane"
  | "endpoint"
  | "add-ons"
  | "nodes";
