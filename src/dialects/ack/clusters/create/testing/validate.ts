import type { CheckOptions } from "../../../../common/checked-body.ts";
import type { Violation } from "../../../../common/errors/violations.ts";
import { bodyReader } from "../../../../common/parameters/testing/read-body.ts";
import { createClusterBody } from "../body.ts";

/** Reads a body of CreateCluster in the steps in which the server does it. */
export const readCreateCluster = await bodyReader(createClusterBody);

/** Everything that is wrong with a body. */
export const violationsOf = (body: unknown, options?: CheckOptions): Violation[] =>
  readCreateCluster(body, options).violations;

/** The parameters that are named, each once. */
export const refused = (body: unknown, options?: CheckOptions): string[] => [
  ...new Set(violationsOf(body, options).map(({ parameter }) => parameter)),
];

/** What the user is told of a body that is taken. */
export const remarksOn = (body: unknown): string[] => readCreateCluster(body).remarks;
