import { createHash, createHmac } from "node:crypto";
import type { SignedRequest } from "../../common/signature/signed-request.ts";

/**
 * Signs requests as clients of Huawei Cloud do, for tests: written from the documents, from the request's logical parts, and
 * with nothing of the verifying code.
 */
export interface ClientRequest {
  method: string;
  /** The segments of the path, decoded. */
  path: readonly string[];
  /** Names with their values, decoded. */
  query: Readonly<Record<string, readonly string[]>>;
  /** Lower-case names; `x-sdk-date` and `authorization` are added. */
  headers: Readonly<Record<string, string>>;
  /** Names of headers that are sent and not signed. */
  unsigned: readonly string[];
  body: string;
  accessKeyId: string;
  secret: string;
  date: Date;
  /** What the older form names, and derives its key over. */
  scope?: { region: string; service: string };
}

/** A small request to vary in tests. */
export const sampleRequest: ClientRequest = {
  method: "POST",
  path: ["api", "v3", "projects", "0123456789abcdef0123456789abcdef", "clusters"],
  query: {},
  headers: { "content-type": "application/json", host: "cce.example.test" },
  unsigned: [],
  body: '{"kind":"Cluster"}',
  accessKeyId: "AKEXAMPLE",
  secret: "exampleSecret",
  date: new Date("2024-01-02T03:04:05Z"),
};

/** The request with an SDK-HMAC-SHA256 signature. `comma`: what stands between the parts of `Authorization`. */
export function signSdk(client: ClientRequest, comma = ", "): SignedRequest {
  const headers: Record<string, string> = { ...client.headers, "x-sdk-date": sdkDate(client.date) };
  const signed = Object.keys(headers)
    .filter((name) => !client.unsigned.includes(name))
    .sort();
  const path = `/${client.path.map(rfc3986).join("/")}`;
  const names = Object.keys(client.query).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const pairs = names.flatMap((name) =>
    [...(client.query[name] ?? [])]
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map((value) => `${rfc3986(name)}=${rfc3986(value)}`),
  );
  let canonical = `${client.method}\n${path}/\n${pairs.join("&")}\n`;
  for (const name of signed) canonical += `${name}:${headers[name]?.trim()}\n`;
  canonical += `\n${signed.join(";")}\n`;
  canonical += headers["x-sdk-content-sha256"] ?? createHash("sha256").update(client.body).digest("hex");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const date = headers["x-sdk-date"];
  let who = `Access=${client.accessKeyId}`;
  let text = `SDK-HMAC-SHA256\n${date}\n${hash}`;
  let key: string | Buffer = client.secret;
  if (client.scope) {
    const { region, service } = client.scope;
    const day = (date ?? "").slice(0, 8);
    who = `Credential=${client.accessKeyId}/${day}/${region}/${service}/sdk_request`;
    text = `SDK-HMAC-SHA256\n${date}\n${day}/${region}/${service}/sdk_request\n${hash}`;
    const ofDay = createHmac("sha256", `SDK${client.secret}`).update(day).digest();
    const ofRegion = createHmac("sha256", ofDay).update(region).digest();
    const ofService = createHmac("sha256", ofRegion).update(service).digest();
    key = createHmac("sha256", ofService).update("sdk_request").digest();
  }
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const fields = [who, `SignedHeaders=${signed.join(";")}`, `Signature=${signature}`];
  headers.authorization = `SDK-HMAC-SHA256 ${fields.join(comma)}`;
  const query = new URLSearchParams(
    Object.entries(client.query).flatMap(([name, values]) => values.map((value) => [name, value] as [string, string])),
  ).toString();
  return {
    method: client.method,
    rawTarget: query === "" ? path : `${path}?${query}`,
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(client.body),
  };
}

/** A date as `X-Sdk-Date` has it. */
const sdkDate = (date: Date): string => date.toISOString().replaceAll(/[-:]|\.\d+/g, "");

function rfc3986(text: string): string {
  let written = "";
  for (const byte of Buffer.from(text)) {
    const char = String.fromCharCode(byte);
    written += /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return written;
}
