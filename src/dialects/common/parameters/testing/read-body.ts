import { type CheckedBody, type CheckOptions, examineBody, type RequestBody, remarksOn } from "../../checked-body.ts";
import type { Violation } from "../../errors/violations.ts";
import type { Members, MemberValues } from "../parameter.ts";
import { schemaViolations } from "./schema-violations.ts";

/** A body that was read in the steps in which the server does it, and what is wrong with it. */
export interface ReadBody<M, Kind extends string> extends CheckedBody<M, Kind> {
  violations: Violation[];
}

/** Reads bodies as {@link checkedBody} does, but for refusing them: what is wrong is told beside what was read. */
export async function bodyReader<M extends Members, Kind extends string, Subject>(
  definition: RequestBody<M, Kind, Subject>,
) {
  const ofSchema = await schemaViolations(definition.schema);
  return (body: unknown, options: CheckOptions<Subject> = {}): ReadBody<M, Kind> => {
    const read = definition.keys ? definition.keys.respell(body) : structuredClone(body);
    const sent = structuredClone(read) as Record<string, unknown>;
    const { violations, context } = examineBody(definition, { body: read, ofSchema: ofSchema(read) }, options);
    const remarks = remarksOn(definition, read, context);
    return { ...context, body: context.body as MemberValues<M>, sent, remarks, violations };
  };
}
