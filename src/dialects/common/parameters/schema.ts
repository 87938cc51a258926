import Type, { type TSchema } from "typebox";
import { describeParameter } from "./describe.ts";
import {
  type Given,
  type IntegerShape,
  longestOf,
  type Members,
  mostOf,
  type Parameter,
  type Shape,
  type TextShape,
  zeroIsUnset,
} from "./parameter.ts";

function toObject(members: Members, options: { description?: string }, isMember = false): TSchema {
  const properties = Object.entries(members).map(([name, parameter]) => {
    const schema = toSchema(parameter, { description: describeParameter(parameter, isMember) }, isMember);
    return [name, parameter.required ? schema : Type.Optional(schema)];
  });
  return Type.Object(Object.fromEntries(properties), { ...options, additionalProperties: true });
}

/** @param isMember whether it is in an entry of a list, for the description */
function toSchema(shape: Parameter | Shape, options: { description?: string } = {}, isMember = false): TSchema {
  switch (shape.type) {
    case "text":
      return toText(shape, options, "required" in shape);
    case "integer":
      return toInteger(shape, options);
    case "flag":
      return Type.Boolean(options);
    case "list":
      return Type.Array(toItem(shape.items), { ...options, maxItems: mostOf(shape) });
    case "object":
      return toObject(shape.members, options, isMember);
    case "map":
      // A schema for the values would turn numbers into texts; `checkMaps` refuses them.
      return Type.Object({}, { ...options, maxProperties: mostOf(shape), additionalProperties: true });
  }
}

/** An empty item would be nothing that is named; an item is not "not set". */
const toItem = (items: Shape): TSchema =>
  items.type === "text" ? Type.String({ minLength: 1, maxLength: longestOf(items) }) : toSchema(items, {}, true);

const toText = (shape: TextShape, options: object, isRequired: boolean): TSchema =>
  Type.String({
    ...options,
    ...(shape.values
      ? { enum: isRequired ? [...shape.values] : [...shape.values, ""] }
      : { maxLength: longestOf(shape) }),
  });

function toInteger(shape: IntegerShape, options: object): TSchema {
  const { minimum, maximum = 2 ** 31 - 1, values } = shape;
  const unset = zeroIsUnset(shape);
  if (values) return Type.Integer({ ...options, enum: unset ? [0, ...values] : [...values] });
  return Type.Integer({ ...options, minimum: unset ? 0 : (minimum ?? -(2 ** 31)), maximum });
}

/**
 * The schema of a body. It has what a schema can say: types, ranges and values; unknown members are kept. "Not set" (an
 * empty text, 0 where it is no value) passes; `checkValues` and a dialect's rules have the rest.
 */
export const bodySchema = <M extends Members>(members: M, description: string) =>
  Type.Unsafe<Given<M>>(toObject(members, { description }));
