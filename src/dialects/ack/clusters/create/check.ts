import type { Violation } from "../../../common/errors/violations.ts";
import { givenParameters, unknownFields } from "../../../common/parameters/given.ts";
import { refuseUnlisted, refuseVersion } from "../../../common/parameters/unlisted.ts";
import { checkValues, missingMembers, refuseUnknown } from "../../../common/parameters/value-check.ts";

import type { Kind } from "./kind.ts";
import { addonRules } from "./rules/add-on-rules.ts";
import { billingRules } from "./rules/billing-rules.ts";
import { networkRules } from "./rules/network-rules.ts";
import { nodeRules } from "./rules/node-rules.ts";
import type { Rule } from "./rules/rule.ts";
import { spellingConflicts, withOneSpelling } from "./rules/spellings.ts";

import { createClusterParameters, type GivenBody, kindOf } from "./table/table.ts";

/** How strict the check is. */
export interface CheckOptions {
  /** Whether parameters, versions and values that no list has are refused. */
  strict: boolean;
}

const waysOut: Readonly<Record<string, string>> = {
  cluster_type: "ManagedKubernetes or Kubernetes",
};

const rules: readonly Rule[] = [...networkRules, ...addonRules, ...nodeRules, ...billingRules];

/**
 * What is wrong with a body of CreateCluster beyond its schema: every violation, once. A body that has not passed the
 * schema may be given too; its values of a wrong type are passed over.
 */
export function checkCreateCluster(body: unknown, { strict }: CheckOptions = { strict: false }): Violation[] {
  const given = givenParameters(createClusterParameters, body);
  const kind = kindOf(given.cluster_type);
  return [
    ...missingMembers(createClusterParameters, given, "", waysOut),
    ...checkClusterType(given),
    ...checkValues(createClusterParameters, given, kind),
    ...(kind ? checkTogether(given, kind) : []),
    ...(strict ? unknownFields(createClusterParameters, body).map(refuseUnknown) : []),
    ...(strict ? refuseUnlisted(createClusterParameters, given) : []),
    ...(strict ? refuseVersion("ack", "kubernetes_version", given.kubernetes_version) : []),
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
