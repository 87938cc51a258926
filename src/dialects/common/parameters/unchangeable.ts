import type { Violation } from "../errors/violations.ts";
import { unknownValues } from "./given.ts";
import type { Members } from "./parameter.ts";

/**
 * Refuses what a change has no parameter for, rather than to let a client believe that it was changed. What sets nothing is
 * passed over, as clients send every member that they know, and so is what says that something stays as it is.
 * @param present what there is now of that which cannot be changed, by its place
 */
export const refuseUnchangeable = (
  members: Members,
  body: unknown,
  { operation, present }: { operation: string; present: Readonly<Record<string, string | boolean>> },
): Violation[] =>
  unknownValues(members, body)
    .filter(({ path, value }) => (Object.hasOwn(present, path) ? !isAs(value, present[path]) : isSet(value)))
    .map(({ path, known }) => ({
      parameter: path,
      rule: "cannot be changed here",
      wayOut: `${operation} takes ${known.join(known.length === 2 ? " and " : ", ")}`,
    }));

/** An empty text is no value at all; a flag may come as a text. */
function isAs(value: unknown, present: string | boolean | undefined): boolean {
  if (value === "" || value === present) return true;
  return typeof present === "boolean" && String(value).toLowerCase() === String(present);
}

/** Whether a value sets something, or something in it does. */
const isSet = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.values(value).some(isSet) : Boolean(value);
