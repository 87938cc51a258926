import { createHash } from "node:crypto";
import { type HeaderSignature, parseHeaderSignature } from "../common/signature/header-signature.ts";
import type { PresentedSignature } from "../common/signature/presented-signature.ts";
import {
  headerValue,
  percentEncode,
  type SignedRequest,
  sortedParameters,
  splitTarget,
} from "../common/signature/signed-request.ts";
import { gatewayError } from "./gateway.ts";
import { derivedKey, parseCredential, type SigningScope, textOf } from "./signing-scope.ts";

/** The algorithm's name: the first word of `Authorization`. */
export const sdkHmac = "SDK-HMAC-SHA256";

/** Says that the body is not covered by the signature; SDKs send it with uploads. */
const unsignedPayload = "UNSIGNED-PAYLOAD";

/** What an `Authorization` value says. */
export interface SdkAuthorization extends HeaderSignature {
  /** In the older form: what the key is derived over. */
  scope?: SigningScope | undefined;
}

const headerName = /^[a-z0-9._-]+$/;

/**
 * Reads an `Authorization` value: `SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…`, or in the older form with
 * `Credential=…` in place of `Access=…`. `undefined` where it is of another form.
 */
export function parseSdkAuthorization(value: string): SdkAuthorization | undefined {
  const present = parseHeaderSignature(value, { scheme: sdkHmac, keyField: "Access", headerName });
  if (present) return present;
  const older = parseHeaderSignature(value, { scheme: sdkHmac, keyField: "Credential", headerName });
  const credential = older && parseCredential(older.accessKeyId);
  return credential && { ...older, ...credential };
}

/**
 * The canonical requests that a client may have signed, the likeliest first: method, path, query, the headers that it says
 * it signed, their names, and the body's hash, a line each. They differ in the path alone (see {@link canonicalPaths}).
 * @param payloadHash the last line
 */
export function sdkCanonicalRequests(
  request: SignedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): [string, ...string[]] {
  const { path, query } = splitTarget(request.rawTarget);
  const rest = [
    canonicalQuery(query),
    signedHeaders.map((name) => `${name}:${headerValue(request, name) ?? ""}\n`).join(""),
    signedHeaders.join(";"),
    payloadHash,
  ];
  const [first, ...others] = canonicalPaths(path);
  const lines = (canonicalPath: string) => [request.method, canonicalPath, ...rest].join("\n");
  return [lines(first), ...others.map(lines)];
}

/**
 * The ways in which clients write a path when they sign it: each segment decoded and encoded anew, with a `/` at the end.
 * The vendor's SDK for Node.js has two oddities: given an endpoint that ends in `/` it signs a path that begins with
 * `//`, and a path that holds `%` it encodes without decoding it.
 */
function canonicalPaths(path: string): [string, ...string[]] {
  const segments = path.split("/");
  const usual = withSlash(segments.map((segment) => percentEncode(decoded(segment))).join("/"));
  const encodedTwice = withSlash(segments.map(percentEncode).join("/"));
  return encodedTwice === usual ? [usual, `/${usual}`] : [usual, `/${usual}`, encodedTwice, `/${encodedTwice}`];
}

const withSlash = (path: string): string => (path.endsWith("/") ? path : `${path}/`);

function canonicalQuery(query: string | undefined): string {
  return sortedParameters(query)
    .sort(([leftName, left], [rightName, right]) => byBytes(leftName, rightName) || byBytes(left, right))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}

const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

/**
 * Reads the signature of a request and checks all of it that needs no secret: the header's form, the body's hash, the
 * date's form. Clients choose the headers they sign; the date has to be among them, and nothing
 * else: the vendor's Terraform provider does not sign its host. Pure.
 * @throws {ApiError} `APIGW.0301`
 */
export function readSdkSignature(request: SignedRequest, authorization: string): PresentedSignature {
  const parsed = parseSdkAuthorization(authorization);
  if (parsed === undefined)
    throw incorrect(`the Authorization header is not of the form "${sdkHmac} Access=…, SignedHeaders=…, Signature=…".`);
  const { accessKeyId, signedHeaders, signature, scope } = parsed;
  if (!signedHeaders.includes("x-sdk-date"))
    throw incorrect("SignedHeaders does not list x-sdk-date; sign the header X-Sdk-Date.");
  const date = headerValue(request, "x-sdk-date") ?? "";
  if (scope && !date.startsWith(scope.day))
    throw incorrect(`the Credential names the day ${scope.day}, the header X-Sdk-Date another one.`);
  const stringToSign = (canonical: string) =>
    [sdkHmac, date, ...(scope ? [textOf(scope)] : []), sha256(canonical)].join("\n");
  const [first, ...others] = sdkCanonicalRequests(request, signedHeaders, payloadHash(request));
  return {
    accessKeyId,
    date: parseSdkDate(date),
    hmac: "sha256",
    stringsToSign: [stringToSign(first), ...others.map(stringToSign)],
    ...(scope && { keyOf: (secret: string) => derivedKey(secret, scope) }),
    signature: Buffer.from(signature, "hex"),
  };
}

/**
 * What the client signed in place of the body. A hash that it sends is compared with the body even where its header is not
 * among the signed ones: otherwise anybody could put the header in and exchange the body.
 */
function payloadHash(request: SignedRequest): string {
  const sent = headerValue(request, "x-sdk-content-sha256");
  const actual = sha256(request.body);
  if (sent === undefined) return actual;
  if (sent === unsignedPayload || sent.toLowerCase() === actual) return sent;
  throw incorrect(
    `verify aksk signature fail: the header X-Sdk-Content-Sha256 is not the SHA-256 of the body, of which ${request.body.length} ` +
      `bytes arrived, nor ${unsignedPayload}.`,
  );
}

/** Reads `YYYYMMDDThhmmssZ`, the only form clients send. */
function parseSdkDate(text: string): Date {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const [, year, month, day, hour, minute, second] = match ?? [];
  const date = new Date(match ? `${year}-${month}-${day}T${hour}:${minute}:${second}Z` : Number.NaN);
  // The comparison refuses dates that JavaScript rolls over, such as 30 February.
  if (Number.isNaN(date.getTime()) || date.toISOString().replaceAll(/[-:]|\.000/g, "") !== text)
    throw incorrect("the header X-Sdk-Date is not a date of the form 20240102T030405Z, or not there.");
  return date;
}

const incorrect = (reason: string) => gatewayError("APIGW.0301", { reason });

/** A piece whose percent escapes are broken is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
