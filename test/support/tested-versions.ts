import { lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
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
 * part of them on every other one. What is not installed is left out, with a sentence: `npm test` installs it beforehand.
 */
export async function testedVersions({ all }: VersionWish): Promise<TestedVersion[]> {
  const options = distributionOptions(readConfig(process.env));
  // With executables of the user's own there is one version, and no cache has to be made.
  if (options.path !== undefined) return [{ version: "own", all: true, directory: options.directory }];
  const installed = await listDistributions(options);
  // Of one version from several sources, the first.
  const versions = installed.filter(
    ({ version }, index) => installed.findIndex((one) => one.version === version) === index,
  );
  const wanted = new Set(all?.flatMap((version) => foundAmong(versions, version)) ?? versions.slice(-1));
  const others = all ? [] : versions.filter((one) => !wanted.has(one));
  const tested = (one: Distribution, isWhole: boolean): TestedVersion => ({
    version: one.version,
    all: isWhole,
    directory: cacheOf(options.directory, one),
  });
  return [...[...wanted].map((one) => tested(one, true)), ...others.map((one) => tested(one, false))];
}

function foundAmong(installed: readonly Distribution[], version: string): Distribution[] {
  const found = resolveVersion(
    version,
    installed.map((one) => one.version),
  );
  const distributions = installed.filter((one) => found?.exact && one.version === found.version);
  if (distributions.length === 0) process.stderr.write(`Kubernetes ${version} is not installed: no test runs on it.\n`);
  return distributions;
}

/** A cache with links to one distribution and to the networks that are taken, which every cluster on this machine shares. */
function cacheOf(directory: string, { version, source }: Distribution): string {
  const cache = join(folder, version);
  mkdirSync(cache, { recursive: true });
  mkdirSync(join(directory, "networks"), { recursive: true, mode: 0o700 });
  const wanted = new Map([`${version}-${source}`, "networks"].map((name) => [name, join(directory, name)]));
  const strangers = readdirSync(cache).filter((name) => /^\d/.test(name) && !wanted.has(name));
  for (const name of strangers) rmSync(join(cache, name), { recursive: true });
  for (const [name, target] of wanted) {
    const link = join(cache, name);
    // Another run may use it at this moment.
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === target) continue;
    rmSync(link, { recursive: true, force: true });
    symlinkSync(target, link);
  }
  return cache;
}
