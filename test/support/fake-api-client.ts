import type { ApiClient, ApiMethod, RequestOptions, WatchEvent, WatchOptions } from "../../src/kubernetes/client.ts";
import { KubernetesApiError } from "../../src/kubernetes/client.ts";

/** One request that code under test has sent. */
export interface SentRequest extends Pick<RequestOptions, "query" | "body" | "contentType"> {
  method: ApiMethod;
  path: string;
}

/** A client without a server: the test answers requests by a function and feeds watches by hand. */
export interface FakeApiClient extends ApiClient {
  /** In order of sending. */
  readonly requests: SentRequest[];
  /** The watches that were begun, in order. */
  readonly watches: FakeWatch[];
}

/** One watch, from the server's side. */
interface FakeWatch {
  readonly path: string;
  readonly query: WatchOptions["query"];
  send(event: WatchEvent<unknown>): void;
  /** Ends the watch: quietly, or with the error that the client is to throw. */
  end(error?: Error): void;
}

/** An error answer of the API server. */
export function apiError(status: number, reason = "", message = `HTTP status ${status}`): KubernetesApiError {
  return new KubernetesApiError({ status, reason, message });
}

/** Makes the client. `answer` gives each request's answer, or throws its error. */
export function createFakeApiClient(answer: (request: SentRequest) => unknown): FakeApiClient {
  const requests: SentRequest[] = [];
  const watches: FakeWatch[] = [];
  return {
    requests,
    watches,
    async request<T>(method: ApiMethod, path: string, { query, body, contentType, signal }: RequestOptions = {}) {
      signal?.throwIfAborted();
      const sent = { method, path, query, body, contentType };
      requests.push(sent);
      return (await answer(sent)) as T;
    },
    async *watch<T>(path: string, { query, signal }: WatchOptions = {}) {
      const pending: (WatchEvent<unknown> | "end" | Error)[] = [];
      let wake = () => {};
      const push = (item: WatchEvent<unknown> | "end" | Error) => {
        pending.push(item);
        wake();
      };
      watches.push({ path, query, send: push, end: (error) => push(error ?? "end") });
      signal?.addEventListener("abort", () => push("end"), { once: true });
      while (!signal?.aborted) {
        const next = pending.shift();
        if (next === "end") return;
        if (next instanceof Error) throw next;
        if (next !== undefined) yield next as WatchEvent<T>;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async close() {},
  };
}
