import type { BodyContext } from "../../../../common/checked-body.ts";
import type { Violation } from "../../../../common/errors/violations.ts";
import type { createClusterParameters } from "../table/table.ts";

/** `spec` of a body, each of its parameters in one place, with the table's defaults. */
type WantedSpec = BodyContext<typeof createClusterParameters>["body"]["spec"];

/** A rule about several parameters: what it finds wrong with `spec`. */
export type Rule = (spec: WantedSpec) => Violation[];
