import Type, { type TSchema } from "typebox";
import { describeParameter } from "./describe.ts";
import {
  type IntegerShape,
  type Members,
  type Parameter,
  type Shape,
  type TextShape,
  zeroIsUnset,
} from "./parameter.ts";
import { type CreateClusterBody, createClusterParameters } from "./table/table.ts";

function toObject(members: Members, options: { description?: string }, isMember = false): TSchema {
  const properties = Object.entries(members).map(([name, parameter]) => {
    const schema = toSchema(parameter, { description: describeParameter(parameter, isMember) });
    return [name, parameter.required ? schema : Type.Optional(schema)];
  });
  return Type.Object(Object.fromEntries(properties), { ...options, additionalProperties: true });
}

function toSchema(shape: Parameter | Shape, options: { description?: string } = {}): TSchema {
  switch (shape.type) {
    case "text":
      return toText(shape, options, "required" in shape);
    case "integer":
      return toInteger(shape, options);
    case "flag":
      return Type.Boolean(options);
    case "list":
      return Type.Array(toItem(shape.items), { ...options, ...(shape.maxItems && { maxItems: shape.maxItems }) });
    case "object":
      return toObject(shape.members, options, true);
  }
}

/** An empty item would be nothing that is named; an item is not "not set". */
const toItem = (items: Shape): TSchema =>
  items.type === "text" ? Type.String({ minLength: 1, ...lengthOf(items) }) : toSchema(items);

const toText = (shape: TextShape, options: object, isRequired: boolean): TSchema =>
  Type.String({
    ...options,
    ...lengthOf(shape),
    ...(shape.values && { enum: isRequired ? [...shape.values] : [...shape.values, ""] }),
  });

const lengthOf = ({ maxLength }: TextShape) => (maxLength === undefined ? {} : { maxLength });

function toInteger(shape: IntegerShape, options: object): TSchema {
  const { minimum, maximum = 2 ** 31 - 1, values } = shape;
  const unset = zeroIsUnset(shape);
  if (values) return Type.Integer({ ...options, enum: unset ? [0, ...values] : [...values] });
  return Type.Integer({ ...options, minimum: unset ? 0 : (minimum ?? -(2 ** 31)), maximum });
}

/**
 * The body of CreateCluster. It has what a schema can say: types, ranges and values; unknown members are kept. "Not set"
 * (an empty text, 0 where it is no value) passes; `checkCreateCluster` has the other rules.
 */
export const createClusterBody = Type.Unsafe<CreateClusterBody>(
  toObject(createClusterParameters, {
    description: "A managed cluster (`ManagedKubernetes`) or a dedicated one (`Kubernetes`).",
  }),
);
