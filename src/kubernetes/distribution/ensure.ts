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
  // Where nothing else will do, it is installed below.
  else if (options.autoInstall && requested !== undefined && policy === "nearest")
    await installAsked(options, requested, context);
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
  context: InstallProgress & Pick<InstallContext, "sources">,
): Promise<void> {
  const { major, minor } = parseRequestedVersion(requested);
  for (const wish of new Set([requested, `${major}.${minor}`])) {
    const isThere = (installed: readonly Distribution[]) => choice(installed, wish, "strict");
    if (isThere(await listInstalled(options.directory))) return;
    const refusal = refusals.get(refusalKey(options, wish));
    if (refusal !== undefined && performance.now() - refusal < refusalMemory) continue;
    try {
      await installDistribution(options, wish, { ...context, policy: "strict", satisfiedBy: isThere });
      return;
    } catch (error) {
      if (!(error instanceof DistributionUnavailableError)) throw error;
      refusals.set(refusalKey(options, wish), performance.now());
      context.report(`Kubernetes ${wish} is not to be had here`);
    }
  }
}

/** How long what could not be had is not asked for again, in milliseconds: every cluster would wait for it. */
const refusalMemory = 10 * 60_000;

/** When each wish was last refused, by {@link refusalKey}. There are no more than versions that somebody asks for. */
const refusals = new Map<string, number>();
const refusalKey = ({ directory }: DistributionOptions, wish: string): string => `${directory} ${wish}`;

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
