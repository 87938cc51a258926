import type { ProblemKind } from "../common/border/request-problem.ts";
import { describeViolations, type Violations } from "../common/errors/violations.ts";
import type { Vocabulary } from "../common/vocabulary.ts";
import { type GatewayProblem, gatewayProblem, isGatewayProblem } from "../huawei/gateway.ts";
import { huaweiVocabulary } from "../huawei/vocabulary.ts";
import { cceError, cceErrorBody, type cceErrors, operationNotSupported } from "./errors.ts";

/** CCE's codes for what can be wrong with any request, but for what its gateway refuses. */
const codes = {
  "invalid request": "CCE.01400001",
  "unsupported media type": "CCE.01400006",
  "internal error": "CCE.01500001",
} as const satisfies Record<Exclude<ProblemKind, GatewayProblem>, keyof typeof cceErrors>;

/** Where CCE's paths begin that no other service has. */
const prefixes = ["/api/v3", "/api/v3.1", "/autopilot", "/cce", "/v2"];

/** How CCE says what every API has to say. */
export const cceVocabulary: Vocabulary = {
  ...huaweiVocabulary,
  problem: (kind, reason) =>
    isGatewayProblem(kind) ? gatewayProblem(kind, reason) : cceError(codes[kind], { reason }),
  invalidParameters: (violations) => cceError(codeOf(violations), { reason: describeViolations(violations) }),
  notSupported: ({ name }) => operationNotSupported(name),
  errorBody: (error, { id }) => cceErrorBody(error, id),
  conflictParameters: {
    vpcId: "spec.hostNetwork.vpc",
    vswitchId: "spec.hostNetwork.subnet",
    securityGroupId: "spec.hostNetwork.SecurityGroup",
    serviceCidr: "spec.serviceNetwork.IPv4CIDR",
    podCidr: "spec.containerNetwork.cidr",
  },
  ownPaths: prefixes.map((prefix) => `${prefix}/*`),
};

/** A version that is not served has a code of its own, where nothing else is wrong. */
const codeOf = (violations: Violations) =>
  violations.every(({ parameter }) => parameter === "spec.version") ? "CCE.01400015" : "CCE.01400001";
