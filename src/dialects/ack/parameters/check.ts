import type { Violation } from "../violations.ts";
import { givenParameters, unknownFields } from "./given.ts";
import type { Kind } from "./parameter.ts";
import { addonRules } from "./rules/add-on-rules.ts";
import { billingRules } from "./rules/billing-rules.ts";
import { networkRules } from "./rules/network-rules.ts";
import { nodeRules } from "./rules/node-rules.ts";
import type { Rule } from "./rules/rule.ts";
import { spellingConflicts, withOneSpelling } from "./rules/spellings.ts";
import { checkRequired, checkValues } from "./rules/value-check.ts";
import { type GivenBody, kindOf } from "./table/table.ts";

/** How strict the check is. */
export interface CheckOptions {
  /** Whether parameters that are not in the table are refused. */
  strict: boolean;
}

const rules: readonly Rule[] = [...networkRules, ...addonRules, ...nodeRules, ...billingRules];

/**
 * What is wrong with a body of CreateCluster beyond its schema: every violation, once. A body that has not passed the
 * schema may be given too; its values of a wrong type are passed over.
 */
export function checkCreateCluster(body: unknown, { strict }: CheckOptions = { strict: false }): Violation[] {
  const given = givenParameters(body);
  const kind = kindOf(given.cluster_type);
  return [
    ...checkRequired(given),
    ...checkClusterType(given),
    ...checkValues(given, kind),
    ...(kind ? checkTogether(given, kind) : []),
    ...(strict ? unknownFields(body).map(refuseUnknown) : []),
  ];
}

/** Registered clusters are known to the API, and their parameters to none of the documents. */
function checkClusterType({ cluster_type: value }: GivenBody): Violation[] {
  if (value !== "ExternalKubernetes") return [];
  return [
    {
      parameter: "cluster_type",
      value,
      rule: "cannot be made here",
      wayOut: "registered clusters are not supported; ask for ManagedKubernetes or Kubernetes",
    },
  ];
}

function checkTogether(given: GivenBody, kind: Kind): Violation[] {
  const context = { ...withOneSpelling(given, kind), kind };
  return [...spellingConflicts(given, kind), ...rules.flatMap((rule) => rule(context))];
}

const refuseUnknown = (parameter: string): Violation => ({
  parameter,
  rule: "is not a known parameter",
  wayOut: "remove it, or set SAMPAN_VALIDATION=lenient to have it recorded",
});

/**
 * The violations of a body that its schema found and those that the other rules found, without what is said twice.
 * @param ofSchema from the schema's validator, see `toViolations`
 */
export function allViolations(ofSchema: readonly Violation[], ofRules: readonly Violation[]): Violation[] {
  const named = new Set(ofSchema.map(({ parameter }) => parameter));
  // A value of a wrong type is passed over by the rules, which then take it for missing.
  return [...ofSchema, ...ofRules.filter(({ parameter }) => ![...named].some((name) => isWithin(parameter, name)))];
}

/** Whether a place is another one or inside of it. */
const isWithin = (place: string, outer: string): boolean =>
  place === outer || place.startsWith(`${outer}.`) || place.startsWith(`${outer}[`);
