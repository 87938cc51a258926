import { createHmac, timingSafeEqual } from "node:crypto";
import { readAcs3Signature } from "./acs3-signature.ts";
import { ackError } from "./errors.ts";
import { readRoaSignature } from "./roa-signature.ts";
import { headerCount, headerValue, type PresentedSignature, type SignedRequest } from "./signed-request.ts";

/** How far a request's date may be from the server's, in milliseconds, both ways: as at the vendor's gateway. */
export const freshnessMilliseconds = 15 * 60 * 1000;

/** Who sent a request, once its signature is verified. */
export interface Caller {
  accountId: string;
  accessKeyId: string;
}

/** An access key as the store knows it. */
export interface AccessKey {
  accountId: string;
  /** In clear text: an HMAC needs it as it is. */
  secret: string;
  /** `false` once the key is disabled. */
  active: boolean;
}

/** What authentication needs from the outside. */
export interface AuthenticationDeps {
  findAccessKey(accessKeyId: string): Promise<AccessKey | undefined>;
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

/** Stands in for the secret of an unknown key, so that the answer takes as long as for a known one. */
const dummySecret = "no access key has this secret";

/**
 * Verifies the signature of a request, its freshness, and that it was not sent before. An `Authorization` of
 * ACS3-HMAC-SHA256 and the older `acs <key>:<signature>` are accepted.
 * @throws AckError with the code of the vendor's gateway: `MissingAuthorization`, `IncompleteSignature`,
 * `InvalidTimeStamp.Format`, `InvalidTimeStamp.Expired`, `ContentMD5NotMatched`, `InvalidSecurityToken.Malformed`,
 * `InvalidAccessKeyId.NotFound`, `InvalidAccessKeyId.Inactive`, `SignatureDoesNotMatch`, `SignatureNonceUsed`
 */
export async function authenticate(request: SignedRequest, deps: AuthenticationDeps): Promise<Caller> {
  refuseTemporaryCredentials(request);
  const presented = readSignature(request);
  requireFreshness(presented, deps.now());
  if (presented.nonce.length > maximumNonce) {
    throw ackError("IncompleteSignature", {
      reason: `the header x-acs-signature-nonce has ${presented.nonce.length} characters; it may have ${maximumNonce}`,
    });
  }
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
  const expiresAt = new Date(presented.date.getTime() + freshnessMilliseconds + 1000);
  if (!(await deps.rememberNonce(presented.accessKeyId, presented.nonce, expiresAt))) {
    throw ackError("SignatureNonceUsed", {});
  }
  return { accountId: key.accountId, accessKeyId: presented.accessKeyId };
}

/** The readers of the signature schemes, by the first word of `Authorization`. */
const readers: Record<string, (request: SignedRequest, authorization: string) => PresentedSignature> = {
  "ACS3-HMAC-SHA256": readAcs3Signature,
  acs: readRoaSignature,
};

/** Whether a secret made a signature, over any of the strings the client may have signed. Takes equal time for all secrets. */
export function isMadeWith(presented: PresentedSignature, secret: string): boolean {
  let found = false;
  for (const text of presented.stringsToSign) {
    const expected = createHmac(presented.hmac, secret).update(text, "utf8").digest();
    const equal = expected.length === presented.signature.length && timingSafeEqual(expected, presented.signature);
    found = equal || found;
  }
  return found;
}

function readSignature(request: SignedRequest): PresentedSignature {
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

function requireFreshness(presented: PresentedSignature, now: Date): void {
  if (Math.abs(now.getTime() - presented.date.getTime()) <= freshnessMilliseconds) return;
  throw ackError("InvalidTimeStamp.Expired", { sent: presented.date.toISOString(), now: now.toISOString() });
}
