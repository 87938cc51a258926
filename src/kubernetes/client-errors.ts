/** The fields of a Kubernetes `Status` object that callers look at. */
export interface ErrorDetails {
  /** HTTP status, e.g. 409. */
  status: number;
  /** Machine-readable, e.g. `AlreadyExists`, `Conflict`, `NotFound`, `Expired`; empty where the answer has none. */
  reason: string;
  message: string;
}

/** The API server answered with an error. */
export class KubernetesApiError extends Error {
  override readonly name = "KubernetesApiError";
  /** HTTP status, e.g. 409. */
  readonly status: number;
  /** Machine-readable, e.g. `AlreadyExists`; empty where the answer has none. */
  readonly reason: string;

  constructor({ status, reason, message }: ErrorDetails) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** The API server did not answer, not in time, or broke off. `cause` is the transport's error. */
export class KubernetesUnreachableError extends Error {
  override readonly name = "KubernetesUnreachableError";

  constructor(server: string, method: string, path: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The API server at ${server} did not answer ${method} ${path}: ${why}.`, { cause });
  }
}

/** Reads an error answer: a `Status` object as a rule, a plain text from filters in front of the API. */
export function toApiError(httpStatus: number, body: string): KubernetesApiError {
  const { code, reason, message } = parseStatus(body);
  return new KubernetesApiError({
    status: code ?? httpStatus,
    reason: reason ?? "",
    message: message ?? (body.trim() || `The API server answered with HTTP status ${httpStatus}.`),
  });
}

function parseStatus(body: string): { code?: number; reason?: string; message?: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
