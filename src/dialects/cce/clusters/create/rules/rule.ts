import type { Violation } from "../../../../common/errors/violations.ts";
import type { GivenSpec } from "../table/table.ts";

/** A rule about several parameters: what it finds wrong with what a body sets in `spec`. */
export type Rule = (spec: GivenSpec) => Violation[];
