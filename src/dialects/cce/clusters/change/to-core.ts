import { isDeepStrictEqual } from "node:util";
import type { ClusterChange } from "../../../../core/clusters/change.ts";
import type { Cluster } from "../../../../core/clusters/cluster.ts";
import { isObject } from "../../../common/json-values.ts";
import type { Given } from "../../../common/parameters/parameter.ts";
import type { updateClusterParameters } from "./body.ts";
import { allRanges, rangesOf, subnetsOf } from "./range-rules.ts";

/** What an update asks for. @param given what its body sets; what is left out stays as it is */
export function toClusterChange(
  { dialect, spec: current }: Cluster,
  { metadata, spec = {} }: Given<typeof updateClusterParameters>,
): ClusterChange {
  const ranges = rangesOf(spec);
  const subnets = subnetsOf(spec);
  return {
    spec: {
      alias: metadata?.alias,
      description: spec.description,
      deletionProtection: spec.deletionProtection,
      apiServer: { extraSans: spec.customSan },
      network: {
        morePodCidrs: ranges && allRanges(current.network, ranges).slice(1),
        podVswitchIds: subnets && [...new Set(subnets)],
        securityGroupId: spec.hostNetwork?.SecurityGroup,
      },
    },
    request: dialect === "cce" ? keep(spec) : undefined,
  };
}

/** Members that are only kept and shown; undefined where there are none. */
function keep({ agencyName, enableAutoResizing }: Given<typeof updateClusterParameters.spec.members>) {
  const kept = Object.entries({ agencyName, enableAutoResizing }).filter(([, value]) => value !== undefined);
  if (kept.length === 0) return undefined;
  return (current: Cluster["request"]): Cluster["request"] => ({
    ...current,
    spec: { ...(current.spec as object), ...Object.fromEntries(kept) },
  });
}

/** Whether a change is of the protection from deletion alone, which a cluster that failed needs to be removed. */
export const concernsProtectionAlone = (change: ClusterChange): boolean =>
  isDeepStrictEqual(placesIn(change), ["spec.deletionProtection"]);

/** Where a change says something. */
const placesIn = (change: object): string[] =>
  Object.entries(change).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return isObject(value) ? placesIn(value).map((below) => `${name}.${below}`) : [name];
  });
