import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { addGuard, type Guard } from "./guard.ts";
import { refuse, type Speaking } from "./refuse.ts";

/** When a client may try again, in seconds. */
const retryAfter = 1;

/**
 * Answers for the service while it cannot: it starts, or stops. The process lives, so `/healthz` says so; everything else
 * is asked to come again, each in the shape of the dialect that it is meant for.
 * @param reason a sentence for the user, at the time of a request
 */
export function createWaitingRoom(dialects: readonly Speaking[], guard: Guard, reason: () => string): FastifyInstance {
  const comeAgain = (request: FastifyRequest, reply: FastifyReply) =>
    refuse(dialects, request, reply.header("retry-after", retryAfter), "unavailable", reason());
  const app = Fastify({ frameworkErrors: (_error, request, reply) => void comeAgain(request, reply) });
  addGuard(app, guard, dialects);
  // Before a body is looked at: whatever comes with the request, it is not what is wrong.
  app.addHook("onRequest", async (request, reply) => (request.is404 ? comeAgain(request, reply) : undefined));
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) =>
    reply.code(503).header("retry-after", retryAfter).send({ status: "not ready", reason: reason() }),
  );
  return app;
}
