import { type ApiError, type ErrorRow, errorsOf } from "../common/errors/api-error.ts";
import { gatewayErrorBody, isGatewayError } from "../huawei/gateway.ts";

/** A row of the error table. */
interface CceErrorRow extends ErrorRow {
  /** What the vendor's documents say of the code. */
  title: string;
  /** The code that older releases of the vendor had for it, where there is one: `error_code` of the body. */
  older?: string;
}

/**
 * Every error code of the CCE dialect but for the gateway's. Clients key on the codes: they are never renamed. `CCE.NNHHHXXX` is family (01:
 * clusters), HTTP status and number.
 *
 * 404 means "gone", and Terraform then forgets the resource. There is no 429: Terraform would try again for minutes.
 */
export const cceErrors = {
  // Requests as such.
  "CCE.01400001": { status: 400, title: "Invalid request.", older: "CCE_CM.0004", message: "{reason}" },
  "CCE.01400006": { status: 400, title: "Unsupported content type.", older: "CCE_CM.0004", message: "{reason}" },
  "CCE.01403001": {
    status: 403,
    title: "Forbidden.",
    message:
      "The project {projectId} is not one in which the caller may do this. An access key works in the projects of its " +
      "account, a token in the project that it was issued for; GET /v3/projects lists the account's.",
  },

  // Clusters and what belongs to them.
  "CCE.01400005": {
    status: 400,
    title: "Invalid cluster CIDR: it conflicts with another one.",
    older: "CCE_CM.0410",
    message: "{reason}",
  },
  "CCE.01400015": {
    status: 400,
    title: "Cluster version is not supported.",
    older: "CCE_CM.0402",
    message: "{reason}",
  },
  "CCE.01400017": { status: 400, title: "No available CIDR is left.", message: "{reason}" },
  "CCE.01400034": {
    status: 400,
    title: "Deletion protection is enabled for the cluster.",
    message:
      "The cluster {clusterId} is protected against deletion. Set spec.deletionProtection to false by updating the cluster " +
      "first, then delete it.",
  },
  "CCE.01404001": {
    status: 404,
    title: "Resource not found.",
    older: "CCE_CM.0003",
    message: "The {kind} {id} is not found.",
  },

  // The service itself. Only what another try may get over.
  "CCE.01500001": { status: 500, title: "Internal error.", message: "{reason}" },
} as const satisfies Readonly<Record<string, CceErrorRow>>;

/** The error of a code of the table, its message filled with values. `extra`: more members for the body. */
export const cceError = errorsOf(cceErrors);

/** The error for an operation that is documented for CCE and not served: the vendor has no code of its own for it. */
export const operationNotSupported = (operation: string): ApiError =>
  cceError("CCE.01400001", {
    reason: `The operation ${operation} is documented for Huawei Cloud, but this service does not support it.`,
  });

/** `reason` of Kubernetes' Status objects, by HTTP status. */
const reasons: Readonly<Record<number, string>> = {
  400: "BadRequest",
  403: "Forbidden",
  404: "NotFound",
  413: "RequestEntityTooLarge",
  500: "InternalError",
};

/**
 * The body of an error answer, in the shape of who would have answered.
 *
 * The service's is a Kubernetes Status with both of the vendor's spellings. `errorCode` and `errorMessage` have the code
 * and the sentence of the documents. `error_code` has the older code where there is one, else the same. The Node.js SDK
 * reads `error_code` and `error_msg` alone, so `error_msg` says what is wrong as `message` does, not the documents'
 * sentence.
 */
export function cceErrorBody(error: ApiError, requestId: string): object {
  if (isGatewayError(error)) return gatewayErrorBody(error, requestId);
  const rows: Readonly<Record<string, CceErrorRow>> = cceErrors;
  const row = Object.hasOwn(rows, error.code) ? rows[error.code] : undefined;
  return {
    ...error.extra,
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    code: error.status,
    reason: reasons[error.status] ?? "Unknown",
    errorCode: error.code,
    errorMessage: row?.title ?? error.message,
    error_code: row?.older ?? error.code,
    error_msg: error.message,
    message: error.message,
  };
}
