import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { readConfig } from "../../src/config.ts";
import type { Distribution } from "../../src/kubernetes/distribution/distribution.ts";
import { listDistributions } from "../../src/kubernetes/distribution/ensure.ts";
import { resolveVersion } from "../../src/kubernetes/distribution/resolve.ts";
import { distributionOptions } from "../../src/service/distribution-options.ts";

/** A Kubernetes that end-to-end tests run on. */
export interface TestedVersion {
  /** e.g. `1.37.2`. */
  version: string;
  /** Whether all tests run on it, or those alone that tell most of a version. */
  all: boolean;
  /** Cache of distributions (`SAMPAN_DISTRIBUTION_DIR`) that has it alone, so that every cluster runs it. */
  directory: string;
}

/** What `npm test` is told about versions by its caller. A service under test would take them for settings of its own. */
export interface VersionWish {
  /** `SAMPAN_TEST_KUBERNETES`: versions that all tests run on, with commas between them; unset takes the newest. */
  all: string[] | undefined;
  /** `SAMPAN_TEST_ALSO`: further versions that are installed where they are not. */
  also: string[];
}

/** Takes what is said of versions out of the environment. */
export function takeVersionWish(env: NodeJS.ProcessEnv): VersionWish {
  const { SAMPAN_TEST_KUBERNETES: all, SAMPAN_TEST_ALSO: also } = env;
  delete env.SAMPAN_TEST_KUBERNETES;
  delete env.SAMPAN_TEST_ALSO;
  return { all: all ? listOf(all) : undefined, also: listOf(also ?? "") };
}

const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((version) => version.trim())
    .filter(Boolean);

/** Where each version has its cache: in a folder that every checkout has, and nobody looks into. */
const folder = resolve(import.meta.dirname, "../../node_modules/.sampan-tests");

/**
 * The versions that end-to-end tests run on: those that were asked for, or the newest that is installed; and beside it a
 * part of them on every other one. None where nothing is installed.
 * @throws {Error} where a version that was asked for is not installed
 */
export async function testedVersions({ all }: VersionWish): Promise<TestedVersion[]> {
  const options = distributionOptions(readConfig(process.env));
  // With executables of the user's own there is one version, and no cache has to be made.
  const installed = await listDistributions(options);
  if (options.path !== undefined) return [{ version: "own", all: true, directory: options.directory }];
  const wanted = all?.map((version) => foundAmong(installed, version)) ?? installed.slice(-1);
  const others = all ? [] : installed.filter((one) => !wanted.includes(one));
  const tested = (one: Distribution, isWhole: boolean): TestedVersion => ({
    version: one.version,
    all: isWhole,
    directory: cacheOf(options.directory, one),
  });
  return [...wanted.map((one) => tested(one, true)), ...others.map((one) => tested(one, false))];
}

function foundAmong(installed: readonly Distribution[], version: string): Distribution {
  const found = resolveVersion(
    version,
    installed.map((one) => one.version),
  );
  const distribution = found?.exact ? installed.findLast((one) => one.version === found.version) : undefined;
  if (distribution === undefined)
    throw new Error(`Kubernetes ${version} is not installed; run "npm run sampan -- distribution install ${version}".`);
  return distribution;
}

/** A cache with links to one distribution and to the networks that are taken, which every cluster on this machine shares. */
function cacheOf(directory: string, { version, source }: Distribution): string {
  const cache = join(folder, version);
  mkdirSync(cache, { recursive: true });
  mkdirSync(join(directory, "networks"), { recursive: true, mode: 0o700 });
  const entry = `${version}-${source}`;
  for (const name of readdirSync(directory)) {
    if ((name === entry || name === "networks") && !existsSync(join(cache, name)))
      symlinkSync(join(directory, name), join(cache, name));
  }
  return cache;
}
