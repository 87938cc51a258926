import { isDeepStrictEqual } from "node:util";
import type { Spelling } from "../../../common/parameters/spellings.ts";
import { commaItems } from "./value-rules.ts";

/** In dedicated clusters `control_plane_config` of newer clients says what `master_*` does; in managed ones nothing. */
const ofMasters = (place: string, member: string): Spelling => ({
  place,
  other: `control_plane_config.${member}`,
  kind: "dedicated",
});

const sameItems = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(commaItems(String(one)).toSorted(), commaItems(String(other)).toSorted());

/** What newer and older clients say elsewhere than the documents. */
export const spellings: readonly Spelling[] = [
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
  { place: "enable_rrsa", other: "rrsa_config.enabled" },
  { place: "custom_san", other: "extra_sans", as: (names) => (names as string[]).join(","), isSame: sameItems },
  { place: "vswitch_ids", other: "worker_vswitch_ids" },
  { place: "zone_ids[0]", other: "zone_id", mayDiffer: true },
  { place: "worker_data_disks[0].category", other: "worker_data_disk_category", mayDiffer: true },
  { place: "worker_data_disks[0].size", other: "worker_data_disk_size", mayDiffer: true },
];
