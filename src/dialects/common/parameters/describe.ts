import { isPerKind, type ListShape, type Parameter, type PerKind, type Shape, type ValueRule } from "./parameter.ts";

/** The type of a parameter's values in words: `list of objects`. */
export function describeType(shape: Shape): string {
  if (shape.type === "flag") return "boolean";
  if (shape.type === "map") return "map of texts";
  if (shape.type === "list") return `list of ${shape.items.type}s`;
  return shape.type;
}

/** What a parameter's values have to be, beside its type, as clauses: `one of iptables, ipvs`. */
export function describeRules(parameter: Parameter): string[] {
  return [...shapeRules(parameter), ...(parameter.conditions ?? [])];
}

function shapeRules(shape: Shape): string[] {
  if (shape.type === "text") {
    const { values, known, maxLength, rule } = shape;
    const open = oneOf(known).map((list) => `${list}; others are taken as they are, and told`);
    return [...oneOf(values), ...open, ...(maxLength ? [`at most ${maxLength} characters`] : []), ...valueRules(rule)];
  }
  if (shape.type === "integer") {
    const { values, minimum, maximum } = shape;
    if (minimum !== undefined && maximum !== undefined) return [`from ${minimum} to ${maximum}`];
    return [...oneOf(values), ...(minimum === undefined ? [] : [`at least ${minimum}`])];
  }
  if (shape.type === "map") return [...atMost(shape), ...(shape.rule ? [shape.rule.says] : [])];
  return shape.type === "list" ? listRules(shape) : [];
}

const oneOf = (values: readonly unknown[] | undefined): string[] =>
  values === undefined
    ? []
    : values.length === 1
      ? [`\`${values[0]}\``]
      : [`one of ${values.map((value) => `\`${value}\``).join(", ")}`];

function listRules({ items, ...list }: ListShape): string[] {
  const each = items.type === "text" ? shapeRules(items).map((rule) => `each ${rule}`) : [];
  return [...atMost(list), ...each];
}

/** What is not said is said once, where the tables begin. */
const atMost = ({ maxItems }: { readonly maxItems?: number }): string[] => (maxItems ? [`at most ${maxItems}`] : []);

function valueRules(rule: PerKind<ValueRule> | undefined): string[] {
  if (!rule) return [];
  if (!isPerKind(rule)) return [rule.says];
  return Object.entries(rule.byKind).map(([kind, { says }]) => `${kind} clusters: ${says}`);
}

/** What stands in for a parameter that is left out; undefined where nothing does. */
export function describeDefault({ default: value, defaultIs }: Parameter): string | undefined {
  if (defaultIs !== undefined) return defaultIs;
  if (value === undefined) return undefined;
  if (!isPerKind(value)) return `\`${value}\``;
  return Object.entries(value.byKind)
    .map(([kind, one]) => `\`${one}\` (${kind})`)
    .join(", ");
}

/** When a parameter has to be given; undefined where it never has to. */
export function describeRequirement({ required, requiredWhen }: Parameter, isMember: boolean): string | undefined {
  if (required) return isMember ? "in each entry" : "always";
  return requiredWhen === undefined ? undefined : `where ${requiredWhen}`;
}

/** A parameter in one paragraph, for the OpenAPI document. */
export function describeParameter(parameter: Parameter, isMember: boolean): string {
  const facts: [string, string | undefined][] = [
    ["Required", describeRequirement(parameter, isMember)],
    ["Default:", describeDefault(parameter)],
    ["Rule:", describeRules(parameter).join("; ") || undefined],
    ["Replaced by", parameter.replacedBy && `\`${parameter.replacedBy}\``],
  ];
  const said = facts.flatMap(([title, fact]) => (fact === undefined ? [] : [`${title} ${fact}.`]));
  return [parameter.meaning, ...said, parameter.effect].filter((sentence) => sentence !== undefined).join(" ");
}
