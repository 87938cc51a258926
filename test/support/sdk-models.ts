import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** What an SDK takes for a value: a plain one, anything, a list, or an object of a model. */
type ModelType = "string" | "number" | "boolean" | "any" | { list: ModelType } | { object: Model };

/** Members of an answer as an SDK knows them, by their names on the wire. */
export interface Model {
  readonly [member: string]: ModelType;
}

/** How an answer differs from its model: places such as `scaling_group.data_disks[].size`, sorted. */
export interface Differences {
  /** Members that are not there, or null. What is in an object that is not there, or in an empty list, is not counted. */
  missing: string[];
  /** Members of another type. */
  mistyped: string[];
}

/** Compares an answer, as it is on the wire, with what an SDK knows of it. */
export function differences(model: Model, answer: object): Differences {
  const found = { missing: new Set<string>(), mistyped: new Set<string>() };
  compareObject(model, answer as Record<string, unknown>, "", found);
  return { missing: [...found.missing].toSorted(), mistyped: [...found.mistyped].toSorted() };
}

type Found = Record<keyof Differences, Set<string>>;

function compareObject(model: Model, answer: Readonly<Record<string, unknown>>, prefix: string, found: Found): void {
  for (const [name, type] of Object.entries(model)) {
    const value = answer[name];
    if (value === undefined || value === null) found.missing.add(prefix + name);
    else compareValue(type, value, prefix + name, found);
  }
}

function compareValue(type: ModelType, value: unknown, place: string, found: Found): void {
  if (type === "any") return;
  if (typeof type === "string") {
    if (typeof value !== type) found.mistyped.add(place);
  } else if ("list" in type) {
    if (!Array.isArray(value)) found.mistyped.add(place);
    else for (const item of value) compareValue(type.list, item, `${place}[]`, found);
  } else if (typeof value !== "object" || Array.isArray(value)) found.mistyped.add(place);
  else compareObject(type.object, value as Record<string, unknown>, `${place}.`, found);
}

/** A model of the Alibaba Cloud SDK: it says of itself what its members are called and of which types they are. */
interface AlibabaModel {
  names(): Record<string, string>;
  types(): Record<string, AlibabaType>;
}
type AlibabaType = string | AlibabaModel | { type: "array"; itemType: AlibabaType } | { type: "map" };

/** A model of the SDK of ACK. @param name e.g. `DescribeClusterDetailResponseBody` */
export function ackModel(name: string): Model {
  const models = require("@alicloud/cs20151215/dist/models/model.js") as Record<string, AlibabaModel>;
  const found = models[name];
  if (!found) throw new Error(`The SDK of ACK has no model ${name}.`);
  return fromAlibaba(found);
}

function fromAlibaba(model: AlibabaModel): Model {
  const types = model.types();
  return Object.fromEntries(
    Object.entries(model.names()).map(([name, wireName]) => [wireName, typeOf(types[name] ?? "any")]),
  );
}

function typeOf(type: AlibabaType): ModelType {
  if (type === "string" || type === "number" || type === "boolean") return type;
  if (typeof type === "string") return "any";
  if ("names" in type) return { object: fromAlibaba(type) };
  return type.type === "array" ? { list: typeOf(type.itemType) } : "any";
}

/**
 * A model of the SDK of CCE, which says what its members are in its type declarations alone.
 * @param name e.g. `ShowClusterResponse`
 */
export function cceModel(name: string): Model {
  const folder = join(dirname(require.resolve("@huaweicloud/huaweicloud-sdk-cce")), "v3", "model");
  const declared = readFileSync(join(folder, `${name}.d.ts`), "utf8");
  const [, body = ""] = /export declare class \w+[^{]*\{\n(.*?)\n {4}constructor\(/s.exec(declared) ?? [];
  // Members whose names are no names of JavaScript are private, and have no type.
  const members = body.matchAll(/^ {4}(?:private )?'?([\w./-]+)'?\??(?:: ([^;{]+|\{[^}]*\}))?;$/gm);
  return Object.fromEntries([...members].map(([, member = "", type]) => [member, declaredType(type)]));
}

function declaredType(type: string | undefined): ModelType {
  if (type === "string" || type === "number" || type === "boolean") return type;
  const [, item] = /^Array<(\w+)>$/.exec(type ?? "") ?? [];
  if (item) return { list: declaredType(item) };
  if (type?.endsWith("Enum")) return "string";
  return type && /^[A-Z]\w+$/.test(type) ? { object: cceModel(type) } : "any";
}
