import type { FastifySchemaValidationError } from "fastify";

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

/** Parameters whose values are never repeated in a message: their names, and names within objects. */
const secretName = /password|secret|token|private_?key|user_data/i;

/** The most characters of a value that a message repeats. */
const maximumShown = 100;

/** One violation as a sentence without its full stop. Values of secret parameters are not repeated. */
export function describeViolation(violation: Violation): string {
  const shown = violation.value === undefined ? "" : ` ${shownValue(violation.parameter, violation.value)}`;
  const wayOut = violation.wayOut === undefined ? "" : `: ${violation.wayOut}`;
  return `${violation.parameter}${shown} ${violation.rule}${wayOut}`;
}

function shownValue(parameter: string, value: unknown): string {
  if (secretName.test(parameter)) return "(hidden)";
  const text = JSON.stringify(value, (name, inner) => (secretName.test(name) ? "(hidden)" : inner)) ?? String(value);
  return text.length <= maximumShown ? text : `${[...text].slice(0, maximumShown).join("")}…`;
}

/** What a schema validator found, in the words of this file. `root`: the value it checked, of which values are shown. */
export function toViolations(errors: readonly FastifySchemaValidationError[], root: unknown): Violation[] {
  return errors.map((error) => {
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

/** The segments of a JSON pointer (RFC 6901). */
function pointerSegments(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Every violation, as one text for the user. */
export const describeViolations = (violations: readonly Violation[]): string =>
  `${violations.map(describeViolation).join("; ")}.`;

/** Violations of which there is at least one. */
export type Violations = readonly [Violation, ...Violation[]];
