import { isPerKind, longestOf, mostOf, type Shape, type ValueRule } from "../parameter.ts";

/** A value just above the limit of a parameter; undefined where its values have no size. */
export function oneTooMany(shape: Shape): unknown {
  if (shape.type === "text" && !shape.values) return "1".repeat(longestOf(shape) + 1);
  if (shape.type === "list")
    return Array.from({ length: mostOf(shape) + 1 }, () => (shape.items.type === "text" ? "1" : {}));
  if (shape.type === "map")
    return Object.fromEntries(Array.from({ length: mostOf(shape) + 1 }, (_, n) => [`n${n}`, ""]));
  return undefined;
}

/** The rules of a parameter's values, or of the entries of its list. */
export function rulesOf(shape: Shape): ValueRule[] {
  if (shape.type === "list") return rulesOf(shape.items);
  if (shape.type !== "text" || !shape.rule) return [];
  return isPerKind(shape.rule) ? Object.values(shape.rule.byKind) : [shape.rule];
}
