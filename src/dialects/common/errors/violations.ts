import type { FastifySchemaValidationError } from "fastify";
import { isCredentialName, looksLikeCredential } from "../credentials.ts";

/** One thing that is wrong with one parameter of a request. */
export interface Violation {
  /** The parameter as the client wrote it, with its place: `worker_data_disks[0].size`. */
  parameter: string;
  /** What was sent; `undefined` where the parameter is missing. */
  value?: unknown;
  /** The rule as the end of a sentence: `must be between 0 and 100`. */
  rule: string;
  /** What to do about it: `ask for fewer nodes`. */
  wayOut?: string;
  /** The parameter is mandatory and missing. */
  missing?: boolean;
}

/** Parameters besides those with credentials whose values are never repeated in a message: scripts may have some in them. */
const privateName = /user_?data/i;

/** The most characters of a value that a message repeats, and of a parameter's name: maps have names of the user's. */
const maximumShown = 100;
const maximumNamed = 400;

/** The most violations that a message tells one by one: a request of 1 MiB has room for many thousands. */
const maximumTold = 50;

/** One violation as a sentence without its full stop. Values of secret parameters are not repeated. */
export function describeViolation(violation: Violation): string {
  const shown = violation.value === undefined ? "" : ` ${shownValue(violation.parameter, violation.value)}`;
  const wayOut = violation.wayOut === undefined ? "" : `: ${violation.wayOut}`;
  return `${shortened(violation.parameter, maximumNamed)}${shown} ${violation.rule}${wayOut}`;
}

function shownValue(parameter: string, value: unknown): string {
  if (parameter.split(/[.[\]]+/).some(isSecret)) return "(hidden)";
  const text =
    JSON.stringify(value, (name, inner) => (isSecret(name) || isSecretText(inner) ? "(hidden)" : inner)) ??
    String(value);
  return shortened(text, maximumShown);
}

const isSecret = (name: string): boolean => privateName.test(name) || isCredentialName(name);

/** Of a text no more than its beginning is shown, in which JSON has no end: a name in it is enough. */
function isSecretText(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const shown = value.slice(0, 4 * maximumShown);
  if (looksLikeCredential(shown)) return true;
  return /^\s*[[{]/.test(shown) && shown.split(/[^\w-]+/).some(isSecret);
}

/** A character has at most two units of a text's length. */
const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${[...text.slice(0, 2 * most)].slice(0, most).join("")}…`;

/**
 * What a schema validator found, in the words of this file; of a list that is too long, that alone.
 * @param root the value it checked, of which values are shown
 */
export function toViolations(errors: readonly FastifySchemaValidationError[], root: unknown): Violation[] {
  const tooLong = new Set(
    errors.flatMap(({ keyword, instancePath }) => (keyword === "maxItems" ? [instancePath] : [])),
  );
  const isInTooLong = (pointer: string) =>
    tooLong.size > 0 && outerPlaces(pointer, "/").some((outer) => tooLong.has(outer));
  const told = errors.filter(({ instancePath }) => !isInTooLong(instancePath));
  return told.map((error) => {
    const parameter = readablePath(error.instancePath);
    if (error.keyword === "required") {
      const missing = String(error.params.missingProperty ?? (error.params.requiredProperties as string[])?.[0] ?? "");
      return {
        parameter: parameter === "" ? missing : `${parameter}.${missing}`,
        rule: "is mandatory",
        missing: true,
      };
    }
    const rule = ruleOf(error);
    if (parameter === "") return { parameter: "The request", rule };
    return { parameter, value: valueAt(root, error.instancePath), rule };
  });
}

/** A list of values has the empty ones in it that mean "not set". */
function ruleOf({ keyword, params, message }: FastifySchemaValidationError): string {
  if (keyword !== "enum") return message ?? "is not valid";
  const values = (params.allowedValues as unknown[]).filter((value) => value !== "" && value !== 0);
  return `must be ${values.length > 1 ? "one of " : ""}${values.join(", ")}`;
}

/** `/worker_data_disks/0/size` → `worker_data_disks[0].size`. */
function readablePath(pointer: string): string {
  return pointerSegments(pointer)
    .map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`))
    .join("")
    .replace(/^\./, "");
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const segment of pointerSegments(pointer)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

/**
 * The places that a place is in, the outermost first: for `a.b[0].c` and the separators `.[` these are `a`, `a.b` and
 * `a.b[0]`.
 * @param longest characters of the longest of them that is wanted; names of the user's can be of any length
 */
export function outerPlaces(place: string, separators: string, longest = place.length): string[] {
  const ends = Math.min(place.length - 1, longest);
  const outer: string[] = [];
  for (let end = 1; end <= ends; end++) if (separators.includes(place.charAt(end))) outer.push(place.slice(0, end));
  return outer;
}

/** The segments of a JSON pointer (RFC 6901). */
function pointerSegments(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Every violation, as one text for the user; of very many, the first ones and the number of the others. */
export function describeViolations(violations: readonly Violation[]): string {
  const told = violations.slice(0, maximumTold).map(describeViolation);
  const others = violations.length - told.length;
  return `${told.join("; ")}${others > 0 ? `; … and ${others} more` : ""}.`;
}

/** Violations of which there is at least one. */
export type Violations = readonly [Violation, ...Violation[]];

/** Refuses a request that breaks rules. @throws {RefusedRequest} where there is a violation */
export function refuseAny([first, ...others]: readonly Violation[]): void {
  if (first) throw new RefusedRequest([first, ...others]);
}

/** A request that breaks rules. The border answers it in the dialect's words. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly violations: Violations;

  constructor(violations: Violations) {
    super(describeViolations(violations));
    this.violations = violations;
  }
}
