/** The executables of a control plane, and `kubectl`. All five make a distribution. */
export const executableNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
] as const;

export type ExecutableName = (typeof executableNames)[number];

/** Where a distribution can come from, in the order in which the sources are tried. */
export const sourceNames = ["path", "release", "go", "debian"] as const;

export type SourceName = (typeof sourceNames)[number];

/** The executables of one Kubernetes version with their etcd, ready to be run. */
export interface Distribution {
  /** Kubernetes version as `x.y.z`, e.g. `1.20.2`. */
  version: string;
  /** Version of etcd as `x.y.z`, e.g. `3.4.23`. */
  etcdVersion: string;
  source: SourceName;
  /** Folder that holds the executables; where `path` found them in several folders, that of `kube-apiserver`. */
  directory: string;
  /** Absolute path of each executable. */
  executables: Record<ExecutableName, string>;
}

/** Settings of the distributions. */
export interface DistributionOptions {
  /** The cache: one folder for every `SAMPAN_HOME` (`SAMPAN_DISTRIBUTION_DIR`). */
  directory: string;
  /** Folder with executables of the user's own (`SAMPAN_DISTRIBUTION_PATH`); undefined looks on `PATH`. */
  path?: string | undefined;
  /** Whether a version that is asked for and can be had is installed first, instead of the nearest installed one (`SAMPAN_AUTO_INSTALL`). */
  autoInstall?: boolean;
  /** Base address of Kubernetes' release files (`SAMPAN_KUBERNETES_RELEASE_URL`). */
  kubernetesReleaseUrl: string;
  /** Base address of etcd's release files (`SAMPAN_ETCD_RELEASE_URL`). */
  etcdReleaseUrl: string;
}

/** `nearest` takes the nearest version there is; `strict` only the one asked for. */
export type VersionPolicy = "nearest" | "strict";

/** How an installation tells what it does, and how it is stopped. */
export interface InstallProgress {
  /** Takes one line of progress for people. A line that goes on with a step repeats the words before its `: `. */
  report(message: string): void;
  /** Fires to give up: children are ended, and nothing half-made is kept. */
  signal?: AbortSignal | undefined;
}

/** A source cannot give a distribution here. The message is the reason, for the user. */
export class SourceUnavailableError extends Error {
  override name = "SourceUnavailableError";
}
