import { createHash, randomUUID } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { type ClientRequest, signAcs3, signRoa } from "../../src/dialects/ack/signature/testing/client-signer.ts";
import type { Credentials } from "./sdk.ts";

/** A request that no SDK would send. */
export interface RawRequest {
  method?: string;
  path: string;
  query?: Record<string, string>;
  /** Lower-case names; they replace what would be sent otherwise, signature included. */
  headers?: Record<string, string>;
  /** Left out of the request that is sent, though signed. */
  without?: readonly string[];
  body?: string | Buffer;
  sign?: "acs3" | "roa" | "none";
  /** When it says that it was signed; now by default. */
  date?: Date;
  nonce?: string;
}

/** An answer, whatever it is. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The text as JSON; undefined where it is none. */
  json: Record<string, unknown> | undefined;
}

/** What one raw client sends to. */
export interface RawTarget {
  /** `host:port`. */
  endpoint: string;
  credentials: Credentials;
}

/** Sends a request by plain HTTP, signed but for what it is told to get wrong. */
export async function sendRaw({ endpoint, credentials }: RawTarget, raw: RawRequest): Promise<RawAnswer> {
  const body = Buffer.from(raw.body ?? "");
  const client: ClientRequest = {
    method: raw.method ?? "GET",
    path: raw.path,
    query: raw.query ?? {},
    headers: {
      host: endpoint,
      accept: "application/json",
      "x-acs-version": "2015-12-15",
      // Of the bytes: the signer would take those of a text.
      "x-acs-content-sha256": createHash("sha256").update(body).digest("hex"),
      ...(body.length > 0 && { "content-type": "application/json", "content-length": String(body.length) }),
      ...raw.headers,
    },
    body: "",
    accessKeyId: credentials.accessKeyId,
    secret: credentials.accessKeySecret,
    date: raw.date ?? new Date(),
    nonce: raw.nonce ?? randomUUID(),
  };
  const signed = raw.sign === "roa" ? signRoa(client, "as received") : signAcs3(client);
  const replaced = { ...headersOf(signed.rawHeaders), ...raw.headers };
  const unwanted = new Set([...(raw.without ?? []), ...(raw.sign === "none" ? ["authorization"] : [])]);
  const headers = Object.fromEntries(Object.entries(replaced).filter(([name]) => !unwanted.has(name)));
  return sendHttp(endpoint, { method: client.method, path: signed.rawTarget, headers, body });
}

/** Headers by name, of the names and values that follow each other in one list. */
export function headersOf(rawHeaders: readonly string[]): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []));
  return Object.fromEntries(pairs);
}

/** An HTTP request as it is sent, to the byte. */
export interface HttpRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Sends a request over a connection of its own. @param endpoint `host:port` */
export async function sendHttp(endpoint: string, { method, path, headers, body }: HttpRequest): Promise<RawAnswer> {
  const [host, port] = endpoint.split(":");
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  // A connection of its own: what one request does to it must not touch the next.
  const request = httpRequest({ host, port, method, path, headers, agent: false }, (answer) => {
    text(answer).then(
      (all) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: all, json: parsed(all) }),
      reject,
    );
  });
  request.on("error", reject);
  request.end(body);
  return promise;
}

function parsed(all: string): RawAnswer["json"] {
  try {
    return JSON.parse(all);
  } catch {
    return undefined;
  }
}
