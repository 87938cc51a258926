import { setTimeout as sleep } from "node:timers/promises";
import { type Dispatcher, Pool } from "undici";
import { startDeadline } from "../machine/deadline.ts";
import type { ApiAccess } from "./api-access.ts";
import { KubernetesApiError, KubernetesUnreachableError, toApiError } from "./client-errors.ts";
import { parseJsonLines } from "./json-lines.ts";

export { KubernetesApiError, KubernetesUnreachableError };

/** HTTP methods of the Kubernetes API. */
export type ApiMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Query parameters; those that are undefined are left out. */
export type ApiQuery = Record<string, string | number | boolean | undefined>;

/** What one request may say beyond its method and path. */
export interface RequestOptions {
  query?: ApiQuery;
  /** Sent as JSON. */
  body?: unknown;
  /** Default `application/json`; for PATCH `application/merge-patch+json`. */
  contentType?: string;
  signal?: AbortSignal;
  /** Limit for the whole request, waiting for a free connection included. Default 30,000. */
  timeoutMs?: number;
}

/** What a watch may say. */
export interface WatchOptions {
  /** `resourceVersion`, `labelSelector` and the like; `watch=true` is added. */
  query?: ApiQuery;
  /** Ends the watch quietly: the loop over it simply finishes. */
  signal?: AbortSignal;
  /** Seconds after which the API server ends the watch (quietly as well). Default 300. */
  timeoutSeconds?: number;
}

/** One event of a watch. An `ERROR` event is thrown as {@link KubernetesApiError} instead. */
export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: T;
}

/** A client of one cluster's API server. */
export interface ApiClient {
  /**
   * Sends one request and gives the answer's JSON, or its text where the answer is not JSON (`/readyz`, logs). A 429
   * with `Retry-After` is waited for and sent again until the time limit, since the API server has not acted on it.
   *
   * @throws {KubernetesApiError} where the API server answers with an error status.
   * @throws {KubernetesUnreachableError} where it does not answer, or not in time.
   * @throws the signal's reason, where the signal fires.
   */
  request<T = unknown>(method: ApiMethod, path: string, options?: RequestOptions): Promise<T>;
  /**
   * Watches a collection. Ends when the API server ends it, which callers answer with a new watch from the last
   * `resourceVersion`, or when the signal fires.
   *
   * @throws {KubernetesApiError} with status 410 where `resourceVersion` is too old: list again.
   * @throws {KubernetesUnreachableError} where the connection breaks.
   */
  watch<T = unknown>(path: string, options?: WatchOptions): AsyncGenerator<WatchEvent<T>, void, undefined>;
  /** Breaks off whatever is under way and closes every connection. */
  close(): Promise<void>;
}

/** Settings of the client itself. */
export interface ApiClientOptions {
  /** Largest number of connections for requests; watches have one of their own each. Default 16. */
  connections?: number;
  /** Sent as `User-Agent`, which API server logs and managed fields show. Default `sampan`. */
  userAgent?: string;
}

const defaultTimeoutMs = 30_000;
const defaultWatchSeconds = 300;
/** How much longer than its own limit a watch may stay silent before the connection counts as dead. */
const watchGraceSeconds = 30;
const connectTimeoutMs = 10_000;
/** Under the 90 s after which the API server closes an idle connection, and over the 10 s between heartbeats. */
const keepAliveMs = 60_000;
/** Keeps `Retry-After: 0` from becoming a busy loop. */
const minRetryDelayMs = 50;

/** Makes a client with a bounded pool of kept-alive connections. Connects on first use; {@link ApiClient.close} it. */
export function createApiClient(access: ApiAccess, options: ApiClientOptions = {}): ApiClient {
  const transport = {
    // Old API servers reset HTTP/2 streams of undici 8 under load.
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    connect: { ca: access.ca, cert: access.cert, key: access.key, timeout: connectTimeoutMs },
  };
  const requests = new Pool(access.server, { ...transport, connections: options.connections ?? 16 });
  // A watch holds its connection for minutes: in the same pool, a few watches would starve the requests.
  const watches = new Pool(access.server, { ...transport, connections: null });
  const headers = { accept: "application/json", "user-agent": options.userAgent ?? "sampan" };

  return {
    async request<T>(method: ApiMethod, path: string, { timeoutMs, signal, ...rest }: RequestOptions = {}): Promise<T> {
      const deadline = startDeadline(timeoutMs ?? defaultTimeoutMs, signal);
      try {
        return (await send(requests, headers, method, path, rest, deadline.signal)) as T;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof KubernetesApiError) throw error;
        throw new KubernetesUnreachableError(access.server, method, path, error);
      } finally {
        deadline.clear();
      }
    },

    async *watch<T>(path: string, { query, signal, timeoutSeconds }: WatchOptions = {}) {
      const seconds = timeoutSeconds ?? defaultWatchSeconds;
      try {
        const response = await watches.request({
          method: "GET",
          path,
          query: definedOnly({ ...query, watch: true, timeoutSeconds: seconds }),
          headers,
          signal: signal ?? null,
          // The API server answers a watch at once, and then stays silent as long as nothing happens.
          headersTimeout: defaultTimeoutMs,
          bodyTimeout: (seconds + watchGraceSeconds) * 1000,
        });
        if (response.statusCode >= 400) throw toApiError(response.statusCode, await response.body.text());
        for await (const event of parseJsonLines(response.body)) yield checkedEvent<T>(event);
      } catch (error) {
        if (signal?.aborted) return;
        if (error instanceof KubernetesApiError) throw error;
        throw new KubernetesUnreachableError(access.server, "WATCH", path, error);
      }
    },

    async close() {
      await Promise.all([requests.destroy(), watches.destroy()]);
    },
  };
}

async function send(
  pool: Pool,
  headers: Record<string, string>,
  method: ApiMethod,
  path: string,
  { query, body, contentType }: RequestOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const options: Dispatcher.RequestOptions = {
    method,
    path,
    query: query && definedOnly(query),
    headers: body === undefined ? headers : { ...headers, "content-type": contentType ?? defaultContentType(method) },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  };
  while (true) {
    const response = await pool.request(options);
    const text = await response.body.text();
    const { "content-type": type, "retry-after": retryAfter } = response.headers;
    if (response.statusCode < 400) return type?.includes("json") ? JSON.parse(text) : text;
    const refusal = toApiError(response.statusCode, text);
    if (response.statusCode !== 429 || retryAfter === undefined) throw refusal;
    await sleep(retryDelayMs(String(retryAfter)), undefined, { signal }).catch(() => {
      throw refusal;
    });
  }
}

/** `Retry-After` in seconds, as the API server sends it; a second where it is a date. */
function retryDelayMs(retryAfter: string): number {
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) ? Math.max(seconds * 1000, minRetryDelayMs) : 1000;
}

function defaultContentType(method: ApiMethod): string {
  return method === "PATCH" ? "application/merge-patch+json" : "application/json";
}

function definedOnly(query: ApiQuery): Record<string, string | number | boolean> {
  const defined: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(query)) if (value !== undefined) defined[name] = value;
  return defined;
}

function checkedEvent<T>(event: unknown): WatchEvent<T> {
  const { type, object } = event as { type: string; object: unknown };
  if (type === "ERROR") throw toApiError(500, JSON.stringify(object));
  return event as WatchEvent<T>;
}
