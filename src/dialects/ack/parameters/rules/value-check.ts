import type { Violation } from "../../violations.ts";
import { type PlacedValue, placedValues } from "../given.ts";
import { type Kind, ofKind, type Parameter, type Shape } from "../parameter.ts";
import { createClusterParameters, type GivenBody } from "../table/table.ts";
import { missing } from "./rule.ts";

/**
 * What is wrong with single values, beyond what the schema says: naming rules, and ranges above 0, where 0 means "not set".
 * @param kind undefined checks what holds for both kinds
 */
export const checkValues = (body: GivenBody, kind: Kind | undefined): Violation[] =>
  placedValues(body).flatMap((placed) => checkValue(placed, kind));

function checkValue({ path, parameter, value }: PlacedValue, kind: Kind | undefined): Violation[] {
  if (parameter.type === "text") return checkText(path, parameter, value as string, kind);
  if (parameter.type === "integer") return checkRange(path, parameter, value as number);
  return isEntry(path, parameter) ? missingMembers(path, parameter, value as object) : [];
}

function checkText(
  path: string,
  { rule: rules }: Extract<Shape, { type: "text" }>,
  value: string,
  kind: Kind | undefined,
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

const isEntry = (path: string, shape: Parameter | Shape): shape is Extract<Shape, { type: "object" }> =>
  shape.type === "object" && path.endsWith("]");

/** Entries of lists have members that they need; an empty text is none. */
function missingMembers(path: string, { members }: Extract<Shape, { type: "object" }>, value: object): Violation[] {
  return Object.entries(members)
    .filter(([name, { required }]) => required && !Object.hasOwn(value, name))
    .map(([name]) => missing(`${path}.${name}`));
}

/** Parameters that every request needs. */
export const checkRequired = (body: GivenBody): Violation[] =>
  Object.entries(createClusterParameters)
    .filter(([name, parameter]) => "required" in parameter && !Object.hasOwn(body, name))
    .map(([name]) => missing(name, waysOut[name]));

const waysOut: Readonly<Record<string, string>> = {
  cluster_type: "ManagedKubernetes or Kubernetes",
  vpcid: "name the VPC of the nodes; an unknown one is registered",
  service_cidr: "e.g. 172.19.0.0/20",
};
