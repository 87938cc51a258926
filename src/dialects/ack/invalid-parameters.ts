import { ApiError } from "../common/errors/api-error.ts";
import { describeViolations, type Violations } from "../common/errors/violations.ts";
import { ackError } from "./errors.ts";

/**
 * The error for a request that breaks rules: the message lists every violation, with parameter, value, rule and way out.
 * A single missing parameter gets the gateway's own code for that, e.g. `MissingRegionId`.
 */
export function invalidParameters(violations: Violations): ApiError {
  const [first] = violations;
  if (violations.length === 1 && first.missing) return missingParameter(first.parameter);
  return ackError("InvalidParameter", { reason: describeViolations(violations) });
}

/** The gateway's error for a missing parameter: `Missing<Name>`, e.g. `MissingRegionId` for `region_id`. */
export function missingParameter(parameter: string): ApiError {
  const words = parameter.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return new ApiError(`Missing${name || "Parameter"}`, 400, `${parameter} is mandatory for this action.`);
}
