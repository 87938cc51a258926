import type { TSchema } from "typebox";
import { parseJson } from "./json.ts";
import { invalidRequest } from "./request-problem.ts";
import { propertiesOf } from "./schema-parts.ts";

/** The most fields of a form; the longest documented request has about a hundred. */
const mostFields = 1000;

/** The place of a field, as the beginning of a message. */
const placeOf = (name: string): string => `The field ${JSON.stringify(name.slice(0, 100))} of the request body`;

/**
 * Reads a form (`application/x-www-form-urlencoded`), in which the first SDKs send what later ones send as an object: a field
 * for each member, lists and objects as JSON in a text.
 * @param schema of the object, which says what is a list or an object; without one all fields are texts
 * @throws {RequestProblem} for a field that is there twice, or is not the JSON that it has to be
 */
export function parseForm(text: string, schema: TSchema | undefined): Record<string, unknown> {
  if (text.split("&", mostFields + 1).length > mostFields)
    throw invalidRequest(`The request body has more than ${mostFields} fields; send fewer, or send JSON.`);
  const properties = propertiesOf(schema);
  const fields = new Map<string, unknown>();
  for (const [name, value] of new URLSearchParams(text.trim())) {
    if (fields.has(name)) throw invalidRequest(`${placeOf(name)} is there more than once; send it once.`);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    fields.set(name, readField(name, value, property));
  }
  return Object.fromEntries(fields);
}

/** An empty text means "not set" in every field. */
function readField(name: string, value: string, property: TSchema | undefined): unknown {
  const isJson = property !== undefined && "type" in property && ["array", "object"].includes(String(property.type));
  return isJson && value !== "" ? parseJson(value, placeOf(name)) : value;
}
