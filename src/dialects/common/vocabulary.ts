import type { FastifyReply, FastifyRequest } from "fastify";
import type { NetworkConflict } from "../../core/inventory/network-conflict.ts";
import type { ProblemKind } from "./border/request-problem.ts";
import type { ApiError } from "./errors/api-error.ts";
import type { Violations } from "./errors/violations.ts";
import type { Operation } from "./operation.ts";
import type { SignedRequest } from "./signature/signed-request.ts";

/** Who sent a request, once that is verified. A dialect may know more of it. */
export interface Caller {
  accountId: string;
}

/**
 * Says who sent a request, after its signature or token is verified.
 * @throws {ApiError} where that is not possible
 */
export type Authenticate = (signed: SignedRequest, request: FastifyRequest) => Promise<Caller>;

/** How a vendor says what every API has to say. */
export interface Vocabulary {
  /** A new request id, in the vendor's form. */
  newRequestId(): string;
  /** The header of answers that has the request id. */
  requestIdHeader: string;
  /** The error for a request that no operation can take. @param reason a sentence for the user */
  problem(kind: ProblemKind, reason: string): ApiError;
  /** The error for a request that breaks rules: it names every violation. */
  invalidParameters(violations: Violations): ApiError;
  /** The error for a path at which the API has nothing. @param path without the query */
  unknownPath(request: FastifyRequest, path: string): ApiError;
  /** The error for a documented operation that the service does not have. */
  notSupported(operation: Operation): ApiError;
  /** The body of an error answer. */
  errorBody(error: ApiError, request: FastifyRequest): object;
  /** Query parameters that the vendor's clients add to any request, for its gateway: they are no operation's. */
  gatewayParameters?: readonly string[];
  /** The request's own names of what can be in conflict with the networks that there are; of a dialect that makes clusters. */
  conflictParameters?: Readonly<Record<NetworkConflict["field"], string>>;
  /** A last change to an answer's text, such as XML for those who ask. */
  send?(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown;
  /**
   * The paths at which the vendor's API is alone, as Fastify writes them (`/v3/*`): what is unknown there is answered in
   * its shape. One dialect answers all that belongs to no other.
   */
  ownPaths: readonly string[] | "all others";
}
