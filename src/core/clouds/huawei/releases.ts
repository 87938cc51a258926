import type { KubernetesRelease } from "../../versions/release.ts";

/** Minor versions of CCE: those of the documents (1.7 and 1.9), and those that the vendor's pages have had since. */
const minors = "1.7 1.9 1.11 1.13 1.15 1.17 1.19 1.21 1.23 1.25 1.27 1.28 1.29 1.30 1.31 1.32 1.33 1.34";

/** What CCE offers, or once did, oldest first. It is asked for by the minor alone. */
export const releases: readonly KubernetesRelease[] = minors.split(" ").map((minor) => ({
  minor,
  versions: [`v${minor}`],
  released: undefined,
  expires: undefined,
  runtimes: [],
}));
