import { readFlag } from "../border/read-values.ts";
import { isObject, type Json } from "../json-values.ts";
import { type Given, type Members, type Parameter, type Shape, zeroIsUnset } from "./parameter.ts";

/**
 * What a request that passed its check was kept with, in the types of its table: clients write numbers and flags as texts,
 * and answers do not. What means "not set" is left out at any depth, and members that are not in the table are as they were.
 */
export const keptValues = <M extends Members>(members: M, kept: unknown): Given<M> =>
  keptMembers(members, kept) as Given<M>;

function keptMembers(members: Members, kept: unknown): Json {
  const read = Object.entries(isObject(kept) ? kept : {}).flatMap(([name, value]) => {
    const shape = Object.hasOwn(members, name) ? members[name] : undefined;
    const shown = shape ? keptValue(shape, value) : (value ?? undefined);
    return shown === undefined ? [] : [[name, shown] as const];
  });
  return Object.fromEntries(read);
}

/** Undefined where it is not set. */
function keptValue(shape: Parameter | Shape, value: unknown): unknown {
  if (value === null || value === "") return undefined;
  switch (shape.type) {
    case "text":
      return String(value);
    case "integer":
      return Number(value) === 0 && zeroIsUnset(shape) ? undefined : Number(value);
    case "flag":
      return readFlag(value);
    case "list":
      return Array.isArray(value) && value.length > 0
        ? value.map((item) => keptValue(shape.items, item) ?? item)
        : undefined;
    case "object": {
      const set = keptMembers(shape.members, value);
      return Object.keys(set).length > 0 ? set : undefined;
    }
    case "map":
      return value;
  }
}
