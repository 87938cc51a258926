import type { NetworkConflictError } from "../../../core/inventory/network-conflict.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Violation } from "./violations.ts";

/**
 * What the core refuses for its networks, as violations of the parameters that name them.
 * @param body in which the value is looked for first, where an id may be named in several parameters
 */
export const conflictViolations = (
  { conflicts }: NetworkConflictError,
  { conflictParameters }: Vocabulary,
  body?: unknown,
): Violation[] =>
  conflicts.map(({ field, ...rest }) => {
    const [place = conflictParameters?.[field] ?? field] = placesOf(rest.value, body);
    return { parameter: place, ...rest };
  });

/** Where a value stands in a body. */
function placesOf(wanted: string, value: unknown, place = ""): string[] {
  if (value === wanted) return [place];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const step = Array.isArray(value) ? `${place}[${name}]` : place ? `${place}.${name}` : name;
    return placesOf(wanted, inner, step);
  });
}
