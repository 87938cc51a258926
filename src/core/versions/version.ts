import { cloudOf } from "../clouds/index.ts";
import type { DialectName } from "../clusters/cluster.ts";

/** A Kubernetes version as a vendor writes it, read into its parts. */
export interface VendorVersion {
  /** e.g. `1.18`. */
  minor: string;
  /** Undefined where the text leaves it open. */
  patch: number | undefined;
  /** Number of the vendor's own build of that patch: n of `-aliyun.n` or `-rn`; undefined where none is named. */
  build: number | undefined;
  /** The Kubernetes part: `x.y.z`, or `x.y` where the patch is open. */
  kubernetes: string;
}

/** Reads a version as the vendor of a dialect writes it; undefined where the text is none. */
export function parseVendorVersion(dialect: DialectName, text: string): VendorVersion | undefined {
  const match = cloudOf(dialect).versionForm.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch, build] = match;
  return {
    minor: `${major}.${minor}`,
    patch: patch === undefined ? undefined : Number(patch),
    build: build === undefined ? undefined : Number(build),
    kubernetes: [major, minor, patch].filter((part) => part !== undefined).join("."),
  };
}
