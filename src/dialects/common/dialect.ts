import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ApiError } from "./api-error.ts";
import { type BorderOptions, border } from "./border.ts";
import type { Operation } from "./operation.ts";
import type { ProblemKind } from "./request-problem.ts";
import type { Violations } from "./violations.ts";

/** Who sent a request, once that is verified. A dialect may know more of it. */
export interface Caller {
  accountId: string;
}

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
  /** A last change to an answer's text, such as XML for those who ask. */
  send?(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown;
  /**
   * The paths at which the vendor's API is alone, as Fastify writes them (`/v3/*`): what is unknown there is answered in
   * its shape. One dialect answers all that belongs to no other.
   */
  ownPaths: readonly string[] | "all others";
}

/** One vendor's API: the words, the operations, and the routes of those that are served. */
export interface Dialect<Context> {
  /** e.g. `ack`. */
  name: string;
  vocabulary: Vocabulary;
  /** The most bytes that a request's body may have. */
  bodyLimit: number;
  /** Every documented operation; one that has no route of its own answers that it is not supported. */
  operations: readonly Operation[];
  /** Who sent a request. Made once. */
  authentication(context: Context): BorderOptions["authenticate"];
  routes: readonly Routes<Context>[];
}

/** Registers part of a dialect's routes. */
export type Routes<Context> = (app: FastifyInstance, context: Context) => void;

/** A dialect with all that it needs, ready for the server. */
export interface MountedDialect {
  name: string;
  vocabulary: Vocabulary;
  plugin(app: FastifyInstance): Promise<void>;
}

/** Gives a dialect what it works with. */
export const mount = <Context>(dialect: Dialect<Context>, context: Context): MountedDialect => ({
  name: dialect.name,
  vocabulary: dialect.vocabulary,
  plugin: (app) => register(app, dialect, context),
});

async function register<Context>(
  app: FastifyInstance,
  { vocabulary, bodyLimit, operations, authentication, routes }: Dialect<Context>,
  context: Context,
): Promise<void> {
  await app.register(border, { vocabulary, bodyLimit, authenticate: authentication(context) });
  for (const addRoutes of routes) addRoutes(app, context);
  for (const operation of operations) {
    if (app.hasRoute({ method: operation.method, url: operation.path })) continue;
    app.route({
      method: operation.method,
      url: operation.path,
      config: { operation },
      schema: { hide: true },
      handler: () => {
        throw vocabulary.notSupported(operation);
      },
    });
  }
}
