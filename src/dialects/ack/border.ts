import { randomUUID } from "node:crypto";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type AuthenticationDeps, authenticate, type Caller } from "./authentication.ts";
import { parseBody } from "./body.ts";
import { AckError, ackError, ackErrorBody } from "./errors.ts";
import { requireKeptText } from "./kept-text.ts";
import type { AckOperation } from "./operations.ts";
import { headerValue, type SignedRequest, splitTarget } from "./signed-request.ts";
import { invalidParameters, toViolations } from "./violations.ts";
import { errorToXml, prefersXml, toXml, xmlContentType } from "./xml.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who sent the request; set before validation on every route behind `ackBorder`. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** The ACK operation a route serves: decides what body it takes and names the root of XML answers. */
    operation?: AckOperation;
  }
}

/** What `ackBorder` needs. */
export interface AckBorderOptions {
  authentication: AuthenticationDeps;
  /** The most bytes a request body may have. */
  bodyLimit: number;
  /** Turns what the schema validator found into an error; by default a list of what is wrong with which parameter. */
  describeValidation?: (error: FastifyError, request: FastifyRequest) => AckError;
  /** Whether unknown paths below the plugin's prefix are answered in ACK's shape. Default: true. */
  answersUnknownPaths?: boolean;
}

/** The API version that clients may name in `x-acs-version`. */
const apiVersion = "2015-12-15";

/**
 * The border of the ACK dialect. Registered before the routes, it gives the Fastify instance it is registered on: request
 * ids, raw bodies, authentication, JSON parsing, errors in ACK's shape, and XML for those who ask. The instance should be
 * an encapsulated one (a plugin of its own), because body parsers and the error handler are replaced.
 */
export const ackBorder = Object.assign(
  async function ackBorder(app: FastifyInstance, options: AckBorderOptions): Promise<void> {
    app.setGenReqId(() => randomUUID().toUpperCase());
    app.decorateRequest("caller");
    // The signature covers the body's bytes, so they are taken as they are and parsed after authentication.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: options.bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
    // Some clients send an empty content type when there is no body, which Fastify would refuse.
    app.addHook("onRequest", async (request) => {
      if (request.headers["content-type"]?.trim() === "") delete request.raw.headers["content-type"];
    });
    app.addHook("preValidation", async (request) => {
      if (request.is404) return;
      const signed = signedRequest(request);
      request.caller = await authenticate(signed, options.authentication);
      requireVersion(signed);
      requireKeptParameters(request);
      request.body = parseRequestBody(request, signed.body);
    });
    app.addHook("onSend", async (request, reply, payload) => sendAs(request, reply, payload));
    app.setErrorHandler<FastifyError>((error, request, reply) => sendError(error, request, reply, options));
    if (options.answersUnknownPaths !== false) {
      app.setNotFoundHandler((request, reply) => sendError(unknownPath(request), request, reply, options));
    }
  },
  // What fastify-plugin sets: the hooks and handlers belong to the instance that registers the border, not to a child.
  { [Symbol.for("skip-override")]: true },
);

/** The error for a documented operation that the service does not have. */
export function operationNotSupported(operation: AckOperation): AckError {
  return ackError("OperationNotSupported", { operation: operation.name });
}

/** The parts of a request that a signature covers. To be used before the body is parsed. */
function signedRequest(request: FastifyRequest): SignedRequest {
  return {
    method: request.method,
    rawTarget: request.originalUrl,
    rawHeaders: request.raw.rawHeaders,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

function requireVersion(signed: SignedRequest): void {
  const version = headerValue(signed, "x-acs-version");
  if (version && version !== apiVersion) throw ackError("InvalidVersion", { version: JSON.stringify(version) });
}

/** What is in the path and the query is looked for in the database as it is. */
function requireKeptParameters({ params, query }: FastifyRequest): void {
  const parameters = Object.entries({ ...(params as object), ...(query as object) });
  for (const [name, value] of parameters) requireKeptText(String(value), `The parameter ${name}`);
}

/** Parses the body of a route; what comes with an operation that takes no body is ignored. */
function parseRequestBody(request: FastifyRequest, raw: Buffer): unknown {
  const { operation } = request.routeOptions.config;
  if (operation !== undefined && operation.body === undefined) return undefined;
  return parseBody(raw, {
    contentType: request.headers["content-type"],
    kind: operation?.body,
    operation: operation?.name,
  });
}

/** Turns a JSON answer into XML where the client prefers that, so that both always have the same members. */
function sendAs(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  reply.header("x-acs-request-id", request.id);
  if (typeof payload !== "string" || !String(reply.getHeader("content-type")).startsWith("application/json")) {
    return payload;
  }
  reply.header("vary", "accept");
  if (!prefersXml(request.headers.accept)) return payload;
  reply.header("content-type", xmlContentType);
  const answer: unknown = JSON.parse(payload);
  if (reply.statusCode >= 400) return errorToXml(answer as object);
  return toXml(`${request.routeOptions.config.operation?.name ?? ""}Response`, answer);
}

function sendError(
  error: FastifyError | AckError,
  request: FastifyRequest,
  reply: FastifyReply,
  options: AckBorderOptions,
) {
  const answer = error instanceof AckError ? error : toAckError(error, request, options);
  if (answer.status >= 500) request.log.error({ err: error, code: answer.code }, "request failed");
  else request.log.info({ code: answer.code, status: answer.status }, "request refused");
  return reply.code(answer.status).send(ackErrorBody(answer, request.id, request.host));
}

/** What Fastify itself, or a bug, throws. Anything unknown is an internal error whose details only the log gets. */
function toAckError(error: FastifyError, request: FastifyRequest, options: AckBorderOptions): AckError {
  if (error.validation !== undefined) return (options.describeValidation ?? describeValidation)(error, request);
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return ackError("RequestBodyTooLarge", { limit: options.bodyLimit });
  }
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return ackError("UnsupportedMediaType", { contentType: JSON.stringify(request.headers["content-type"] ?? "") });
  }
  const status = error.statusCode ?? 500;
  if (error.code?.startsWith("FST_") && status >= 400 && status < 500) {
    return ackError("InvalidParameter", { reason: `${error.message}.` });
  }
  return ackError("InternalError", {});
}

function describeValidation(error: FastifyError, request: FastifyRequest): AckError {
  const checked = { body: request.body, querystring: request.query, params: request.params, headers: request.headers };
  const root = checked[(error.validationContext ?? "body") as keyof typeof checked];
  const [first, ...others] = toViolations(error.validation ?? [], root);
  if (first === undefined) return ackError("InvalidParameter", { reason: `${error.message}.` });
  return invalidParameters([first, ...others]);
}

function unknownPath(request: FastifyRequest): AckError {
  return ackError("InvalidApi.NotFound", { method: request.method, path: splitTarget(request.originalUrl).path });
}
