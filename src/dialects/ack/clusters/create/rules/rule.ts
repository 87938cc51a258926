import type { BodyContext, BodyRule } from "../../../../common/checked-body.ts";
import type { Kind } from "../kind.ts";
import type { createClusterParameters } from "../table/table.ts";

/** What a rule of CreateCluster looks at. */
export type RuleContext = BodyContext<typeof createClusterParameters, Kind>;

/** A rule about several parameters. */
export type Rule = BodyRule<typeof createClusterParameters, Kind>;
