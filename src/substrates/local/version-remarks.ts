import { covers, type VersionRange } from "../../kubernetes/components/command.ts";
import type { ClusterPlan } from "../substrate.ts";

/** Something that a cluster can be asked for and a version of Kubernetes has not. */
interface VersionRemark {
  /** The versions that it is about. */
  versions: VersionRange;
  /** Whether the plan has anything of it. */
  concerns(plan: ClusterPlan): boolean;
  /** What the user is told, with the change that made it so. */
  sentence: string;
}

/**
 * What was asked for is made all the same, as far as it can be: a request of many years ago asks for what nobody has
 * any more.
 */
const remarks: readonly VersionRemark[] = [
  {
    versions: { since: "1.24" },
    concerns: ({ nodes }) => nodes.some(({ system }) => system.containerRuntimeVersion.startsWith("docker:")),
    sentence:
      "Kubernetes has no Docker since 1.24 (dockershim was removed, KEP-2221): a kubelet of this version would use containerd. The nodes say docker, as was asked for.",
  },
];

/** What the user has to know of a plan that is made with a version: what that version does not have. */
export const versionRemarks = (plan: ClusterPlan, version: string): string[] =>
  remarks
    .filter(({ versions, concerns }) => covers(versions, version) && concerns(plan))
    .map(({ sentence }) => sentence);
