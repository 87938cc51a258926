import { tmpdir } from "node:os";
import { type ExecutableName, executableNames, SourceUnavailableError } from "./distribution.ts";
import { runCommand } from "./run-command.ts";
import { compareVersions, parseVersion } from "./version.ts";

/** What executables say of themselves. */
export interface VerifiedVersions {
  /** Kubernetes version of the API server, `x.y.z`. */
  version: string;
  /** Version of etcd, `x.y.z`. */
  etcdVersion: string;
}

/** How long one executable may take to tell its version, in milliseconds; a first run reads 100 MB from disk. */
const verifyTimeoutMs = 60_000;

/** Arguments that make each executable print its version: `kubectl` has no `--version`. */
const versionArguments: Record<ExecutableName, readonly string[]> = {
  etcd: ["--version"],
  "kube-apiserver": ["--version"],
  "kube-controller-manager": ["--version"],
  "kube-scheduler": ["--version"],
  kubectl: ["version", "--client"],
};

/** Executables that must be of one minor version, as one release has them. */
const ofOneMinor: readonly ExecutableName[] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/**
 * The first release of each line of etcd without the fault that a member which stands alone can answer a write before
 * it is on disk, so that a crash loses it (etcd-io/etcd#14370). Lines that are not listed: older ones have the fault,
 * newer ones do not.
 */
const firstDurableEtcd: readonly string[] = ["3.4.21", "3.5.5"];

/**
 * Runs every executable for its version.
 *
 * @param executables absolute paths.
 * @throws {SourceUnavailableError} where one does not run, where they do not belong together, or where etcd is too old.
 */
export async function verifyExecutables(
  executables: Readonly<Record<ExecutableName, string>>,
  signal?: AbortSignal,
): Promise<VerifiedVersions> {
  const found = await Promise.all(
    executableNames.map(async (name) => [name, await versionOf(name, executables[name], signal)] as const),
  );
  const versions = Object.fromEntries(found) as Record<ExecutableName, string>;
  const minors = ofOneMinor.map((name) => parseVersion(versions[name]).slice(0, 2).join("."));
  if (new Set(minors).size > 1) {
    const list = ofOneMinor.map((name) => `${name} ${versions[name]}`).join(", ");
    throw new SourceUnavailableError(
      `the executables are of different Kubernetes versions (${list}); put those of one release together`,
    );
  }
  requireDurableEtcd(versions.etcd, executables.etcd);
  return { version: versions["kube-apiserver"], etcdVersion: versions.etcd };
}

/** @throws {SourceUnavailableError}, saying why, for an etcd that can lose an acknowledged write. */
export function requireDurableEtcd(version: string, path: string): void {
  if (isDurableEtcd(version)) return;
  throw new SourceUnavailableError(
    `${path} is etcd ${version}, which can lose a write that it has acknowledged when a single member crashes; use 3.4.21, 3.5.5 or newer`,
  );
}

function isDurableEtcd(version: string): boolean {
  const [major, minor] = parseVersion(version);
  const ofLine = firstDurableEtcd.find((first) => first.startsWith(`${major}.${minor}.`));
  return compareVersions(version, ofLine ?? "3.6.0") >= 0;
}

async function versionOf(name: ExecutableName, path: string, signal?: AbortSignal): Promise<string> {
  const lines = await runCommand(path, versionArguments[name], {
    cwd: tmpdir(),
    signal,
    timeoutMs: verifyTimeoutMs,
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new SourceUnavailableError(`${path} does not run on this machine: ${String((error as Error).message)}`);
  });
  const version = /(\d+\.\d+\.\d+)/.exec(lines.join("\n"))?.[1];
  if (version) return version;
  throw new SourceUnavailableError(`${path} does not tell its version (it printed "${lines[0] ?? ""}")`);
}
