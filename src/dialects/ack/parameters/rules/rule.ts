import type { Violation } from "../../violations.ts";
import type { Kind } from "../parameter.ts";
import type { GivenBody } from "../table/table.ts";

/** What a rule looks at. */
export interface RuleContext {
  /** What the body sets, newer spellings brought into the documents' parameters. */
  body: GivenBody;
  kind: Kind;
  /** The name that the client used, for a parameter of the documents. */
  nameOf: (parameter: keyof GivenBody & string) => string;
}

/** A rule about several parameters: what it finds wrong with a request. */
export type Rule = (context: RuleContext) => Violation[];

/** A parameter that has to be given and is not. */
export const missing = (parameter: string, wayOut?: string): Violation => ({
  parameter,
  rule: "is mandatory",
  wayOut,
  missing: true,
});

/** The items that are named before in a list, with their places. */
export function repeated<T>(items: readonly T[], key: (item: T) => string | undefined): { item: T; index: number }[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const name = key(item);
    if (name === undefined) return [];
    if (seen.has(name)) return [{ item, index }];
    seen.add(name);
    return [];
  });
}
