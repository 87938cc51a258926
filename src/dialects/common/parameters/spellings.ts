import { isDeepStrictEqual } from "node:util";
import type { Violation } from "../errors/violations.ts";
import { isObject } from "../json-values.ts";

/** One thing that clients say in two places of a body. */
export interface Spelling {
  /**
   * The place that all that follows looks at, e.g. `spec.kubeProxyMode`. In a list (`zone_ids[0]`) the other place counts only
   * where the list is not given.
   */
  place: string;
  /** The other one. */
  other: string;
  /** What the other one says as the place has it; the same where it is left out. */
  as?: (value: unknown) => unknown;
  /** Whether values of the two, as the place has them, say the same; equal ones where it is left out. */
  isSame?: (one: unknown, other: unknown) => boolean;
  /** The kind of cluster in which both say the same; every kind where it is left out. */
  kind?: string;
  /** Says that a violation is told of the other place. */
  told?: "other";
  /** Says that the place counts where the two differ, which is no violation. */
  mayDiffer?: true;
}

/** A body in which everything stands in one place. */
export interface OneSpelling<Body> {
  body: Body;
  /** What is said twice, and not the same way. */
  conflicts: Violation[];
  /** The name that the client used for a place. */
  nameOf: (place: string) => string;
  /** Whether the client said what belongs to a place, there or elsewhere. */
  isGiven: (place: string) => boolean;
}

/**
 * Brings what clients say elsewhere to its place, where nothing is said there.
 * @param given what a body sets, see `givenParameters`
 */
export function toOneSpelling<Body extends object>(
  given: Body,
  spellings: readonly Spelling[],
  kind?: string,
): OneSpelling<Body> {
  const used = spellings.filter(
    (spelling) => (!spelling.kind || spelling.kind === kind) && valueAt(given, spelling.other) !== undefined,
  );
  const moved = used.filter(({ place }) => valueAt(given, place.split("[", 1)[0] ?? "") === undefined);
  return {
    body: moved.reduce<unknown>(
      (body, spelling) => put(body, stepsOf(spelling.place), saidBy(spelling, given)),
      given,
    ) as Body,
    conflicts: used
      .filter((spelling) => !spelling.mayDiffer && differs(spelling, given))
      .map((one) => conflict(one, given)),
    nameOf: (place) => {
      const isThere = valueAt(given, place) !== undefined;
      return used.find((one) => one.place === place && (one.told === "other" || !isThere))?.other ?? place;
    },
    isGiven: (place) => valueAt(given, place) !== undefined || used.some((spelling) => spelling.place === place),
  };
}

function saidBy({ other, as }: Spelling, given: object): unknown {
  const value = valueAt(given, other);
  return as ? as(value) : value;
}

function differs(spelling: Spelling, given: object): boolean {
  const own = valueAt(given, spelling.place);
  const { isSame = isDeepStrictEqual } = spelling;
  return own !== undefined && !isSame(own, saidBy(spelling, given));
}

const conflict = ({ place, other, told }: Spelling, given: object): Violation =>
  told === "other" ? saidTwice(other, valueAt(given, other), place) : saidTwice(place, valueAt(given, place), other);

/**
 * The violation of a body that says something twice, and not the same way. Both names are in the message, and no value but
 * the first one's.
 * @param wayOut e.g. which of the two to leave out
 */
export const saidTwice = (
  parameter: string,
  value: unknown,
  other: string,
  wayOut = "leave one of them out",
): Violation => ({ parameter, value, rule: `must be the same as ${other}, which says it too`, wayOut });

/** `spec.cidrs[0].cidr` → `spec`, `cidrs`, `0`, `cidr`. */
const stepsOf = (place: string): string[] => place.split(/[.[\]]+/).filter((step) => step !== "");

function valueAt(body: unknown, place: string): unknown {
  return stepsOf(place).reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step) ? (value as never)[step] : undefined,
    body,
  );
}

/** A copy in which a place has a value; what it is in is made where it is not there. */
function put(holder: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (/^\d+$/.test(step)) {
    const list = Array.isArray(holder) ? holder : [];
    return Object.assign([...list], { [step]: put(list[Number(step)], rest, value) });
  }
  const members = isObject(holder) ? holder : {};
  return { ...members, [step]: put(members[step], rest, value) };
}
