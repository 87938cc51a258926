import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { MountedDialect } from "../dialects/common/dialect.ts";
import { splitTarget } from "../dialects/common/signed-request.ts";

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
  (dialects: readonly MountedDialect[]) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const vocabulary = vocabularyOf(dialects, splitTarget(request.originalUrl).path);
    if (!vocabulary) return void reply.code(400).send({ message: error.message });
    request.id = vocabulary.newRequestId();
    const refusal = vocabulary.problem("invalid request", sentences[error.code] ?? `${error.message}.`);
    reply
      .code(refusal.status)
      .header(vocabulary.requestIdHeader, request.id)
      .send(vocabulary.errorBody(refusal, request));
  };

/** The words of the dialect that a path is below, or of the one that answers all others. */
function vocabularyOf(dialects: readonly MountedDialect[], path: string): MountedDialect["vocabulary"] | undefined {
  const vocabularies = dialects.map(({ vocabulary }) => vocabulary);
  const isBelow = (own: string) => path.startsWith(own.replace(/\*$/, ""));
  return (
    vocabularies.find(({ ownPaths }) => ownPaths !== "all others" && ownPaths.some(isBelow)) ??
    vocabularies.find(({ ownPaths }) => ownPaths === "all others")
  );
}
