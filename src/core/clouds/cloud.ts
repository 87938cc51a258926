import type { KubernetesRelease } from "../versions/release.ts";

/**
 * The facts of a vendor's cloud that do not depend on its HTTP API: plain data and pure functions. What a dialect says, and
 * how, is the dialect's own; what its vendor sells and how it names things, tasks and the core have to know as well.
 */
export interface Cloud {
  /** What the vendor offers of Kubernetes, or once did, oldest first; empty where that is not known. */
  releases: readonly KubernetesRelease[];
  /** How it writes versions: the groups are major, minor, patch and the number of its own build. */
  versionForm: RegExp;
}
