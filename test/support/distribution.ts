import { readConfig } from "../../src/config.ts";
import type { Distribution } from "../../src/kubernetes/distribution/distribution.ts";
import { listDistributions } from "../../src/kubernetes/distribution/ensure.ts";
import { distributionOptions } from "../../src/service/distribution-options.ts";

const config = readConfig(process.env);

/** The settings that give a service under test the distributions of this run. */
export const distributionSettings: Readonly<Record<string, string>> = {
  SAMPAN_DISTRIBUTION_DIR: config.distributionDirectory,
  ...(config.distributionPath && { SAMPAN_DISTRIBUTION_PATH: config.distributionPath }),
};

/**
 * The newest distribution that is installed: the one that a service under test runs, unless told otherwise.
 * @throws {Error} where none is, which the set-up of the run does not let happen
 */
export async function installedDistribution(): Promise<Distribution> {
  const newest = (await listDistributions(distributionOptions(config))).at(-1);
  if (!newest) throw new Error('No distribution is installed; run "npm run sampan -- distribution install".');
  return newest;
}
