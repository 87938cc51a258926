import type { AccessKey } from "../../../core/accounts/accounts.ts";
import { dummySecret, freshnessMilliseconds, isFresh, isMadeWith } from "../../common/signature/presented-signature.ts";
import { headerCount, headerValue, type SignedRequest } from "../../common/signature/signed-request.ts";
import type { Caller } from "../../common/vocabulary.ts";
import { ackError } from "../errors.ts";
import type { AckSignature } from "./ack-signature.ts";
import { readAcs3Signature } from "./acs3.ts";
import { readRoaSignature } from "./roa.ts";

/** Who sent a request to ACK, once its signature is verified. */
export interface AckCaller extends Caller {
  accessKeyId: string;
}

/** What authentication needs from the outside. */
export interface AuthenticationDeps {
  findAccessKey(accessKeyId: string): Promise<Pick<AccessKey, "accountId" | "secret" | "active"> | undefined>;
  /**
   * Remembers that a key used a nonce, until `expiresAt` at least; `false` where it is remembered already. Must be atomic
   * across all replicas of the service: of two equal requests at the same moment exactly one may get `true`.
   */
  rememberNonce(accessKeyId: string, nonce: string, expiresAt: Date): Promise<boolean>;
  /** The current time. */
  now(): Date;
}

/** The most characters of a nonce; the SDKs' have 32 or 36. Longer ones would not fit into an index. */
const maximumNonce = 128;

/**
 * Verifies the signature of a request, its freshness, and that its nonce was not used before. An `Authorization` of
 * ACS3-HMAC-SHA256 and the older `acs <key>:<signature>`, which may come without a nonce, are accepted.
 * @throws {ApiError} with the code of the vendor's gateway: `MissingAuthorization`, `IncompleteSignature`,
 * `InvalidTimeStamp.Format`, `InvalidTimeStamp.Expired`, `ContentMD5NotMatched`, `InvalidSecurityToken.Malformed`,
 * `InvalidAccessKeyId.NotFound`, `InvalidAccessKeyId.Inactive`, `SignatureDoesNotMatch`, `SignatureNonceUsed`, and
 * `InvalidVersion` for a version of the API that is not served
 */
export async function authenticate(request: SignedRequest, deps: AuthenticationDeps): Promise<AckCaller> {
  refuseTemporaryCredentials(request);
  const presented = readSignature(request);
  requireFreshness(presented, deps.now());
  requireShortNonce(presented);
  const key = await deps.findAccessKey(presented.accessKeyId);
  const matches = isMadeWith(presented, key?.secret ?? dummySecret);
  if (key === undefined) throw ackError("InvalidAccessKeyId.NotFound", {});
  if (!matches) {
    // Clients compare this string with their own to tell a wrong secret from a wrong string. It holds neither the secret
    // nor the body, only the body's hash or nothing of it.
    throw ackError("SignatureDoesNotMatch", { detail: `server string to sign is:${presented.stringsToSign[0]}` });
  }
  // Only who knows the secret learns that the key is disabled, and only such requests use a nonce up.
  if (!key.active) throw ackError("InvalidAccessKeyId.Inactive", {});
  await useNonceUp(presented, deps);
  requireVersion(request);
  return { accountId: key.accountId, accessKeyId: presented.accessKeyId };
}

function requireShortNonce({ nonce = "" }: AckSignature): void {
  if (nonce.length <= maximumNonce) return;
  throw ackError("IncompleteSignature", {
    reason: `the header x-acs-signature-nonce has ${nonce.length} characters; it may have ${maximumNonce}`,
  });
}

/**
 * Without a nonce the same request, sent again, cannot be told from a client's retry: its age alone limits it. A nonce is
 * remembered for longer than its request is fresh, since the clocks of replicas differ, and a clock may be set back.
 */
async function useNonceUp({ accessKeyId, nonce, date }: AckSignature, deps: AuthenticationDeps): Promise<void> {
  if (nonce === undefined) return;
  const expiresAt = new Date(date.getTime() + 2 * freshnessMilliseconds);
  if (!(await deps.rememberNonce(accessKeyId, nonce, expiresAt))) throw ackError("SignatureNonceUsed", {});
}

/** The readers of the signature schemes, by the first word of `Authorization`. */
const readers: Record<string, (request: SignedRequest, authorization: string) => AckSignature> = {
  "ACS3-HMAC-SHA256": readAcs3Signature,
  acs: readRoaSignature,
};

function readSignature(request: SignedRequest): AckSignature {
  const authorization = headerValue(request, "authorization");
  if (!authorization) throw ackError("MissingAuthorization", {});
  if (headerCount(request, "authorization") > 1) {
    throw ackError("IncompleteSignature", { reason: "there is more than one Authorization header" });
  }
  const scheme = authorization.split(" ", 1)[0] ?? "";
  const reader = Object.hasOwn(readers, scheme) ? readers[scheme] : undefined;
  if (reader === undefined) {
    throw ackError("IncompleteSignature", {
      // The scheme is a word such as ACS3-RSA-SHA256; anything else may be part of a credential and isn't repeated.
      reason: `the signature algorithm ${/^ACS[\w-]{1,40}$/.test(scheme) ? scheme : "of the Authorization header"} is not supported; sign with ACS3-HMAC-SHA256`,
    });
  }
  return reader(request, authorization);
}

/** Security tokens and bearer tokens are issued by services that don't exist here. */
function refuseTemporaryCredentials(request: SignedRequest): void {
  if (headerValue(request, "x-acs-security-token")) throw ackError("InvalidSecurityToken.Malformed", {});
  const bearer = headerValue(request, "x-acs-bearer-token") || headerValue(request, "x-acs-signature-type");
  if (bearer && !headerValue(request, "authorization")) {
    throw ackError("IncompleteSignature", {
      reason: "bearer tokens are not supported; sign with an access key and ACS3-HMAC-SHA256",
    });
  }
}

/** The API version that clients may name in `x-acs-version`. */
const apiVersion = "2015-12-15";

function requireVersion(request: SignedRequest): void {
  const version = headerValue(request, "x-acs-version");
  if (version && version !== apiVersion) throw ackError("InvalidVersion", { version: JSON.stringify(version) });
}

function requireFreshness(presented: AckSignature, now: Date): void {
  if (isFresh(presented, now)) return;
  throw ackError("InvalidTimeStamp.Expired", { sent: presented.date.toISOString(), now: now.toISOString() });
}
