import { createHash, createHmac } from "node:crypto";
import type { SignedRequest } from "../../../common/signature/signed-request.ts";

/**
 * Signs requests as clients do, for tests: written from the documents, from the request's logical parts, and with nothing
 * of the verifying code.
 */
export interface ClientRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  /** Lower-case names; `host`, dates and nonces are added. */
  headers: Record<string, string>;
  body: string;
  accessKeyId: string;
  secret: string;
  date: Date;
  /** Undefined sends none, as the first SDKs do. */
  nonce: string | undefined;
}

/** A small request to vary in tests. */
export const sampleRequest: ClientRequest = {
  method: "POST",
  path: "/clusters",
  query: {},
  headers: { "content-type": "application/json", accept: "application/json" },
  body: '{"name":"demo"}',
  accessKeyId: "LTAIexampleid",
  secret: "exampleSecret",
  date: new Date("2024-01-02T03:04:05Z"),
  nonce: "nonce-0001",
};

/** The request with an ACS3-HMAC-SHA256 signature, its query on the wire as the TypeScript SDK writes it. */
export function signAcs3(client: ClientRequest): SignedRequest {
  const headers: Record<string, string> = {
    host: "ack.example.test",
    "x-acs-date": client.date.toISOString().replace(/\.\d+Z/, "Z"),
    ...(client.nonce !== undefined && { "x-acs-signature-nonce": client.nonce }),
    "x-acs-content-sha256": createHash("sha256").update(client.body).digest("hex"),
    ...client.headers,
  };
  const signed = Object.keys(headers)
    .filter((name) => name.startsWith("x-acs-") || name === "host" || name === "content-type")
    .sort();
  let canonical = `${client.method}\n${client.path}\n`;
  const names = Object.keys(client.query).sort();
  canonical += `${names.map((name) => `${name}=${rfc3986(client.query[name] ?? "")}`).join("&")}\n`;
  for (const name of signed) canonical += `${name}:${headers[name]}\n`;
  canonical += `\n${signed.join(";")}\n${headers["x-acs-content-sha256"]}`;
  const text = `ACS3-HMAC-SHA256\n${createHash("sha256").update(canonical).digest("hex")}`;
  const signature = createHmac("sha256", client.secret).update(text).digest("hex");
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${client.accessKeyId},SignedHeaders=${signed.join(";")},Signature=${signature}`;
  return toSigned(client, headers);
}

/** How a client stack writes the resource under the older ROA signature. */
export type RoaStyle = "as received" | "decoded" | "decoded, bare names";

/** The request with the older ROA signature (HMAC-SHA1). */
export function signRoa(client: ClientRequest, style: RoaStyle): SignedRequest {
  const headers: Record<string, string> = {
    host: "ack.example.test",
    date: client.date.toUTCString(),
    "x-acs-signature-method": "HMAC-SHA1",
    ...(client.nonce !== undefined && { "x-acs-signature-nonce": client.nonce }),
    "x-acs-signature-version": "1.0",
    ...client.headers,
  };
  let text = `${client.method}\n${headers.accept ?? ""}\n${headers["content-md5"] ?? ""}\n`;
  text += `${headers["content-type"] ?? ""}\n${headers.date}\n`;
  for (const name of Object.keys(headers).sort()) if (name.startsWith("x-acs-")) text += `${name}:${headers[name]}\n`;
  const decoded = Object.keys(client.query)
    .sort()
    .map((name) => (style === "decoded" || client.query[name] !== "" ? `${name}=${client.query[name]}` : name));
  if (style === "as received") text += wireTarget(client);
  else text += decoded.length === 0 ? client.path : `${client.path}?${decoded.join("&")}`;
  const signature = createHmac("sha1", client.secret).update(text).digest("base64");
  headers.authorization = `acs ${client.accessKeyId}:${signature}`;
  return toSigned(client, headers);
}

function toSigned(client: ClientRequest, headers: Record<string, string>): SignedRequest {
  return {
    method: client.method,
    rawTarget: wireTarget(client),
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(client.body),
  };
}

function wireTarget(client: ClientRequest): string {
  const pieces = Object.entries(client.query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pieces.length === 0 ? client.path : `${client.path}?${pieces.join("&")}`;
}

function rfc3986(text: string): string {
  let written = "";
  for (const byte of Buffer.from(text)) {
    const char = String.fromCharCode(byte);
    written += /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return written;
}
