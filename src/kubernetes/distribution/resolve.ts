import { compareNumbers, parseRequestedVersion, parseVersion, type VersionNumbers } from "./version.ts";

/** The version that a request gets. */
export interface ResolvedVersion {
  /** One of the available versions. */
  version: string;
  /** Whether it is what was asked for: the very version, any patch of an asked minor, or anything where nothing was asked. */
  exact: boolean;
}

interface Candidate {
  text: string;
  numbers: VersionNumbers;
}

/**
 * Picks the version for a request, comparing numbers as numbers:
 * - nothing asked: the newest;
 * - `x.y` asked: the newest patch of that minor;
 * - `x.y.z` asked: that version, else the nearest patch of the same minor (of two as near, the newer).
 *
 * Where the minor is missing: the newest patch of the nearest higher minor, else of the nearest lower one. Higher comes
 * first because a newer control plane knows what an older request asks, and not the other way round.
 *
 * @param requested `x.y.z`, `x.y` or undefined.
 * @param available whole versions, in any order.
 * @returns undefined when nothing is available.
 * @throws {RangeError} with a sentence for the user where `requested` is no version.
 */
export function resolveVersion(
  requested: string | undefined,
  available: readonly string[],
): ResolvedVersion | undefined {
  const candidates = available
    .map((text): Candidate => ({ text, numbers: parseVersion(text) }))
    .sort((one, other) => compareNumbers(one.numbers, other.numbers));
  if (requested === undefined) return resolved(candidates.at(-1), true);

  const { major, minor, patch } = parseRequestedVersion(requested);
  const ofMinor = candidates.filter(({ numbers }) => compareMinor(numbers, [major, minor]) === 0);
  const near = patch === undefined ? ofMinor.at(-1) : nearestPatch(ofMinor, patch);
  if (near) return resolved(near, patch === undefined || near.numbers[2] === patch);
  return resolved(nearestMinor(candidates, [major, minor]), false);
}

function resolved(candidate: Candidate | undefined, exact: boolean): ResolvedVersion | undefined {
  return candidate && { version: candidate.text, exact };
}

/** The candidate whose patch is nearest; candidates ascend, so of two as near the later, newer one wins. */
function nearestPatch(candidates: readonly Candidate[], patch: number): Candidate | undefined {
  const distance = ({ numbers }: Candidate) => Math.abs(numbers[2] - patch);
  return candidates.reduce<Candidate | undefined>(
    (best, next) => (best === undefined || distance(next) <= distance(best) ? next : best),
    undefined,
  );
}

/** The newest patch of the nearest higher minor, else of the nearest lower one; candidates ascend and lack the minor. */
function nearestMinor(candidates: readonly Candidate[], minor: readonly [number, number]): Candidate | undefined {
  const nextHigher = candidates.find(({ numbers }) => compareMinor(numbers, minor) > 0);
  if (!nextHigher) return candidates.at(-1);
  return candidates.findLast(
    ({ numbers }) => compareMinor(numbers, [nextHigher.numbers[0], nextHigher.numbers[1]]) === 0,
  );
}

function compareMinor(numbers: VersionNumbers, [major, minor]: readonly [number, number]): number {
  return compareNumbers([numbers[0], numbers[1]], [major, minor]);
}
