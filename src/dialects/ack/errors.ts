import { type ApiError, type ErrorTable, errorsOf } from "../common/errors/api-error.ts";

/**
 * Every error code of the ACK dialect. Clients key on the codes: they are never renamed.
 *
 * - A status of 5xx means "try again": Terraform retries it for up to an hour. Lasting conditions have a 4xx.
 * - 404 means "gone", and Terraform then forgets the resource: only codes that end in `NotFound` have it.
 * - Codes and messages of the first two groups are those of the vendor's public gateway, with what is wrong and the way
 *   out added where the gateway is silent.
 */
export const ackErrors = {
  // Authentication.
  MissingAuthorization: {
    status: 400,
    message: "The Authorization header is missing. Sign the request with an access key, by ACS3-HMAC-SHA256.",
  },
  IncompleteSignature: { status: 400, message: "The request signature does not conform to the standard: {reason}." },
  SignatureDoesNotMatch: { status: 400, message: "Specified signature is not matched with our calculation. {detail}" },
  ContentMD5NotMatched: {
    status: 400,
    message: "Specified content md5 is not matched with your request body.",
  },
  SignatureNonceUsed: {
    status: 400,
    message: "Specified signature nonce was used already. Sign every request anew, with a nonce of its own.",
  },
  "InvalidTimeStamp.Format": {
    status: 400,
    message: "Specified time stamp or date value is not well formatted. Send the header {header} as in {form}.",
  },
  "InvalidTimeStamp.Expired": {
    status: 400,
    message:
      "Specified time stamp or date value is expired. The request was signed at {sent}, the server's time is {now}; " +
      "they may differ by 15 minutes. Set the client's clock.",
  },
  "InvalidAccessKeyId.NotFound": { status: 404, message: "Specified access key is not found." },
  "InvalidAccessKeyId.Inactive": { status: 400, message: "Specified access key is disabled." },
  "InvalidSecurityToken.Malformed": {
    status: 400,
    message:
      "Specified SecurityToken is malformed. This service issues no security tokens: sign with a permanent access key, " +
      "without the header x-acs-security-token.",
  },

  // Requests as such.
  "InvalidApi.NotFound": {
    status: 404,
    message: "Specified api is not found, please check your url and method. There is no {method} {path}.",
  },
  InvalidVersion: {
    status: 400,
    message: "Specified parameter Version is not valid. The version {version} is not served, only 2015-12-15.",
  },
  OperationNotSupported: {
    status: 400,
    message: "The operation {operation} is documented for ACK, but this service does not support it.",
  },
  InvalidParameter: { status: 400, message: "{reason}" },
  Forbidden: { status: 403, message: "{reason}" },
  IdempotentParameterMismatch: {
    status: 400,
    message:
      "The client token {token} was used for another request already. " +
      "Send that request again as it was, or this one with a token of its own.",
  },
  RequestBodyTooLarge: { status: 413, message: "{reason}" },
  UnsupportedMediaType: { status: 415, message: "{reason}" },

  // Clusters and what belongs to them.
  ErrorClusterNotFound: { status: 404, message: "The cluster {clusterId} is not found." },
  ErrorNodePoolNotFound: { status: 404, message: "The node pool {nodepoolId} is not found in cluster {clusterId}." },
  ErrorTaskNotFound: { status: 404, message: "The task {taskId} is not found." },
  ErrorClusterState: {
    status: 400,
    message: "The cluster {clusterId} is {state}, which does not allow {operation}. {wayOut}",
  },
  ErrorDeletionProtection: {
    status: 400,
    message:
      "The cluster {clusterId} is protected against deletion. " +
      "Set deletion_protection to false by ModifyCluster first, then delete it.",
  },

  // The service itself. Only what another try may get over.
  InternalError: { status: 500, message: "{reason}" },
  ServiceUnavailable: { status: 503, message: "{reason}" },
} as const satisfies ErrorTable;

/** A code of the error table. */
export type AckErrorCode = keyof typeof ackErrors;

/** The error of a code of the table, its message filled with values. `extra`: more members for the body. */
export const ackError = errorsOf(ackErrors);

/** The body of an error answer. */
export interface AckErrorBody {
  code: string;
  message: string;
  requestId: string;
  status: number;
  Code: string;
  Message: string;
  RequestId: string;
  HostId: string;
  [extra: string]: unknown;
}

/**
 * The body of an error answer: one for all clients. The vendor has two shapes, the service's `{code, message, requestId,
 * status}` and the gateway's `{RequestId, HostId, Code, Message}`, and no client knows which one answered. Most read both
 * spellings, acs-sdk-go only capitals, and an old one splits the text at the first `code`. So both spellings are there,
 * with equal values, and `code` comes first. There is no `request_id`: no client reads it.
 * @param host the request's `host` header
 */
export function ackErrorBody(error: ApiError, requestId: string, host: string): AckErrorBody {
  const standard = {
    code: error.code,
    message: error.message,
    requestId,
    status: error.status,
    Code: error.code,
    Message: error.message,
    RequestId: requestId,
    HostId: host,
  };
  return { ...standard, ...error.extra, ...standard };
}
