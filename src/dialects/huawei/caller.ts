import type { FastifyRequest } from "fastify";
import type { Caller } from "../common/vocabulary.ts";

/** Who sent a request to a service of Huawei Cloud. */
export interface HuaweiCaller extends Caller {
  /** Huawei Cloud's id of the account. */
  domainId: string;
  /** The user whose token came with the request; undefined where it was signed. */
  userId: string | undefined;
  /** The key that the request was signed with; undefined where it came with a token. */
  accessKeyId: string | undefined;
  /** The project that the token is good for; undefined for a token of the account as a whole and for a signature. */
  project: { id: string; name: string } | undefined;
  /** The header `X-Project-Id` as it was sent, which is no more than a wish; undefined where it was not. */
  wishedProjectId: string | undefined;
}

/** Who sent a request behind the border of one of Huawei Cloud's services. */
export const callerOf = (request: FastifyRequest): HuaweiCaller => request.caller as HuaweiCaller;
