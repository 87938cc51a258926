import type { TSchema } from "typebox";
import { itemsOf, propertiesOf, typeOf } from "./schema-parts.ts";

/** How languages write what is true and what is false: JSON, Python, PHP. In lower case. */
const flagWords: Readonly<Record<string, boolean>> = { true: true, "1": true, false: false, "0": false };

/** A value that some language writes for true or false as that; any other value as it is. */
export function readFlag(value: unknown): unknown {
  if (typeof value !== "string" && typeof value !== "number") return value;
  const word = String(value).trim().toLowerCase();
  return Object.hasOwn(flagWords, word) ? flagWords[word] : value;
}

/**
 * Reads the members of a body or a query in the types that its schema asks for, in place, before the schema is checked:
 * clients are written in many languages. `null` and, for what is no text, an empty text mean "not set". Numbers in texts
 * are left to the schema's validator. What stands for nothing that the schema takes is left as it is, to be refused.
 */
export function readValues(value: unknown, schema?: TSchema): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = readValue(item, itemsOf(schema));
    return;
  }
  const members = value as Record<string, unknown>;
  const properties = propertiesOf(schema);
  for (const [name, member] of Object.entries(members)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isUnset(member, property)) delete members[name];
    else members[name] = readValue(member, property);
  }
}

function readValue(value: unknown, schema: TSchema | undefined): unknown {
  if (schema && typeOf(schema).type === "boolean") return readFlag(value);
  if (schema && isFlagAsText(schema)) return typeof value === "object" ? value : asText(readFlag(value));
  readValues(value, schema);
  return value;
}

/** A text whose values are `true`, `false` and maybe others, as some parameters of both vendors have them. */
const isFlagAsText = (schema: TSchema): boolean => {
  const { type, enum: values = [] } = typeOf(schema);
  return type === "string" && values.includes("true") && values.includes("false");
};

const asText = (value: unknown): unknown => (typeof value === "boolean" ? String(value) : value);

const isUnset = (value: unknown, schema: TSchema | undefined): boolean =>
  value === null || (value === "" && schema !== undefined && ![undefined, "string"].includes(typeOf(schema).type));
