import { outerPlaces, type Violation } from "../errors/violations.ts";
import { type PlacedValue, placedValues } from "./given.ts";
import {
  type MapShape,
  type Members,
  mapLength,
  mostOf,
  ofKind,
  type Parameter,
  placedParameters,
  type Shape,
} from "./parameter.ts";

/** A parameter that has to be given and is not. */
export const missing = (parameter: string, wayOut?: string): Violation => ({
  parameter,
  rule: "is mandatory",
  wayOut,
  missing: true,
});

/**
 * What is wrong with single values, beyond what the schema says: naming rules, members that objects need, and ranges above
 * 0, where 0 means "not set".
 * @param given the part of a body that sets parameters
 * @param kind undefined checks what holds for all kinds
 */
export const checkValues = (members: Members, given: unknown, kind: string | undefined): Violation[] =>
  placedValues(members, given).flatMap((placed) => checkValue(placed, kind));

function checkValue({ path, parameter, value }: PlacedValue, kind: string | undefined): Violation[] {
  if (parameter.type === "text") return checkText(path, parameter, value as string, kind);
  if (parameter.type === "integer") return checkRange(path, parameter, value as number);
  return parameter.type === "object" ? missingMembers(parameter.members, value as object, `${path}.`) : [];
}

function checkText(
  path: string,
  { rule: rules }: Extract<Shape, { type: "text" }>,
  value: string,
  kind: string | undefined,
): Violation[] {
  if (!rules) return [];
  const rule = kind ? ofKind(rules, kind) : "holds" in rules ? rules : undefined;
  return !rule || rule.holds(value) ? [] : [{ parameter: path, value, rule: rule.says, wayOut: rule.wayOut }];
}

function checkRange(
  path: string,
  { minimum, maximum }: Extract<Shape, { type: "integer" }>,
  value: number,
): Violation[] {
  if (minimum === undefined || value >= minimum) return [];
  return [{ parameter: path, value, rule: `must be from ${minimum} to ${maximum}` }];
}

/**
 * What an object needs and does not have; an empty text is none.
 * @param prefix of the members' places, e.g. `metadata.`
 * @param waysOut what to give, by the members' names
 */
export function missingMembers(
  members: Members,
  value: object,
  prefix = "",
  waysOut: Readonly<Record<string, string>> = {},
): Violation[] {
  return Object.entries(members)
    .filter(([name, { required }]: [string, Parameter]) => required && !Object.hasOwn(value, name))
    .map(([name]) => missing(`${prefix}${name}`, waysOut[name]));
}

/**
 * What is wrong with the maps of a body: members that are no texts, or against the map's rule.
 * @param body as it was sent: a map with a wrong member is not among what is given
 */
export const checkMaps = (members: Members, body: unknown): Violation[] =>
  placedValues(members, body).flatMap(({ path, parameter, value }) =>
    parameter.type === "map" && typeof value === "object" && value !== null ? checkMap(path, value, parameter) : [],
  );

/** One with too many members is refused for their number, by the schema. */
function checkMap(path: string, value: object, shape: MapShape): Violation[] {
  const members = Object.entries(value);
  if (members.length > mostOf(shape)) return [];
  const length = members.reduce((sum, [name, member]) => sum + name.length + lengthOf(member), 0);
  if (length > mapLength)
    return [{ parameter: path, rule: `must have at most ${mapLength} characters in all`, wayOut: "shorten it" }];
  return members.flatMap(([name, member]) => checkMember(path, name, member, shape));
}

const lengthOf = (value: unknown): number => (typeof value === "string" ? value.length : 0);

function checkMember(path: string, name: string, value: unknown, { rule }: MapShape): Violation[] {
  const parameter = `${path}.${name}`;
  if (typeof value !== "string") return [{ parameter, value, rule: "must be a text", wayOut: "put it in quotes" }];
  return !rule || rule.holds(name, value) ? [] : [{ parameter, value, rule: rule.says }];
}

/** Violations of a schema with the ways out that the table has for their parameters. */
export function withWaysOut(members: Members, violations: readonly Violation[]): Violation[] {
  if (violations.length === 0) return [];
  const ways = new Map(
    placedParameters(members).flatMap(({ path, parameter: { wayOut } }) => (wayOut ? [[path, wayOut] as const] : [])),
  );
  return violations.map((violation) => {
    const wayOut =
      violation.wayOut ?? (violation.missing ? undefined : ways.get(violation.parameter.replace(/\[\d+\]/g, "[]")));
    return wayOut === undefined ? violation : { ...violation, wayOut };
  });
}

/** The violation that an unknown parameter is, where unknown ones are refused. */
export const refuseUnknown = (parameter: string): Violation => ({
  parameter,
  rule: "is not a known parameter",
  wayOut: "remove it, or set SAMPAN_VALIDATION=lenient to have it recorded",
});

/**
 * The violations of a body that its schema found and those that the other rules found, without what is said twice.
 * @param ofSchema from the schema's validator, see `toViolations`
 */
export function allViolations(ofSchema: readonly Violation[], ofRules: readonly Violation[]): Violation[] {
  const named = new Set(ofSchema.map(({ parameter }) => parameter));
  const longest = ofSchema.reduce((most, { parameter }) => Math.max(most, parameter.length), 0);
  const isNamed = (place: string) =>
    named.has(place) || outerPlaces(place, ".[", longest).some((outer) => named.has(outer));
  // A value of a wrong type is passed over by the rules, which then take it for missing.
  const further = ofRules.filter(({ parameter }) => !isNamed(parameter));
  // The schema knows what is missing, and the rules what to give.
  const needed = new Map(ofRules.filter(({ missing }) => missing).map((violation) => [violation.parameter, violation]));
  const told = ofSchema.map((violation) => (violation.missing && needed.get(violation.parameter)) || violation);
  return [...told, ...further];
}
