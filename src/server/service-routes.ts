import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import type { Metrics } from "./metrics.ts";
import { tokenIssuers } from "./token-issuers.ts";

/** What the service's own routes tell of. */
export interface ServiceRoutesOptions {
  core: Core;
  observer: ClusterObserver;
  metrics: Metrics;
  /** Rejects while the database does not answer. */
  checkReady(): Promise<void>;
}

const tags = ["service"];

/** The longest wait for the database, in milliseconds: a disk that hangs answers nothing at all. */
const readyPatience = 5_000;

/** The routes of the service itself, which no vendor has. Nobody has to show a key: they tell nothing of an account. */
export function serviceRoutes(
  app: FastifyInstance,
  { core, observer, metrics, checkReady }: ServiceRoutesOptions,
): void {
  app.setErrorHandler(answerError);

  app.get("/healthz", { schema: { tags, summary: "Whether the process answers" } }, async () => ({ status: "ok" }));
  app.get("/readyz", { schema: { tags, summary: "Whether the service can work" } }, async (request, reply) => {
    try {
      await withinPatience(checkReady());
      return { status: "ready" };
    } catch (error) {
      request.log.warn({ err: error }, "not ready");
      return reply.code(503).send({ status: "not ready", reason: "The database does not answer; the log tells more." });
    }
  });
  app.get("/metrics", { schema: { tags, summary: "Figures for Prometheus" } }, async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.render());
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  tokenIssuers(app, { core, observer });
}

/** What the service did wrong is for its log alone: whoever asks here has not even shown a key. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return reply.code(status).send({ message: error.message });
  request.log.error({ err: error }, "request failed");
  const message = `The request failed by a fault of the service, whose log tells more under the id ${request.id}.`;
  return reply.code(500).send({ message });
}

async function withinPatience(work: Promise<void>): Promise<void> {
  const patience = Promise.withResolvers<never>();
  const timer = setTimeout(() => patience.reject(new Error(`no answer within ${readyPatience} ms`)), readyPatience);
  try {
    await Promise.race([work, patience.promise]);
  } finally {
    clearTimeout(timer);
  }
}
