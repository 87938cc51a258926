import { createHash } from "node:crypto";
import { type HeaderSignature, parseHeaderSignature } from "../../common/signature/header-signature.ts";
import {
  headerValue,
  percentEncode,
  type SignedRequest,
  sortedParameters,
  splitTarget,
} from "../../common/signature/signed-request.ts";
import { ackError } from "../errors.ts";
import type { AckSignature } from "./ack-signature.ts";

const algorithm = "ACS3-HMAC-SHA256";

/** Headers that must be among the signed ones: without them a request could be sent again, elsewhere, or altered. */
const requiredHeaders = ["host", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"];

/** Reads an `Authorization` value; `undefined` where it is not of the form `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`. */
export const parseAcs3Authorization = (value: string): HeaderSignature | undefined =>
  parseHeaderSignature(value, { scheme: algorithm, keyField: "Credential", headerName: /^[a-z0-9-]+$/ });

/**
 * The canonical request of ACS3: method, path, query, the signed headers, their names and the body's hash, a line each.
 * It covers the headers the client says it signed, because others may be added on the way.
 */
export function acs3CanonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const { path, query } = splitTarget(request.rawTarget);
  return [
    request.method,
    (path || "/").replaceAll("+", "%20").replaceAll("*", "%2A").replaceAll("%7E", "~"),
    // Clients leave names as they are. Encoding them changes none of the documented names, and stops `a%3D1%26b=2` from
    // having the same canonical form as `a=1&b=2`.
    sortedParameters(query)
      .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
      .join("&"),
    signedHeaders.map((name) => `${name}:${headerValue(request, name) ?? ""}\n`).join(""),
    signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
}

/** The string that the access key's secret signs under ACS3. */
function acs3StringToSign(request: SignedRequest, signedHeaders: readonly string[]): string {
  return `${algorithm}\n${sha256(acs3CanonicalRequest(request, signedHeaders))}`;
}

/**
 * Reads the ACS3 signature of a request and checks all of it that needs no secret: the header's form, the headers it must
 * cover, the body's hash, the date's form.
 * @throws {ApiError} `IncompleteSignature`, `SignatureDoesNotMatch` (body hash), `InvalidTimeStamp.Format`
 */
export function readAcs3Signature(request: SignedRequest, authorization: string): AckSignature {
  const parsed = parseAcs3Authorization(authorization);
  if (parsed === undefined) {
    throw ackError("IncompleteSignature", {
      reason: `the Authorization header is not of the form "${algorithm} Credential=…,SignedHeaders=…,Signature=…"`,
    });
  }
  for (const name of requiredHeaders) {
    if (!parsed.signedHeaders.includes(name)) {
      throw ackError("IncompleteSignature", { reason: `SignedHeaders does not list the header ${name}` });
    }
    if (!headerValue(request, name)) {
      throw ackError("IncompleteSignature", { reason: `the header ${name} is signed but missing or empty` });
    }
  }
  if (headerValue(request, "x-acs-content-sha256") !== sha256(request.body)) {
    throw ackError("SignatureDoesNotMatch", {
      detail: `The header x-acs-content-sha256 is not the SHA-256 of the body, of which ${request.body.length} bytes arrived.`,
    });
  }
  return {
    scheme: algorithm,
    accessKeyId: parsed.accessKeyId,
    date: parseAcsDate(headerValue(request, "x-acs-date") ?? ""),
    nonce: headerValue(request, "x-acs-signature-nonce") ?? "",
    hmac: "sha256",
    stringsToSign: [acs3StringToSign(request, parsed.signedHeaders)],
    signature: Buffer.from(parsed.signature, "hex"),
  };
}

/** Reads `YYYY-MM-DDThh:mm:ssZ`, the only form clients send. */
function parseAcsDate(text: string): Date {
  const date = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? text : Number.NaN);
  // The comparison refuses dates that JavaScript rolls over, such as 30 February.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== text.replace("Z", ".000Z")) {
    throw ackError("InvalidTimeStamp.Format", { header: "x-acs-date", form: "2024-01-02T03:04:05Z" });
  }
  return date;
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
