import { type ClientRequest, signSdk } from "../../src/dialects/huawei/testing/client-signer.ts";
import { headersOf, type RawAnswer, sendHttp } from "./raw-client.ts";
import type { ServiceCredentials } from "./service.ts";

/** A request to CCE or IAM that no SDK would send. */
export interface RawCceRequest {
  method?: string;
  path: string;
  query?: Record<string, string>;
  /** Lower-case names; they replace what would be sent otherwise, signature included. */
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Sent in place of a signature. */
  token?: string;
  sign?: "none";
  /** When it says that it was signed; now by default. */
  date?: Date;
}

/** What a raw client sends to. */
export interface RawCceTarget {
  /** `host:port`. */
  endpoint: string;
  credentials: ServiceCredentials;
}

/** Sends a request by plain HTTP, with a token, signed by `SDK-HMAC-SHA256`, or as it stands. */
export async function sendCce({ endpoint, credentials }: RawCceTarget, raw: RawCceRequest): Promise<RawAnswer> {
  const body = Buffer.from(raw.body ?? "");
  const headers: Record<string, string> = {
    host: endpoint,
    ...(body.length > 0 && { "content-type": "application/json", "content-length": String(body.length) }),
    ...(raw.token !== undefined && { "x-auth-token": raw.token }),
    ...raw.headers,
  };
  const client: ClientRequest = {
    method: raw.method ?? "GET",
    path: raw.path.split("/").slice(1).map(decodeURIComponent),
    query: Object.fromEntries(Object.entries(raw.query ?? {}).map(([name, value]) => [name, [value]])),
    headers,
    unsigned: ["content-length"],
    body: body.toString(),
    accessKeyId: credentials.accessKeyId,
    secret: credentials.accessKeySecret,
    date: raw.date ?? new Date(),
  };
  const signed = signSdk(client);
  const isSigned = raw.token === undefined && raw.sign !== "none";
  const sent = isSigned ? { ...headersOf(signed.rawHeaders), ...raw.headers } : headers;
  const query = new URLSearchParams(raw.query ?? {}).toString();
  const path = query === "" ? raw.path : `${raw.path}?${query}`;
  return sendHttp(endpoint, { method: client.method, path, headers: sent, body });
}

/** Who asks for a token, and for what. */
export interface TokenWish {
  user?: object;
  scope?: object;
  query?: Record<string, string>;
}

/** Asks for a token by the first user's password. @param wish what differs from a token of the first project */
export function askForToken(target: RawCceTarget, { user, scope, query }: TokenWish = {}): Promise<RawAnswer> {
  const { userName: name, userPassword: password, domainName, projectId } = target.credentials;
  const auth = {
    identity: {
      methods: ["password"],
      password: { user: { name, password, domain: { name: domainName }, ...user } },
    },
    scope: scope ?? { project: { id: projectId } },
  };
  const request = { method: "POST", path: "/v3/auth/tokens", body: JSON.stringify({ auth }), sign: "none" } as const;
  return sendCce(target, { ...request, ...(query && { query }) });
}

/** A token; see {@link askForToken}. */
export async function newToken(target: RawCceTarget, wish?: TokenWish): Promise<string> {
  const { status, headers, text } = await askForToken(target, wish);
  if (status !== 201) throw new Error(`No token: ${status} ${text}`);
  return String(headers["x-subject-token"]);
}

/** The path of a project's clusters. */
export const clustersOf = (projectId: string): string => `/api/v3/projects/${projectId}/clusters`;
