import { missing } from "../../../../common/parameters/value-check.ts";
import type { Rule } from "./rule.ts";

/** A subscription needs its unit. The period has a default, and so have the renewals of masters. */
const masters: Rule = ({ body, kind, nameOf }) => {
  if (kind === "managed" || body.master_instance_charge_type !== "PrePaid" || body.master_period_unit) return [];
  // A client that says how the masters are paid for in the newer way is asked for the unit in that way.
  const isNewer = nameOf("master_instance_charge_type") !== "master_instance_charge_type";
  return [
    missing(isNewer ? "control_plane_config.period_unit" : "master_period_unit", "a subscription has a unit: Month"),
  ];
};

/** The documents give renewals of workers no default. */
const workers: Rule = ({ body }) => {
  if (body.worker_instance_charge_type !== "PrePaid") return [];
  const unit = body.worker_period_unit ? [] : [missing("worker_period_unit", "a subscription has a unit: Month")];
  if (!body.worker_auto_renew || body.worker_auto_renew_period) return unit;
  return [...unit, missing("worker_auto_renew_period", "give 1, 2, 3, 6 or 12 months, or worker_auto_renew false")];
};

/** The rules of how masters and workers are paid for. */
export const billingRules: readonly Rule[] = [masters, workers];
