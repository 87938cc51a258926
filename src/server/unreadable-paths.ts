import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { Guard } from "./guard.ts";
import { refuse, type Speaking } from "./refuse.ts";

/** What Fastify's router refuses before any route is known, as sentences for the user. */
const sentences: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL:
    "The path cannot be read: after each % there have to be two hexadecimal digits, as UTF-8 gives them.",
  FST_ERR_MAX_PARAM_LENGTH: "The path has a part that is too long: no id or name has more than 256 characters.",
};

/**
 * Answers paths that the router cannot read in the shape of the dialect that they belong to. For Fastify's option
 * `frameworkErrors`: no border has seen such a request.
 */
export const unreadablePaths =
  (dialects: readonly Speaking[], guard: Guard) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const forbidden = guard(request, "operation");
    if (forbidden !== undefined) return void refuse(dialects, request, reply, "forbidden", forbidden);
    refuse(dialects, request, reply, "invalid request", sentences[error.code] ?? `${error.message}.`);
  };
