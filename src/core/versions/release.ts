/** A minor version of Kubernetes as a vendor offers it, or once did. */
export interface KubernetesRelease {
  /** e.g. `1.18`. */
  minor: string;
  /** The vendor's own versions of that minor, oldest first: `1.20.4-aliyun.1`. Never empty. */
  versions: readonly [string, ...string[]];
  /** Day of its release, e.g. `2020-09-01`; undefined where it is not known. */
  released: string | undefined;
  /** Last day of the vendor's support; undefined where it is not known. */
  expires: string | undefined;
  /** Container runtimes that its nodes can have. */
  runtimes: readonly { name: string; version: string }[];
}
