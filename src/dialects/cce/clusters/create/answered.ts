import { isObject, type Json } from "../../../common/json-values.ts";
import type { Members } from "../../../common/parameters/parameter.ts";
import { effects } from "./table/common.ts";
import { createClusterParameters } from "./table/table.ts";

/**
 * A copy of a body without what the service gives out itself: clients that copy a cluster's object send it back, and it
 * must not be shown as what it was of another cluster (terraform takes an `orderID` for an order to pay).
 * @param body in the right spelling, see `respell`
 */
export const withoutAnswered = (body: Json): Record<string, unknown> => without(createClusterParameters, body);

/** Nothing within lists is the service's. */
function without(members: Members, value: Json): Record<string, unknown> {
  const kept = Object.entries(value).flatMap(([name, member]) => {
    const parameter = Object.hasOwn(members, name) ? members[name] : undefined;
    if (parameter?.effect === effects.answered) return [];
    if (parameter?.type !== "object" || !isObject(member)) return [[name, member] as const];
    return [[name, without(parameter.members, member)] as const];
  });
  return Object.fromEntries(kept);
}
