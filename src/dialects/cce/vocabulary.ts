import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { ProblemKind } from "../common/request-problem.ts";
import { describeViolations, type Violations } from "../common/violations.ts";
import type { Vocabulary } from "../common/vocabulary.ts";
import { cceError, cceErrorBody, type cceErrors, iamErrorBody, operationNotSupported } from "./errors.ts";

/** CCE's codes for what can be wrong with any request. */
const codes = {
  "invalid request": "CCE.01400001",
  "unsupported media type": "CCE.01400006",
  "body too large": "APIGW.0201",
  "internal error": "CCE.01500001",
} as const satisfies Record<ProblemKind, keyof typeof cceErrors>;

/** Where Huawei Cloud's APIs begin that no other vendor has. */
const prefixes = ["/api/v3", "/api/v3.1", "/autopilot", "/cce", "/v2", "/v3", "/v5"];

/** How CCE, and IAM before it, say what every API has to say. */
export const cceVocabulary: Vocabulary = {
  newRequestId: () => randomUUID().replaceAll("-", ""),
  requestIdHeader: "X-Request-Id",
  problem: (kind, reason) => cceError(codes[kind], { reason }),
  invalidParameters: (violations) => cceError(codeOf(violations), { reason: describeViolations(violations) }),
  unknownPath: ({ method }, path) => cceError("APIGW.0101", { method, path }),
  notSupported: ({ name }) => operationNotSupported(name),
  errorBody: (error, request) =>
    isForIam(request) ? iamErrorBody(error, request.id) : cceErrorBody(error, request.id),
  ownPaths: prefixes.map((prefix) => `${prefix}/*`),
};

/** A version that is not served has a code of its own, where nothing else is wrong. */
const codeOf = (violations: Violations) =>
  violations.every(({ parameter }) => parameter === "spec.version") ? "CCE.01400015" : "CCE.01400001";

/** IAM's operations are those below /v3. */
const isForIam = ({ routeOptions }: FastifyRequest): boolean => routeOptions.url?.startsWith("/v3/") ?? false;
