import type { ProblemKind } from "../common/border/request-problem.ts";
import { type ApiError, errorsOf } from "../common/errors/api-error.ts";

/** The errors of the vendor's gateway, which a request meets before any service. Clients key on the codes. */
export const gatewayErrors = {
  "APIGW.0101": {
    status: 404,
    message: "The API does not exist or has not been published in the environment. There is no {method} {path}.",
  },
  "APIGW.0201": { status: 413, message: "{reason}" },
  "APIGW.0202": { status: 503, message: "{reason}" },
  "APIGW.0302": { status: 403, message: "{reason}" },
  "APIGW.0301": { status: 401, message: "Incorrect IAM authentication information: {reason}" },
  "APIGW.0303": {
    status: 401,
    message:
      "Incorrect IAM authentication information: the request was signed at {sent}, the server's time is {now}; they may " +
      "differ by 15 minutes. Set the client's clock.",
  },
} as const;

/** The error of a code of the table, its message filled with values. */
export const gatewayError = errorsOf(gatewayErrors);

/** The gateway's codes for what it refuses before any service sees it. */
const problems = {
  "body too large": "APIGW.0201",
  forbidden: "APIGW.0302",
  unavailable: "APIGW.0202",
} as const satisfies Partial<Record<ProblemKind, keyof typeof gatewayErrors>>;

/** What the gateway refuses, whichever service the request is meant for. */
export type GatewayProblem = keyof typeof problems;

/** Whether it is the gateway that refuses this. */
export const isGatewayProblem = (kind: ProblemKind): kind is GatewayProblem => Object.hasOwn(problems, kind);

/** The gateway's refusal. @param reason a sentence for the user */
export const gatewayProblem = (kind: GatewayProblem, reason: string): ApiError =>
  gatewayError(problems[kind], { reason });

/** Whether the gateway would have answered so, and not the service behind it. */
export const isGatewayError = ({ code }: ApiError): boolean => Object.hasOwn(gatewayErrors, code);

/** The body of an error answer of the gateway. */
export const gatewayErrorBody = ({ code, message }: ApiError, requestId: string): object => ({
  error_code: code,
  error_msg: message,
  request_id: requestId,
});
