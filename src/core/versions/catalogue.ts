import { cloudOf } from "../clouds/index.ts";
import type { DialectName } from "../clusters/cluster.ts";
import type { KubernetesRelease } from "./release.ts";
import { parseVendorVersion } from "./version.ts";

/** The release that a vendor's version belongs to; undefined where the text is no version, or of an unknown minor. */
export function findRelease(dialect: DialectName, version: string): KubernetesRelease | undefined {
  const parsed = parseVendorVersion(dialect, version);
  return parsed && cloudOf(dialect).releases.find(({ minor }) => minor === parsed.minor);
}

/**
 * Whether a version can be asked for: well formed, and of a minor in the catalogue. Any patch will do, since what runs is
 * the nearest version that is installed.
 */
export const isKnownVersion = (dialect: DialectName, version: string): boolean =>
  findRelease(dialect, version) !== undefined;

/** The newest version of each known minor, newest first: what a message offers in place of an unknown version. */
export const knownVersions = (dialect: DialectName): string[] =>
  cloudOf(dialect)
    .releases.toReversed()
    .map((release) => newestOf(release));

/** The newest version of a release. */
const newestOf = ({ versions }: KubernetesRelease): string => versions.at(-1) as string;

/**
 * What a cluster of a version can be upgraded to, as the vendor has it: the newest patch of its own minor, and the newest
 * one of the next minor in the catalogue. Versions of an unknown minor have none.
 */
export function upgradesOf(dialect: DialectName, version: string): string[] {
  const release = findRelease(dialect, version);
  if (!release) return [];
  const { releases } = cloudOf(dialect);
  const next = releases[releases.indexOf(release) + 1];
  const own = newestOf(release);
  return [...(isNewer(dialect, own, version) ? [own] : []), ...(next ? [newestOf(next)] : [])];
}

/** Whether a version is newer than another of the same minor; a version that names no patch is the newest already. */
function isNewer(dialect: DialectName, version: string, other: string): boolean {
  const [one, two] = [version, other].map((text) => parseVendorVersion(dialect, text));
  if (one?.patch === undefined || two?.patch === undefined) return false;
  return one.patch > two.patch || (one.patch === two.patch && (one.build ?? 0) > (two.build ?? one.build ?? 0));
}
