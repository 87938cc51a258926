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

/** The vendors whose versions are known here, by their dialects' names. */
export type VersionedVendor = "ack" | "cce";

const number = "(0|[1-9]\\d{0,3})";

/**
 * How each vendor writes versions. ACK: `1.18.8-aliyun.1`, and plain `1.18.8` and `1.18`. CCE: `v1.7`, `v1.7.3` and
 * `v1.7.3-r13`.
 */
const forms: Readonly<Record<VersionedVendor, RegExp>> = {
  ack: new RegExp(`^${number}\\.${number}(?:\\.${number}(?:-aliyun\\.${number})?)?$`),
  cce: new RegExp(`^v${number}\\.${number}(?:\\.${number}(?:-r${number})?)?$`),
};

/** Reads a version as a vendor writes it; undefined where the text is none. */
export function parseVendorVersion(dialect: VersionedVendor, text: string): VendorVersion | undefined {
  const match = forms[dialect].exec(text);
  if (!match) return undefined;
  const [, major, minor, patch, build] = match;
  return {
    minor: `${major}.${minor}`,
    patch: patch === undefined ? undefined : Number(patch),
    build: build === undefined ? undefined : Number(build),
    kubernetes: [major, minor, patch].filter((part) => part !== undefined).join("."),
  };
}
