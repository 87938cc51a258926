/**
 * What is to be otherwise in a value, in the manner of RFC 7386: members that are left out or undefined stay as they are,
 * objects are gone into, lists are replaced as a whole, and null takes away what need not be there.
 */
export type MergePatch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: MergePatch<T[K]> | undefined | (undefined extends T[K] ? null : never) }
    : T;

/** The value after the patch; neither is changed itself. */
export const merged = <T extends object>(value: T, patch: MergePatch<NoInfer<T>>): T =>
  merge(value as JsonObject, patch as JsonObject) as T;

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function merge(value: JsonObject, patch: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([name]) => patch[name] !== null);
  const given = Object.entries(patch).filter(([, wanted]) => wanted !== undefined && wanted !== null);
  const changed = given.map(([name, wanted]) => {
    const present = value[name];
    return [name, isObject(wanted) ? merge(isObject(present) ? present : {}, wanted) : wanted];
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}
