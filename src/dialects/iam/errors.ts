import { STATUS_CODES } from "node:http";
import { TooBusyError } from "../../core/accounts/passwords.ts";
import { TooManyProjectsError } from "../../core/accounts/projects.ts";
import { type ApiError, type ErrorTable, errorsOf } from "../common/errors/api-error.ts";
import { gatewayErrorBody, isGatewayError } from "../huawei/gateway.ts";

/** Every error of IAM that this service has. The codes stand in the log alone: IAM's error bodies have the HTTP status. */
export const iamErrors = {
  "IAM.BadRequest": { status: 400, message: "{reason}" },
  // The vendor has no error for it.
  "IAM.NotSupported": {
    status: 400,
    message: "The operation {operation} is documented for Huawei Cloud, but this service does not support it.",
  },
  "IAM.Unauthorized": {
    status: 401,
    message:
      "The user name, the password or the token is wrong, or the account does not exist. The first account's are in " +
      "credentials.json of SAMPAN_HOME.",
  },
  "IAM.Forbidden": { status: 403, message: "{reason}" },
  "IAM.NotFound": { status: 404, message: "The {kind} is not found." },
  "IAM.Conflict": {
    status: 409,
    message: "The account has a project {name} already. Choose another name, or use that one.",
  },
  // What another try may get over.
  "IAM.InternalError": { status: 500, message: "{reason}" },
  "IAM.ServiceUnavailable": { status: 503, message: "{reason}" },
} as const satisfies ErrorTable;

/** The error of a code of the table, its message filled with values. */
export const iamError = errorsOf(iamErrors);

/** The body of an error answer. What the gateway before IAM refuses has the gateway's shape. */
export function iamErrorBody(error: ApiError, requestId: string): object {
  if (isGatewayError(error)) return gatewayErrorBody(error, requestId);
  return { error: { code: error.status, message: error.message, title: STATUS_CODES[error.status] ?? "Error" } };
}

/** Says that the account has all the projects that it may have. @throws {ApiError} `IAM.Forbidden`, or the error itself */
export function refuseTooMany(error: unknown): never {
  if (error instanceof TooManyProjectsError) throw iamError("IAM.Forbidden", { reason: error.message });
  throw error;
}

/** Says that another try may get through. @throws {ApiError} `IAM.ServiceUnavailable`, or the error itself */
export function refuseWhenBusy(error: unknown): never {
  if (error instanceof TooBusyError) throw iamError("IAM.ServiceUnavailable", { reason: error.message });
  throw error;
}
