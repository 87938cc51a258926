import { setImmediate as othersTurn } from "node:timers/promises";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";
import type { TSchema } from "typebox";
import { ApiError } from "../errors/api-error.ts";
import { RefusedRequest, toViolations } from "../errors/violations.ts";
import type { Operation } from "../operation.ts";
import { type SignedRequest, splitTarget } from "../signature/signed-request.ts";
import type { Authenticate, Caller, Vocabulary } from "../vocabulary.ts";
import { parseBody } from "./body.ts";
import { requireKeptText } from "./kept-text.ts";
import { readQuery } from "./read-query.ts";
import { readValues } from "./read-values.ts";
import { RequestProblem } from "./request-problem.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body of a GET, which Fastify does not read: Huawei Cloud's SDKs send one and sign it. */
    unreadBody: Buffer | undefined;
    /** Who sent the request; set before validation on every route behind a border that is not public. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** The operation that a route serves: decides what body it takes and whether it needs authentication. */
    operation?: Operation;
  }
}

/** What `border` needs. */
export interface BorderOptions {
  vocabulary: Vocabulary;
  /** The most bytes that a request's body may have, where its operation has no limit of its own. */
  bodyLimit: number;
  authenticate: Authenticate;
}

/**
 * The border of a dialect. Registered before the routes, it gives the Fastify instance it is registered on: request ids,
 * raw bodies, authentication, parsing, and errors in the vendor's shape. The instance should be an encapsulated one
 * (a plugin of its own), because body parsers and the error handler are replaced.
 */
export const border = fastifyPlugin(async (app: FastifyInstance, options: BorderOptions): Promise<void> => {
  const { vocabulary, authenticate, bodyLimit } = options;
  app.setGenReqId(vocabulary.newRequestId);
  if (!app.hasRequestDecorator("caller")) app.decorateRequest("caller");
  // A signature covers the body's bytes, so they are taken as they are and parsed after authentication.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, done) => done(null, body));
  // Some clients send an empty content type when there is no body, which Fastify would refuse.
  app.addHook("onRequest", async (request) => {
    if (request.headers["content-type"]?.trim() === "") delete request.raw.headers["content-type"];
  });
  app.decorateRequest("unreadBody", undefined);
  app.decorateRequest("sentBody", undefined);
  app.addHook("preParsing", async (request, _reply, payload) => {
    if (request.method === "GET") request.unreadBody = await readAll(payload, bodyLimit);
    return payload;
  });
  app.addHook("preValidation", async (request) => {
    const { operation } = request.routeOptions.config;
    if (request.is404) return;
    const signed = signedRequest(request);
    if (!operation?.isPublic) request.caller = await authenticate(signed, request);
    requireKeptParameters(request);
    // Each step of a large body takes its time, and others have their turn between them.
    await othersTurn();
    request.body = parseRequestBody(request, operation, signed.body);
    await othersTurn();
  });
  app.addHook("preHandler", () => othersTurn());
  // After a route has brought its body into one spelling, and before the schema is checked.
  app.addHook("onRoute", (route) => {
    route.preValidation = [...[route.preValidation ?? []].flat(), readAsSchemaSays(vocabulary)];
  });
  app.addHook("onSend", async (request, reply, payload) => {
    reply.header(vocabulary.requestIdHeader, request.id);
    return vocabulary.send ? vocabulary.send(request, reply, payload) : payload;
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendError(error, request, reply, options));
  answerUnknownPaths(app, options);
});

/** One dialect answers what belongs to none; the others what is below the paths that are theirs. */
function answerUnknownPaths(app: FastifyInstance, options: BorderOptions): void {
  const { vocabulary } = options;
  const refuse = (request: FastifyRequest, reply: FastifyReply) =>
    sendError(vocabulary.unknownPath(request, splitTarget(request.originalUrl).path), request, reply, options);
  if (vocabulary.ownPaths === "all others") {
    app.setNotFoundHandler(refuse);
    return;
  }
  for (const path of vocabulary.ownPaths)
    app.all(path, { schema: { hide: true }, config: { operation: none } }, refuse);
}

/** Stands for what is not there, which anybody may be told. */
const none: Operation = { dialect: "", name: "", method: "GET", path: "*", body: undefined, isPublic: true };

/** The parts of a request that a signature covers. To be used before the body is parsed. */
function signedRequest(request: FastifyRequest): SignedRequest {
  return {
    method: request.method,
    rawTarget: request.originalUrl,
    rawHeaders: request.raw.rawHeaders,
    body: Buffer.isBuffer(request.body) ? request.body : (request.unreadBody ?? Buffer.alloc(0)),
  };
}

async function readAll(payload: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of payload) {
    length += chunk.length;
    if (length > limit) throw new RequestProblem("body too large", tooLarge(limit));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (limit: number): string => `The request body is too large. At most ${limit} bytes are accepted.`;

/** What is in the path and the query is looked for in the database as it is; a name may be in both. */
function requireKeptParameters({ params, query }: FastifyRequest): void {
  for (const [place, values] of Object.entries({ path: params, query }))
    for (const [name, value] of Object.entries(values as object))
      requireKeptText(String(value), `The parameter ${name} of the ${place}`);
}

/** Reads body and query in the types, and the query in the names, that the route's schema has. */
const readAsSchemaSays =
  (vocabulary: Vocabulary) =>
  async (request: FastifyRequest): Promise<void> => {
    const schema = request.routeOptions.schema as Partial<Record<"body" | "querystring", TSchema>> | undefined;
    readValues(request.body, schema?.body);
    const { query, violations } = readQuery(
      request.query as Record<string, unknown>,
      schema?.querystring,
      vocabulary.gatewayParameters,
    );
    const [first, ...others] = violations;
    if (first) throw vocabulary.invalidParameters([first, ...others]);
    request.query = query;
  };

/** Parses the body of a route; what comes with an operation that takes no body is ignored. */
function parseRequestBody(request: FastifyRequest, operation: Operation | undefined, raw: Buffer): unknown {
  if (operation !== undefined && operation.body === undefined) return undefined;
  return parseBody(raw, {
    contentType: request.headers["content-type"],
    schema: request.routeOptions.schema?.body as TSchema | undefined,
    kind: operation?.body,
    operation: operation?.name,
  });
}

function sendError(
  error: FastifyError | ApiError | RefusedRequest | RequestProblem,
  request: FastifyRequest,
  reply: FastifyReply,
  options: BorderOptions,
) {
  const { vocabulary } = options;
  const answer = toApiError(error, request, options);
  if (answer.status >= 500) request.log.error({ err: error, code: answer.code }, "request failed");
  else request.log.info({ code: answer.code, status: answer.status }, "request refused");
  return reply.code(answer.status).send(vocabulary.errorBody(answer, request));
}

/** Anything unknown that Fastify itself, or a bug, throws is an internal error whose details only the log gets. */
function toApiError(
  error: FastifyError | ApiError | RefusedRequest | RequestProblem,
  request: FastifyRequest,
  { vocabulary, bodyLimit }: BorderOptions,
): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof RefusedRequest) return vocabulary.invalidParameters(error.violations);
  if (error instanceof RequestProblem) return vocabulary.problem(error.kind, error.message);
  const [first, ...others] = violationsOf(error, request);
  if (first !== undefined) return vocabulary.invalidParameters([first, ...others]);
  const { kind, message } = problemOf(error, request, request.routeOptions.config?.operation?.bodyLimit ?? bodyLimit);
  return vocabulary.problem(kind, message);
}

/** What Fastify found wrong, or the service. */
function problemOf(
  error: FastifyError,
  request: FastifyRequest,
  bodyLimit: number,
): Pick<RequestProblem, "kind" | "message"> {
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return { kind: "body too large", message: tooLarge(bodyLimit) };
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const contentType = JSON.stringify(request.headers["content-type"] ?? "");
    const message = `The request body's content type ${contentType} is not supported. Send JSON, with application/json.`;
    return { kind: "unsupported media type", message };
  }
  if (hasLeft(request))
    return { kind: "invalid request", message: "The connection ended before the request's body did." };
  const status = error.statusCode ?? 500;
  if (error.code?.startsWith("FST_") && status >= 400 && status < 500)
    return { kind: "invalid request", message: `${error.message}.` };
  const message =
    "The request processing has failed due to an unknown error. The service's log tells more under the request id.";
  return { kind: "internal error", message };
}

/** Whether the client went away while it sent: nobody reads the answer, but the log and the metrics do. */
const hasLeft = ({ raw }: FastifyRequest): boolean => raw.destroyed && !raw.complete;

function violationsOf(error: FastifyError, request: FastifyRequest) {
  const checked = { body: request.body, querystring: request.query, params: request.params, headers: request.headers };
  const root = checked[(error.validationContext ?? "body") as keyof typeof checked];
  return toViolations(error.validation ?? [], root);
}
