import type { ProblemKind } from "../common/border/request-problem.ts";
import { describeViolations } from "../common/errors/violations.ts";
import type { Vocabulary } from "../common/vocabulary.ts";
import { type GatewayProblem, gatewayProblem, isGatewayProblem } from "../huawei/gateway.ts";
import { huaweiVocabulary } from "../huawei/vocabulary.ts";
import { iamError, iamErrorBody } from "./errors.ts";

/** IAM's errors for what can be wrong with any request, but for what the gateway before it refuses. */
const codes = {
  "invalid request": "IAM.BadRequest",
  "unsupported media type": "IAM.BadRequest",
  "internal error": "IAM.InternalError",
} as const satisfies Record<Exclude<ProblemKind, GatewayProblem>, string>;

/** Where IAM's paths begin that no other service has. */
const prefixes = ["/v3", "/v3.0", "/v3-ext", "/v5"];

/** How IAM says what every API has to say. */
export const iamVocabulary: Vocabulary = {
  ...huaweiVocabulary,
  unknownPath: ({ method }, path) => iamError("IAM.NotFound", { kind: `path ${method} ${path}` }),
  problem: (kind, reason) =>
    isGatewayProblem(kind) ? gatewayProblem(kind, reason) : iamError(codes[kind], { reason }),
  invalidParameters: (violations) => iamError("IAM.BadRequest", { reason: describeViolations(violations) }),
  notSupported: ({ name }) => iamError("IAM.NotSupported", { operation: name }),
  errorBody: (error, { id }) => iamErrorBody(error, id),
  ownPaths: prefixes.map((prefix) => `${prefix}/*`),
};
