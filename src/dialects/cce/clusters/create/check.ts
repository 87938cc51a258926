import type { Violation } from "../../../common/errors/violations.ts";
import { givenParameters, unknownFields } from "../../../common/parameters/given.ts";
import { refuseVersion } from "../../../common/parameters/unlisted.ts";
import { checkMaps, checkValues, missingMembers, refuseUnknown } from "../../../common/parameters/value-check.ts";
import { misspelt, spellingConflicts } from "./normalise.ts";
import { authenticationRules } from "./rules/authentication-rules.ts";
import { controlPlaneRules } from "./rules/control-plane-rules.ts";
import { networkRules } from "./rules/network-rules.ts";
import type { Rule } from "./rules/rule.ts";
import { settingsRules } from "./rules/settings-rules.ts";
import { createClusterParameters } from "./table/table.ts";

/** How strict the check is. */
export interface CheckOptions {
  /** Whether parameters and versions that no list has are refused. */
  strict: boolean;
}

const waysOut: Readonly<Record<string, string>> = {
  kind: "Cluster",
  apiVersion: "v3",
  metadata: "it has the cluster's name",
  "metadata.name": "name the cluster",
  spec: "it has what is wanted of the cluster",
  "spec.flavor": "e.g. cce.s1.small, or cce.s2.small for three control-plane members",
  "spec.hostNetwork": "it has the VPC and the subnet of the nodes",
  "spec.hostNetwork.vpc": "name the VPC of the nodes; an unknown one is registered",
  "spec.hostNetwork.subnet": "name the subnet of the nodes; an unknown one is registered",
  "spec.containerNetwork": "it has the mode of the container network",
  "spec.containerNetwork.mode": "overlay_l2, underlay_ipvlan, vpc-router or eni",
};

const rules: readonly Rule[] = [...controlPlaneRules, ...networkRules, ...authenticationRules, ...settingsRules];

/**
 * What is wrong with a body of CreateCluster beyond its schema: every violation, once. A body that has not passed the
 * schema may be given too; its values of a wrong type are passed over.
 * @param body in the right spelling, see `normaliseBody`
 */
export function checkCreateCluster(body: unknown, { strict }: CheckOptions = { strict: false }): Violation[] {
  const given = givenParameters(createClusterParameters, body);
  const found = [
    ...spellingConflicts(body),
    ...missingMembers(createClusterParameters, given),
    ...checkValues(createClusterParameters, given, undefined),
    ...checkMaps(createClusterParameters, body),
    ...rules.flatMap((rule) => rule(given.spec ?? {})),
    ...(strict
      ? [...unknownParameters(body).map(refuseUnknown), ...refuseVersion("cce", "spec.version", given.spec?.version)]
      : []),
  ];
  return found.map(withWayOut);
}

const withWayOut = (violation: Violation): Violation =>
  violation.missing ? { ...violation, wayOut: violation.wayOut ?? waysOut[violation.parameter] } : violation;

/** A known parameter in another spelling is not an unknown one. */
function unknownParameters(body: unknown): string[] {
  const known = new Set(misspelt(body).map(({ written }) => written));
  return unknownFields(createClusterParameters, body).filter((name) => !known.has(name));
}
