import { listInstalled } from "./cache.ts";
import type { Distribution, DistributionOptions, InstallProgress, VersionPolicy } from "./distribution.ts";
import { type InstallContext, installDistribution } from "./install.ts";
import { resolveVersion } from "./resolve.ts";
import { locateExecutables, pathSource } from "./sources/path.ts";

/** A distribution, and whether it is the version that was asked for. */
export interface EnsuredDistribution {
  distribution: Distribution;
  exact: boolean;
}

/**
 * Gives a distribution for a request: the best-fitting of those installed, without a look at any source, so that it is
 * quick and the same each time; and installs one where none fits. A folder that the user names counts as installed.
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
  const choose = (installed: readonly Distribution[]) => choice(installed, requested, policy);
  const distribution =
    choose(await listInstalled(options.directory)) ??
    (await installDistribution(options, requested, { ...context, policy, satisfiedBy: choose }));
  return { distribution, exact: resolveVersion(requested, [distribution.version])?.exact === true };
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
