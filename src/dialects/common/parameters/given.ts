import { isObject, type Json } from "../json-values.ts";
import {
  type Given,
  type IntegerShape,
  isWithin,
  type ListShape,
  longestOf,
  type MapShape,
  type Members,
  mostOf,
  type ObjectShape,
  type Parameter,
  type Shape,
  type TextShape,
  zeroIsUnset,
} from "./parameter.ts";

/**
 * A copy of a body without the members that are null, at any depth: `null` means "not set", and validation would turn it
 * into an empty text, 0 or false. Items of lists are kept as they are.
 */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (!isObject(value)) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(set.map(([name, member]) => [name, withoutNulls(member)])) as T;
}

/**
 * The part of a body that sets parameters: known members of the right type, without those whose value means "not set".
 * Any value may be given, also one that has not passed the schema.
 */
export const givenParameters = <M extends Members>(members: M, body: unknown): Given<M> =>
  (givenMembers(members, body) ?? {}) as Given<M>;

function givenMembers(members: Members, value: unknown): Json | undefined {
  if (!isObject(value) || isOpen(members)) return isObject(value) ? value : undefined;
  const set = Object.entries(members).flatMap(([name, parameter]) => {
    const member = Object.hasOwn(value, name) ? given(parameter, value[name]) : undefined;
    return member === undefined ? [] : [[name, member] as const];
  });
  return Object.fromEntries(set);
}

/** An object without members in the table has those of another program, and is kept as it is. */
const isOpen = (members: Members): boolean => Object.keys(members).length === 0;

/** The value, or undefined where it is not set or of a wrong type. */
function given(shape: Parameter | Shape, value: unknown): unknown {
  switch (shape.type) {
    case "text":
      return typeof value === "string" && isTextOf(shape, value) ? value : undefined;
    case "integer":
      return isNumberOf(shape, value) && !(value === 0 && zeroIsUnset(shape)) ? value : undefined;
    case "flag":
      return typeof value === "boolean" ? value : undefined;
    case "list":
      return Array.isArray(value) && (value.length > 0 || shape.clearable) ? givenItems(shape, value) : undefined;
    case "object":
      return givenObject(shape, value);
    case "map":
      return isObject(value) && isMapOf(shape, value) ? value : undefined;
  }
}

/** One that is too long is none: the schema refuses it, and no rule has to look at it. */
const isTextOf = (shape: TextShape, value: string): boolean =>
  (value !== "" || shape.clearable === true) &&
  isWithin(longestOf(shape), value) &&
  (shape.values === undefined || shape.values.some((one) => one === value));

const isNumberOf = ({ values }: IntegerShape, value: unknown): value is number =>
  typeof value === "number" &&
  Number.isInteger(value) &&
  (value === 0 || values === undefined || values.includes(value));

function isMapOf(shape: MapShape, value: Json): boolean {
  const members = Object.values(value);
  return members.length <= mostOf(shape) && members.every((member) => typeof member === "string");
}

/**
 * Items keep their places, for messages; a list with an item of a wrong type is none. Of one that is too long, which the schema
 * refuses as a whole, the first are enough for the rules.
 */
function givenItems({ items, maxItems }: ListShape, list: readonly unknown[]): unknown[] | undefined {
  const values = list
    .slice(0, mostOf({ maxItems }))
    .map((item) => (items.type === "object" ? givenMembers(items.members, item) : given(items, item)));
  return values.includes(undefined) ? undefined : values;
}

/** Old clients send objects whose members are all empty. One that has to be there stays, for what is missing in it. */
function givenObject(
  { members, required }: ObjectShape & { readonly required?: true },
  value: unknown,
): Json | undefined {
  const known = givenMembers(members, value);
  return known && (required || Object.keys(known).length > 0) ? known : undefined;
}

/** A parameter's value in a body, with its place: `worker_data_disks[0].size`. */
export interface PlacedValue {
  path: string;
  parameter: Parameter | Shape;
  value: unknown;
}

/**
 * Every value of a body or a part of one that the table knows, objects and lists before what is in them. Nothing that is in
 * a list that is too long: the schema refuses it as a whole.
 */
export function placedValues(members: Members, body: unknown, prefix = ""): PlacedValue[] {
  if (!isObject(body)) return [];
  return Object.entries(members).flatMap(([name, parameter]) =>
    Object.hasOwn(body, name) ? placed(parameter, body[name], `${prefix}${name}`) : [],
  );
}

function placed(parameter: Parameter | Shape, value: unknown, path: string): PlacedValue[] {
  const here = { path, parameter, value };
  if (parameter.type === "object") return [here, ...placedValues(parameter.members, value, `${path}.`)];
  if (parameter.type !== "list" || !Array.isArray(value) || value.length > mostOf(parameter)) return [here];
  return [here, ...value.flatMap((item, index) => placed(parameter.items, item, `${path}[${index}]`))];
}

/** A member of a body that is not in the table. */
export interface UnknownValue {
  /** Its place, e.g. `nodepools[0].shoe_size`. */
  path: string;
  value: unknown;
  /** The names that the table has at that place. */
  known: readonly string[];
}

/** The members of a body that are not in the table. */
export const unknownValues = (members: Members, body: unknown): UnknownValue[] =>
  isObject(body) ? unknownMembers({ type: "object", members }, body, "") : [];

/** Their places. */
export const unknownFields = (members: Members, body: unknown): string[] =>
  unknownValues(members, body).map(({ path }) => path);

function unknownMembers({ members, open }: ObjectShape, value: Json, prefix: string): UnknownValue[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const parameter = Object.hasOwn(members, name) ? members[name] : undefined;
    if (parameter) return unknownIn(parameter, member, `${prefix}${name}`);
    return open ? [] : [{ path: `${prefix}${name}`, value: member, known: Object.keys(members) }];
  });
}

function unknownIn(shape: Parameter | Shape, value: unknown, path: string): UnknownValue[] {
  if (shape.type === "list" && Array.isArray(value))
    return value.flatMap((item, index) => unknownIn(shape.items, item, `${path}[${index}]`));
  if (shape.type !== "object" || !isObject(value) || isOpen(shape.members)) return [];
  return unknownMembers(shape, value, `${path}.`);
}
