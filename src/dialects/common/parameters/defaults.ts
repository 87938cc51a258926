import { isObject, type Json } from "../json-values.ts";
import { type Given, type Members, type MemberValues, ofKind, type Parameter } from "./parameter.ts";

/**
 * What a body sets, with the table's defaults for what it leaves out, at any depth; an object that is left out is there where
 * one of its members has a default.
 * @param kind undefined leaves out what differs by kind
 */
export const withDefaults = <M extends Members>(members: M, given: Given<M>, kind?: string) =>
  fillMembers(members, given, kind) as MemberValues<M, "defaults">;

function fillMembers(members: Members, value: Json, kind: string | undefined): Json {
  const filled = Object.entries(members).flatMap(([name, parameter]) => {
    const member = fill(parameter, Object.hasOwn(value, name) ? value[name] : undefined, kind);
    return member === undefined ? [] : [[name, member] as const];
  });
  return { ...value, ...Object.fromEntries(filled) };
}

function fill(parameter: Parameter, value: unknown, kind: string | undefined): unknown {
  if (parameter.type === "object") return fillObject(parameter.members, value, kind);
  if (value === undefined) return defaultOf(parameter, kind);
  if (parameter.type !== "list" || parameter.items.type !== "object" || !Array.isArray(value)) return value;
  const { members } = parameter.items;
  return value.map((item) => (isObject(item) ? fillMembers(members, item, kind) : item));
}

function fillObject(members: Members, value: unknown, kind: string | undefined): unknown {
  const filled = fillMembers(members, isObject(value) ? value : {}, kind);
  return value === undefined && Object.keys(filled).length === 0 ? undefined : filled;
}

function defaultOf({ type, default: value }: Parameter, kind = ""): unknown {
  const one = value === undefined ? undefined : ofKind(value, kind);
  return type === "list" && one !== undefined ? [one] : one;
}
