import type { FastifyReply, FastifyRequest } from "fastify";
import type { ProblemKind } from "../dialects/common/border/request-problem.ts";
import { splitTarget } from "../dialects/common/signature/signed-request.ts";
import type { Vocabulary } from "../dialects/common/vocabulary.ts";

/** A dialect as far as a refusal needs it. */
export interface Speaking {
  readonly name: string;
  readonly vocabulary: Vocabulary;
}

/**
 * Answers a request that no border has seen, in the shape of the dialect that it is meant for.
 * @param reason a sentence for the user
 */
export function refuse(
  dialects: readonly Speaking[],
  request: FastifyRequest,
  reply: FastifyReply,
  kind: ProblemKind,
  reason: string,
): FastifyReply {
  const vocabulary = vocabularyOf(dialects, request);
  request.id = vocabulary.newRequestId();
  const refusal = vocabulary.problem(kind, reason);
  return reply
    .code(refusal.status)
    .header(vocabulary.requestIdHeader, request.id)
    .send(vocabulary.errorBody(refusal, request));
}

/** The words of the dialect that a request asks an operation of, else that its path is below, else that answers all others. */
function vocabularyOf(dialects: readonly Speaking[], { routeOptions, originalUrl }: FastifyRequest): Vocabulary {
  const asked = dialects.find(({ name }) => name === routeOptions.config?.operation?.dialect);
  if (asked !== undefined) return asked.vocabulary;
  const vocabularies = dialects.map(({ vocabulary }) => vocabulary);
  const { path } = splitTarget(originalUrl);
  const isBelow = (own: string) => path.startsWith(own.replace(/\*$/, ""));
  const found =
    vocabularies.find(({ ownPaths }) => ownPaths !== "all others" && ownPaths.some(isBelow)) ??
    vocabularies.find(({ ownPaths }) => ownPaths === "all others");
  if (found === undefined) throw new TypeError("No dialect answers the paths that belong to no other.");
  return found;
}
