import type { Violation } from "../../../../common/errors/violations.ts";
import { withoutNulls } from "../../../../common/parameters/given.ts";
import { schemaViolations } from "../../../../common/parameters/testing/schema-violations.fixture.ts";
import { allViolations, withWaysOut } from "../../../../common/parameters/value-check.ts";
import { type CheckOptions, checkCreateCluster, createClusterBody, createClusterParameters } from "../index.ts";

const ofSchema = await schemaViolations(createClusterBody);

/** Everything that is wrong with a body, in the steps in which the server finds it. */
export function violationsOf(body: unknown, options: CheckOptions = { strict: false }): Violation[] {
  const read: unknown = withoutNulls(structuredClone(body));
  return allViolations(withWaysOut(createClusterParameters, ofSchema(read)), checkCreateCluster(read, options));
}

/** The parameters that are named, each once. */
export const refused = (body: unknown, options?: CheckOptions): string[] => [
  ...new Set(violationsOf(body, options).map(({ parameter }) => parameter)),
];
