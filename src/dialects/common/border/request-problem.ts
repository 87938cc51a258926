/** What can be wrong with a request whatever it asks for; each dialect has its own code and status for it. */
export type ProblemKind =
  | "invalid request"
  | "unsupported media type"
  | "body too large"
  /** The service does not answer to whoever sends it, whatever it asks for. */
  | "forbidden"
  | "internal error"
  /** The service starts or stops: the same request may be sent again in a second. */
  | "unavailable";

/** A request that no dialect can take. The message is a sentence for the user, with the way out. */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly kind: ProblemKind;

  constructor(kind: ProblemKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A request that is not as it has to be. @param reason a sentence for the user */
export const invalidRequest = (reason: string): RequestProblem => new RequestProblem("invalid request", reason);
