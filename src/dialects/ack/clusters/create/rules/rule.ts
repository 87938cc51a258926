import type { Violation } from "../../../../common/errors/violations.ts";
import type { Kind } from "../kind.ts";
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
