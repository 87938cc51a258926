import { type AccessKey, rememberingAccessKeys } from "../../core/accounts/accounts.ts";
import { type TokenOwner, verifyToken } from "../../core/accounts/tokens.ts";
import type { Core } from "../../core/core.ts";
import { dummySecret, isFresh, isMadeWith, type PresentedSignature } from "../common/signature/presented-signature.ts";
import { headerCount, headerValue, type SignedRequest } from "../common/signature/signed-request.ts";
import type { Authenticate } from "../common/vocabulary.ts";
import type { HuaweiCaller } from "./caller.ts";
import { gatewayError } from "./gateway.ts";
import { readSdkSignature, sdkHmac } from "./sdk-hmac-signature.ts";

/** What authentication needs from the outside. */
export interface AuthenticationDeps {
  findAccessKey(accessKeyId: string): Promise<Omit<AccessKey, "id"> | undefined>;
  /** Whose token it is at that moment; undefined for one that is not good, or not any more. */
  verifyToken(token: string, now: Date): Promise<TokenOwner | undefined>;
  /** The current time. */
  now(): Date;
}

/** The authentication of a service of Huawei Cloud. @param now the current time; the machine's where it is left out */
export function huaweiAuthentication({ core, now = () => new Date() }: { core: Core; now?(): Date }): Authenticate {
  const findAccessKey = rememberingAccessKeys(core);
  return (signed) =>
    authenticateByTokenOrKey(signed, { findAccessKey, verifyToken: (token, at) => verifyToken(core, token, at), now });
}

/** Headers that say who sends a request: one value each, or it would be open which one counts. */
const identityHeaders = ["authorization", "x-auth-token", "x-sdk-date", "x-sdk-content-sha256", "x-security-token"];

/**
 * Verifies who sent a request: by a token (`X-Auth-Token`, or `Authorization: Bearer`), or by the signature of an access
 * key. The scheme of the signature has no nonce: a signed request can be sent again for 15 minutes, as at the vendor's.
 * @throws {ApiError} `APIGW.0301`; `APIGW.0303` for a signature that is too old, or of the future
 */
export async function authenticateByTokenOrKey(
  request: SignedRequest,
  deps: AuthenticationDeps,
): Promise<HuaweiCaller> {
  for (const name of identityHeaders)
    if (headerCount(request, name) > 1) throw incorrect(`there is more than one header ${name}; send one.`);
  const authorization = headerValue(request, "authorization") || undefined;
  const bearer = authorization && /^bearer +(\S+)$/i.exec(authorization)?.[1];
  const sentToken = headerValue(request, "x-auth-token") || undefined;
  if (sentToken && authorization && bearer !== sentToken)
    throw incorrect("both an X-Auth-Token and another Authorization are there; send one of them.");
  const token = sentToken ?? bearer;
  const wish = { wishedProjectId: headerValue(request, "x-project-id") || undefined };
  if (token !== undefined) return { ...wish, ...(await callerOfToken(token, deps)) };
  if (authorization !== undefined) return { ...wish, ...(await callerOfSignature(request, authorization, deps)) };
  throw incorrect(
    `x-auth-token not found. Send a token of POST /v3/auth/tokens as X-Auth-Token, or sign the request by ${sdkHmac}.`,
  );
}

type Identity = Omit<HuaweiCaller, "wishedProjectId">;

async function callerOfToken(token: string, deps: AuthenticationDeps): Promise<Identity> {
  const owner = await deps.verifyToken(token, deps.now());
  if (owner === undefined)
    throw incorrect("decrypt token fail: the token is unknown, or has expired. Get a new one by POST /v3/auth/tokens.");
  const { user, domain, project } = owner;
  return { accountId: user.accountId, domainId: domain.id, userId: user.id, accessKeyId: undefined, project };
}

async function callerOfSignature(
  request: SignedRequest,
  authorization: string,
  deps: AuthenticationDeps,
): Promise<Identity> {
  const presented = readSignature(request, authorization);
  const now = deps.now();
  if (!isFresh(presented, now))
    throw gatewayError("APIGW.0303", { sent: presented.date.toISOString(), now: now.toISOString() });
  const { accessKeyId } = presented;
  const key = await deps.findAccessKey(accessKeyId);
  const matches = isMadeWith(presented, key?.secret ?? dummySecret);
  if (key === undefined) throw incorrect("Get secretKey failed: the access key is not found.");
  // The string holds neither the secret nor the body. Clients compare it with their own.
  if (!matches)
    throw incorrect(`verify aksk signature fail. The server's string to sign is:${presented.stringsToSign[0]}`);
  // Only who knows the secret learns that the key is disabled.
  if (!key.active) throw incorrect("the access key is disabled; use another one.");
  return { accountId: key.accountId, domainId: key.domainId, userId: undefined, accessKeyId, project: undefined };
}

function readSignature(request: SignedRequest, authorization: string): PresentedSignature {
  if (headerValue(request, "x-security-token"))
    throw incorrect(
      "this service issues no temporary access keys: sign with a permanent one, without the header X-Security-Token.",
    );
  const [scheme = ""] = authorization.split(" ", 1);
  if (scheme === sdkHmac) return readSdkSignature(request, authorization);
  // The scheme is a word such as V11-HMAC-SHA256; anything else may be part of a credential and isn't repeated.
  const name = /^(SDK|V11)-[A-Z0-9-]{1,40}$/.test(scheme) ? scheme : "of the Authorization header";
  throw incorrect(`the signature algorithm ${name} is not supported; sign by ${sdkHmac}.`);
}

const incorrect = (reason: string) => gatewayError("APIGW.0301", { reason });
