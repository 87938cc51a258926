/** A version of numbers: `[1, 20, 2]`. A request may leave the patch open: `[1, 20, undefined]`. */
export type VersionNumbers = readonly [major: number, minor: number, patch: number];

const request = /^v?(\d+)\.(\d+)(?:\.(\d+))?$/;

/**
 * Reads a requested version, `x.y.z` or `x.y`, with or without a leading `v`.
 * @throws a sentence for the user where the text is neither.
 */
export function parseRequestedVersion(text: string): { major: number; minor: number; patch: number | undefined } {
  const match = request.exec(text.trim());
  if (!match) throw new RangeError(`"${text}" is not a Kubernetes version. Write it as 1.20.2 or 1.20.`);
  const [, major, minor, patch] = match;
  return { major: Number(major), minor: Number(minor), patch: patch === undefined ? undefined : Number(patch) };
}

/**
 * Reads a whole version, `x.y.z`.
 * @throws a sentence where the text is anything else.
 */
export function parseVersion(text: string): VersionNumbers {
  const { major, minor, patch } = parseRequestedVersion(text);
  if (patch === undefined) throw new RangeError(`"${text}" is not a whole version. Write it as 1.20.2.`);
  return [major, minor, patch];
}

/** Orders whole versions by their numbers, the older first: 1.9.0 before 1.20.2. */
export function compareVersions(one: string, other: string): number {
  return compareNumbers(parseVersion(one), parseVersion(other));
}

/** Orders lists of numbers of one length, the first difference deciding. */
export function compareNumbers(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Of whole versions the newest patch of each minor, the newest first. */
export function newestOfEachMinor(versions: readonly string[]): string[] {
  const newest = new Map<string, string>();
  for (const version of versions.toSorted(compareVersions))
    newest.set(version.slice(0, version.lastIndexOf(".")), version);
  return [...newest.values()].sort(compareVersions).reverse();
}
