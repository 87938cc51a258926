import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hostKind, hostName, isNamed } from "./hosts.ts";
import { refuse, type Speaking } from "./refuse.ts";

/** What a request asks for: an operation of a vendor's API (also one that there is not), or the service itself. */
type Asked = "operation" | "service";

/**
 * Why a request is not answered, whatever it asks for, as a sentence for the user; undefined where it may be.
 *
 * No browser may be used to reach the service: a page can have its own name lead here (DNS rebinding), or send requests
 * across origins. Operations ask for a signature or a password, or tell nothing but their versions; the service's own
 * routes ask for nothing, so they do not answer to names of vendors.
 */
export type Guard = (request: FastifyRequest, asked: Asked) => string | undefined;

/** @param ownNames names of the settings by which the service may be called */
export const createGuard =
  (ownNames: readonly string[]): Guard =>
  ({ headers: { host, origin } }, asked) => {
    const kind = hostKind(host, ownNames);
    if (kind === "foreign" || (kind === "vendor" && asked === "service"))
      return (
        `This service is not called ${JSON.stringify(hostName(host ?? ""))}. Use its IP address or localhost, or name ` +
        "that host in its setting SAMPAN_ALLOWED_HOSTS."
      );
    if (origin === undefined || isSameOrigin(origin, host, ownNames)) return undefined;
    return (
      `A page of ${JSON.stringify(origin)} may not use this service. Where the page is the service's own, name its host in ` +
      "the setting SAMPAN_ALLOWED_HOSTS."
    );
  };

/** A proxy before the service may have put another `Host` into the request: the settings' names count then. */
function isSameOrigin(origin: string, host: string | undefined, ownNames: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const { host: own, hostname } = new URL(origin);
  return own === host?.toLowerCase() || ownNames.some((pattern) => isNamed(hostName(hostname), pattern));
}

/** Has the guard look at each request before anything else does. */
export function addGuard(app: FastifyInstance, guard: Guard, dialects: readonly Speaking[]): void {
  app.addHook("onRequest", async (request, reply) => {
    const asked = request.is404 || request.routeOptions.config.operation ? "operation" : "service";
    const reason = guard(request, asked);
    if (reason === undefined) return undefined;
    request.log.info({ host: request.headers.host, origin: request.headers.origin }, "request refused");
    return asked === "operation" ? refuse(dialects, request, reply, "forbidden", reason) : forbid(reply, reason);
  });
}

const forbid = (reply: FastifyReply, reason: string): FastifyReply => reply.code(403).send({ message: reason });
