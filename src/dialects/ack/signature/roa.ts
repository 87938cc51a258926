import { createHash } from "node:crypto";
import {
  headerNamesStarting,
  headerValue,
  type SignedRequest,
  sortedParameters,
  splitTarget,
} from "../../common/signature/signed-request.ts";
import { ackError } from "../errors.ts";
import type { AckSignature } from "./ack-signature.ts";

/** What stands in an `Authorization: acs <AccessKeyId>:<signature>` header. */
export interface RoaAuthorization {
  accessKeyId: string;
  /** Base64 of an HMAC-SHA1, 28 characters. */
  signature: string;
}

/** Reads an `Authorization` value; `undefined` where it is not of the form `acs <AccessKeyId>:<Base64 signature>`. */
export function parseRoaAuthorization(value: string): RoaAuthorization | undefined {
  const match = /^acs ([^:\s]+):([A-Za-z0-9+/]{27}=)$/.exec(value);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  // Base64 has spare bits in the last digit; only one spelling of a signature is accepted.
  if (Buffer.from(match[2], "base64").toString("base64") !== match[2]) return undefined;
  return { accessKeyId: match[1], signature: match[2] };
}

/**
 * The strings a client of the older ROA signature may have signed. They differ in the last line, the resource, because the
 * client stacks do: as received (aliyungo, acs-sdk-go); decoded parameters with `k=` for an empty value (TypeScript SDK);
 * the same with a bare `k` (tea-roa, acs-sdk-go). The scheme covers the body only where the client sends `content-md5`,
 * and decoded parameters are not escaped: it is kept for old clients, ACS3 is the better choice for all others.
 */
export function roaStringsToSign(request: SignedRequest): [string, ...string[]] {
  const { path, query } = splitTarget(request.rawTarget);
  const parameters = sortedParameters(query);
  const decoded = (written: (name: string, value: string) => string) =>
    parameters.length === 0 ? path : `${path}?${parameters.map(([name, value]) => written(name, value)).join("&")}`;
  const head = [
    request.method,
    ...["accept", "content-md5", "content-type", "date"].map((name) => headerValue(request, name) ?? ""),
    ...headerNamesStarting(request, "x-acs-").map((name) => `${name}:${collapse(headerValue(request, name) ?? "")}`),
    "",
  ].join("\n");
  return [
    head + request.rawTarget,
    head + decoded((name, value) => `${name}=${value}`),
    head + decoded((name, value) => (value === "" ? name : `${name}=${value}`)),
  ];
}

/**
 * Reads the older ROA signature (HMAC-SHA1) of a request and checks all of it that needs no secret: the header's form, the
 * method, `content-md5` where there is one, the date's form.
 * @throws {ApiError} `IncompleteSignature`, `ContentMD5NotMatched`, `InvalidTimeStamp.Format`
 */
export function readRoaSignature(request: SignedRequest, authorization: string): AckSignature {
  const parsed = parseRoaAuthorization(authorization);
  if (parsed === undefined) {
    throw ackError("IncompleteSignature", {
      reason: 'the Authorization header is not of the form "acs <AccessKeyId>:<Base64 of an HMAC-SHA1>"',
    });
  }
  const method = headerValue(request, "x-acs-signature-method") ?? "HMAC-SHA1";
  if (method !== "HMAC-SHA1") {
    throw ackError("IncompleteSignature", {
      reason: `x-acs-signature-method is ${JSON.stringify(method)}; with "Authorization: acs …" it must be HMAC-SHA1`,
    });
  }
  const md5 = headerValue(request, "content-md5");
  if (md5 && md5 !== createHash("md5").update(request.body).digest("base64"))
    throw ackError("ContentMD5NotMatched", {});
  return {
    scheme: "ROA-HMAC-SHA1",
    accessKeyId: parsed.accessKeyId,
    date: parseHttpDate(headerValue(request, "date") ?? ""),
    // The first generation of SDKs sends none; the documents ask for none either.
    nonce: headerValue(request, "x-acs-signature-nonce") || undefined,
    hmac: "sha1",
    stringsToSign: roaStringsToSign(request),
    signature: Buffer.from(parsed.signature, "base64"),
  };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Reads RFC 1123, e.g. `Tue, 02 Jan 2024 03:04:05 GMT`. The name of the day is not compared with the date. */
function parseHttpDate(text: string): Date {
  const match = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC)$/.exec(text);
  const month = String(months.indexOf(match?.[2] ?? "") + 1).padStart(2, "0");
  const written = `${match?.[3]}-${month}-${match?.[1]}T${match?.[4]}.000Z`;
  const date = new Date(written);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== written) {
    throw ackError("InvalidTimeStamp.Format", { header: "date", form: "Tue, 02 Jan 2024 03:04:05 GMT" });
  }
  return date;
}

/** The TypeScript SDK signs tabs and line breaks in a value as spaces; a header holds no line break once it is received. */
function collapse(value: string): string {
  return value.replaceAll("\t", " ");
}
