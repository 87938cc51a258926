import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import { border } from "./border/border.ts";
import type { Operation } from "./operation.ts";
import type { Authenticate, Vocabulary } from "./vocabulary.ts";

/**
 * The most bytes of a request's body, where an operation has no limit of its own, see docs/deviations.md: more would hold up
 * other requests. A hundred node pools have room, with 5 KiB each.
 */
export const usualBodyLimit = 512 * 1024;

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
  authentication(context: Context): Authenticate;
  routes: readonly Routes<Context>[];
}

/** The application as routes see it: what a request has follows from the schema of its route. */
type RoutesApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Registers part of a dialect's routes. */
export type Routes<Context> = (app: RoutesApp, context: Context) => void;

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
  for (const addRoutes of routes) addRoutes(app.withTypeProvider(), context);
  for (const operation of operations) {
    if (app.hasRoute({ method: operation.method, url: operation.path })) continue;
    app.route({
      method: operation.method,
      url: operation.path,
      // Whatever comes with it: no body would make it supported.
      config: { operation: { ...operation, body: undefined } },
      schema: { hide: true },
      handler: () => {
        throw vocabulary.notSupported(operation);
      },
    });
  }
}
