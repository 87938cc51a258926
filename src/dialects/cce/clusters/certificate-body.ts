import { requestBody } from "../../common/checked-body.ts";
import type { Violation } from "../../common/errors/violations.ts";
import { type Given, integer, text } from "../../common/parameters/parameter.ts";

const minutesOfDay = 24 * 60;
/** Days: what `-1` gives, as the vendor has it (five years), and the most that older pages allow (thirty). */
const usualDays = 1827;
const mostDays = 10950;

const members = {
  duration: integer({ meaning: `Days that the certificate is good for, 1 to ${mostDays}; -1 takes the longest.` }),
  expire_at: text({ meaning: "The moment of its end (RFC 3339), in place of `duration`." }),
};

/** The body of CreateKubernetesClusterCert. */
export const certificateBody = requestBody({
  members,
  description: "How long the certificate is good for.",
  rules: [({ given: { duration, expire_at: end } }) => (end ? checkEnd(end) : checkDuration(duration))],
});

function checkDuration(value: number | undefined): Violation[] {
  if (value === undefined || value === -1 || (value >= 1 && value <= mostDays)) return [];
  return [{ parameter: "duration", value, rule: `must be from 1 to ${mostDays} days, or -1 for the longest` }];
}

function checkEnd(value: string): Violation[] {
  const minutes = minutesUntil(value);
  if (minutes >= 1 && minutes <= mostDays * minutesOfDay) return [];
  const rule = `must be a moment as RFC 3339 writes it, one minute to ${mostDays} days from now`;
  return [{ parameter: "expire_at", value, rule, wayOut: "e.g. 2030-01-01T00:00:00Z" }];
}

/** NaN for a text that is no moment. */
function minutesUntil(end: string): number {
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(end);
  return isMoment ? Math.floor((Date.parse(end) - Date.now()) / 60_000) : Number.NaN;
}

/** Minutes that a certificate is good for. A client that says nothing gets the longest, as with -1. */
export function lifetimeOf({ duration = -1, expire_at: end }: Given<typeof members>): number {
  // The minute that the check has found may be over by now.
  if (end) return Math.max(1, minutesUntil(end));
  return (duration === -1 ? usualDays : duration) * minutesOfDay;
}
