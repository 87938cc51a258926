import { listInstalled } from "./cache.ts";
import type { Distribution, DistributionOptions, InstallProgress, VersionPolicy } from "./distribution.ts";
import { DistributionUnavailableError, type InstallContext, installDistribution } from "./install.ts";
import { resolveVersion } from "./resolve.ts";
import { locateExecutables, pathSource } from "./sources/path.ts";
import { parseRequestedVersion } from "./version.ts";

/** A distribution, and whether it is the version that was asked for. */
export interface EnsuredDistribution {
  distribution: Distribution;
  exact: boolean;
}

/**
 * Gives a distribution for a request: the best-fitting of those installed, without a look at any source, so that it is
 * quick and the same each time; and installs one where none fits. A folder that the user names counts as installed. With
 * `autoInstall` what is asked for is installed first, where it can be had.
 *
 * @param requested `x.y.z`, `x.y`, or undefined for the newest.
 * @throws {DistributionUnavailableError} where none can be had; the signal's reason on abort.
 */
export async function ensureDistribution(
  options: DistributionOptions,
  requested: string | undefined,
  policy: VersionPolicy,
  context: InstallProgress & Pick<InstallContext, "sources">,
): Promise<EnsuredDistribution> {
  if (options.path !== undefined) await notePath(options, context);
  else if (options.autoInstall && requested !== undefined) await installAsked(options, requested, policy, context);
  const choose = (installed: readonly Distribution[]) => choice(installed, requested, policy);
  const distribution =
    choose(await listInstalled(options.directory)) ??
    (await installDistribution(options, requested, { ...context, policy, satisfiedBy: choose }));
  return { distribution, exact: resolveVersion(requested, [distribution.version])?.exact === true };
}

/**
 * Installs the very version that is asked for, or else another patch of it, unless such a one is installed. Where neither can
 * be had, what is installed has to do.
 */
async function installAsked(
  options: DistributionOptions,
  requested: string,
  policy: VersionPolicy,
  context: InstallProgress & Pick<InstallContext, "sources">,
): Promise<void> {
  const { major, minor } = parseRequestedVersion(requested);
  const wishes = policy === "strict" ? [requested] : [...new Set([requested, `${major}.${minor}`])];
  for (const wish of wishes) {
    const isThere = (installed: readonly Distribution[]) => choice(installed, wish, "strict");
    if (isThere(await listInstalled(options.directory))) return;
    try {
      await installDistribution(options, wish, { ...context, policy: "strict", satisfiedBy: isThere });
      return;
    } catch (error) {
      if (!(error instanceof DistributionUnavailableError)) throw error;
      context.report(`Kubernetes ${wish} is not to be had here`);
    }
  }
}

/** The usable distributions, the oldest version first. */
export function listDistributions({ directory }: Pick<DistributionOptions, "directory">): Promise<Distribution[]> {
  return listInstalled(directory);
}

function choice(
  installed: readonly Distribution[],
  requested: string | undefined,
  policy: VersionPolicy,
): Distribution | undefined {
  const answer = resolveVersion(
    requested,
    installed.map(({ version }) => version),
  );
  if (!answer || (policy === "strict" && !answer.exact)) return undefined;
  return installed.find(({ version }) => version === answer.version);
}

/** Notes down the executables of the folder that the user names, unless just these are noted down already. */
async function notePath(options: DistributionOptions, context: InstallProgress): Promise<void> {
  const { "kube-apiserver": apiServer } = locateExecutables(options, "");
  const isNoted = (one: Distribution) => one.source === "path" && one.executables["kube-apiserver"] === apiServer;
  const findNoted = (installed: readonly Distribution[]) => installed.find(isNoted);
  if (findNoted(await listInstalled(options.directory))) return;
  await installDistribution(options, undefined, { ...context, sources: [pathSource], satisfiedBy: findNoted });
}
