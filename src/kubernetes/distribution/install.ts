import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "../../machine/files.ts";
import { isIntact, listInstalled, makeStaging, publish, removeLeftovers } from "./cache.ts";
import {
  type Distribution,
  type DistributionOptions,
  type ExecutableName,
  executableNames,
  type InstallProgress,
  SourceUnavailableError,
  type VersionPolicy,
} from "./distribution.ts";
import { takeInstallLock } from "./lock.ts";
import { resolveVersion } from "./resolve.ts";
import { debianSource } from "./sources/debian.ts";
import { goSource } from "./sources/go.ts";
import { pathSource } from "./sources/path.ts";
import { releaseSource } from "./sources/release.ts";
import type { OfferRequest, Source, SourceRequest } from "./sources/source.ts";
import { verifyExecutables } from "./verify.ts";

/** The sources in the order in which they are tried. */
export const allSources: readonly Source[] = [pathSource, releaseSource, goSource, debianSource];

/** What an installation may use besides its request. */
export interface InstallContext extends InstallProgress {
  /** `strict` (default) installs just the version that is asked for; `nearest` also the nearest that a source has. */
  policy?: VersionPolicy;
  /** Keeps what a compiler has made, for the next version. */
  keepCache?: boolean;
  /** Brings the tools for etcd's data, too, which no cluster needs, from sources that have them. */
  withTools?: boolean;
  /** Those to be tried instead of all. */
  sources?: readonly Source[];
  /** Looks once more, when its turn has come, whether an installation is still needed. */
  satisfiedBy?(installed: readonly Distribution[]): Distribution | undefined;
}

/** No source gave a distribution. The message says what was tried, why each failed, and what to do. */
export class DistributionUnavailableError extends Error {
  override name = "DistributionUnavailableError";
}

/**
 * Installs a distribution from the first source that has it, or finds it installed. Two at once are safe: the second
 * waits and finds what the first made.
 *
 * @param version `x.y.z`, `x.y`, or undefined for the newest that the first source able to give one has.
 * @throws {DistributionUnavailableError} where no source has it; the signal's reason on abort.
 */
export async function installDistribution(
  options: DistributionOptions,
  version: string | undefined,
  context: InstallContext,
): Promise<Distribution> {
  // An ill-written version is refused before anything is waited for.
  resolveVersion(version, []);
  await mkdir(options.directory, { recursive: true });
  const lock = await takeInstallLock(options.directory, context);
  const progress: InstallProgress = {
    signal: context.signal,
    report(message) {
      context.report(message);
      lock.announce(message);
    },
  };
  try {
    await removeLeftovers(options.directory);
    const present = context.satisfiedBy?.(await listInstalled(options.directory));
    if (present) return present;
    const request = { options, requested: version, policy: context.policy ?? ("strict" as const) };
    return await installFromSources(context, request, progress);
  } finally {
    await lock.release();
  }
}

/** Tries one source after the other; the caller holds the lock. */
async function installFromSources(
  { sources = allSources, keepCache = false, withTools = false }: InstallContext,
  request: Omit<OfferRequest, "staging">,
  progress: InstallProgress,
): Promise<Distribution> {
  const failures: { source: Source; error: unknown }[] = [];
  for (const source of sources) {
    try {
      return await installFrom(source, { ...request, keepCache, withTools }, progress);
    } catch (error) {
      progress.signal?.throwIfAborted();
      // A folder that the user named is meant: going on to another source would hide the mistake.
      if (source.name === "path" && request.options.path !== undefined && !(error instanceof UnfitOfferError))
        throw error;
      progress.report(`Not from ${source.name}: ${reason(error)}`);
      failures.push({ source, error });
    }
  }
  const what = request.requested === undefined ? "Kubernetes" : `Kubernetes ${request.requested}`;
  const tried = failures.map(({ source, error }) => `${source.name}: ${reason(error)}`).join(". ");
  throw new DistributionUnavailableError(
    `No distribution of ${what} could be had. Tried ${tried}. To go on, name a folder that holds ${executableNames.join(", ")} with SAMPAN_DISTRIBUTION_PATH, or name a mirror in reach with SAMPAN_KUBERNETES_RELEASE_URL and SAMPAN_ETCD_RELEASE_URL, or install Go 1.21 or newer where a Go module proxy can be reached, or run where a Debian 12 mirror can be.`,
    { cause: failures.map(({ error }) => error) },
  );
}

/** A source works but has not got the version asked for. */
class UnfitOfferError extends SourceUnavailableError {}

async function installFrom(
  source: Source,
  request: Omit<SourceRequest, "version" | "staging">,
  progress: InstallProgress,
): Promise<Distribution> {
  const staging = await makeStaging(request.options.directory);
  try {
    return await installInto(staging, source, request, progress);
  } finally {
    await removeTree(staging);
  }
}

async function installInto(
  staging: string,
  source: Source,
  request: Omit<SourceRequest, "version" | "staging">,
  progress: InstallProgress,
): Promise<Distribution> {
  const { directory } = request.options;
  const version = await source.offer({ ...request, staging }, progress);
  if (request.policy === "strict" && !resolveVersion(request.requested, [version])?.exact) {
    throw new UnfitOfferError(`it has only ${version}`);
  }
  const installed = await listInstalled(directory);
  const same = installed.find((one) => one.version === version && one.source === source.name);
  // What `path` notes down costs nothing to note down again, and the folder may be another one now.
  if (same && source.name !== "path") {
    if (await isIntact(directory, same)) return same;
    progress.report(`Kubernetes ${version} (${source.name}) is not as it was installed, and is installed again`);
  }

  const executables = requireAll(await source.fetch({ ...request, version, staging }, progress));
  progress.report("Checking the executables");
  const verified = await verifyExecutables(executables, progress.signal);
  if (verified.version !== version) {
    throw new SourceUnavailableError(`it promised Kubernetes ${version} and gave ${verified.version}`);
  }
  progress.report(`Kubernetes ${version} with etcd ${verified.etcdVersion} is ready`);
  await removeTree(join(staging, "work"));
  return publish(directory, staging, { ...verified, source: source.name, executables });
}

function requireAll(executables: Partial<Record<ExecutableName, string>>): Record<ExecutableName, string> {
  const missing = executableNames.filter((name) => executables[name] === undefined);
  if (missing.length > 0) throw new SourceUnavailableError(`it gave no ${missing.join(", ")}`);
  return executables as Record<ExecutableName, string>;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
