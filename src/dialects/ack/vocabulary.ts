import { randomUUID } from "node:crypto";
import { setImmediate as othersTurn } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ProblemKind } from "../common/border/request-problem.ts";
import type { Vocabulary } from "../common/vocabulary.ts";
import { type AckErrorCode, ackError, ackErrorBody } from "./errors.ts";
import { invalidParameters } from "./invalid-parameters.ts";
import { errorToXml, listToXml, prefersXml, toXml, xmlContentType } from "./xml.ts";

/** ACK's codes for what can be wrong with any request. */
const codes = {
  "invalid request": "InvalidParameter",
  "unsupported media type": "UnsupportedMediaType",
  "body too large": "RequestBodyTooLarge",
  "internal error": "InternalError",
  forbidden: "Forbidden",
  unavailable: "ServiceUnavailable",
} as const satisfies Record<ProblemKind, AckErrorCode>;

/** How ACK says what every API has to say. It answers all that belongs to no other dialect. */
export const ackVocabulary: Vocabulary = {
  newRequestId: () => randomUUID().toUpperCase(),
  requestIdHeader: "x-acs-request-id",
  problem: (kind, reason) => ackError(codes[kind], { reason }),
  invalidParameters,
  unknownPath: ({ method }, path) => ackError("InvalidApi.NotFound", { method, path }),
  notSupported: ({ name }) => ackError("OperationNotSupported", { operation: name }),
  errorBody: (error, request) => ackErrorBody(error, request.id, request.host),
  send,
  // The first SDKs tell the gateway by it where to send a request on. A list's own filter is `region_id`.
  gatewayParameters: ["RegionId"],
  conflictParameters: {
    vpcId: "vpcid",
    vswitchId: "vswitch_ids",
    securityGroupId: "security_group_id",
    serviceCidr: "service_cidr",
    podCidr: "container_cidr",
  },
  ownPaths: "all others",
};

/** Turns a JSON answer into XML where the client prefers that, so that both always have the same members. */
async function send(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (typeof payload !== "string" || !String(reply.getHeader("content-type")).startsWith("application/json")) {
    return payload;
  }
  reply.header("vary", "accept");
  if (!prefersXml(request.headers.accept)) return payload;
  reply.header("content-type", xmlContentType);
  // Of a list of megabytes each step takes its time, and others have their turn between them.
  await othersTurn();
  const answer: unknown = JSON.parse(payload);
  await othersTurn();
  if (reply.statusCode >= 400) return errorToXml(answer as object);
  const root = `${request.routeOptions.config.operation?.name ?? ""}Response`;
  return Array.isArray(answer) ? listToXml(root, answer) : toXml(root, answer);
}
