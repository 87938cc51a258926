import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApiClient, KubernetesApiError, KubernetesUnreachableError } from "./client.ts";
import { createCertificateAuthority } from "./pki/certificates.ts";
import { answer, refusal, startFakeApiServer } from "./testing/fake-api-server.ts";

describe("a request", () => {
  it("gives the answer's JSON", async () => {
    const server = await startFakeApiServer((_, response) => answer(response, 200, { kind: "PodList", items: [] }));
    expect(await server.connect().request("GET", "/api/v1/pods")).toEqual({ kind: "PodList", items: [] });
  });

  it("gives the answer's text where it is no JSON", async () => {
    const server = await startFakeApiServer((_, response) =>
      response.writeHead(200, { "content-type": "text/plain" }).end("ok"),
    );
    expect(await server.connect().request("GET", "/readyz")).toBe("ok");
  });

  it("shows the client's certificate", async () => {
    const server = await startFakeApiServer(({ socket }, response) =>
      answer(response, 200, (socket as TLSSocket).getPeerCertificate().subject),
    );
    expect(await server.connect().request("GET", "/")).toEqual({ CN: "someone" });
  });

  it("carries its query, without what is undefined", async () => {
    const server = await startFakeApiServer(({ url }, response) => answer(response, 200, url));
    const query = { labelSelector: "a=b,c in (d)", limit: 500, watch: false, continue: undefined };
    const url = await server.connect().request<string>("GET", "/api/v1/pods", { query });
    expect(Object.fromEntries(new URL(url, "https://any").searchParams)).toEqual({
      labelSelector: "a=b,c in (d)",
      limit: "500",
      watch: "false",
    });
  });

  it.each([
    { method: "POST", asked: undefined, sent: "application/json" },
    { method: "PUT", asked: undefined, sent: "application/json" },
    { method: "PATCH", asked: undefined, sent: "application/merge-patch+json" },
    {
      method: "PATCH",
      asked: "application/strategic-merge-patch+json",
      sent: "application/strategic-merge-patch+json",
    },
  ] as const)("$method sends its body as $sent", async ({ method, asked, sent }) => {
    const server = await startFakeApiServer(async (request, response) =>
      answer(response, 200, [request.method, request.headers["content-type"], JSON.parse(await text(request))]),
    );
    const options = { body: { name: "节点" }, ...(asked && { contentType: asked }) };
    expect(await server.connect().request(method, "/", options)).toEqual([method, sent, { name: "节点" }]);
  });

  it("names Sampan, or whom it is told to", async () => {
    const server = await startFakeApiServer(({ headers }, response) => answer(response, 200, headers["user-agent"]));
    expect(await server.connect().request("GET", "/")).toBe("sampan");
    expect(await server.connect({ userAgent: "sampan-nodes" }).request("GET", "/")).toBe("sampan-nodes");
  });
});

describe("a refused request", () => {
  it("says what the Status object says", async () => {
    const body = refusal(409, "AlreadyExists", 'nodes "n1" already exists');
    const server = await startFakeApiServer((_, response) => answer(response, 409, body));
    const promise = server.connect().request("POST", "/api/v1/nodes", { body: {} });
    await expect(promise).rejects.toThrow(KubernetesApiError);
    const { message } = body;
    await expect(promise).rejects.toMatchObject({ status: 409, reason: "AlreadyExists", message });
  });

  it.each([
    { body: "not yet\n", message: "not yet" },
    { body: "", message: "The API server answered with HTTP status 503." },
    { body: "[]", message: "[]" },
  ])("without a Status object says $message", async ({ body, message }) => {
    const server = await startFakeApiServer((_, response) => response.writeHead(503).end(body));
    const promise = server.connect().request("GET", "/readyz");
    await expect(promise).rejects.toMatchObject({ status: 503, reason: "", message });
  });

  it("because of too many requests is sent again when the server says so", async () => {
    const bodies: string[] = [];
    const server = await startFakeApiServer(async (request, response) => {
      bodies.push(await text(request));
      if (bodies.length === 3) return answer(response, 201, { kind: "Pod" });
      answer(response, 429, refusal(429, "TooManyRequests", "slow down"), { "retry-after": "0" });
    });
    expect(await server.connect().request("POST", "/", { body: { a: 1 } })).toEqual({ kind: "Pod" });
    expect(bodies).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
  });

  it("because of too many requests ends as such when the time is over", async () => {
    const body = refusal(429, "TooManyRequests", "slow down");
    const server = await startFakeApiServer((_, response) => answer(response, 429, body, { "retry-after": "60" }));
    const promise = server.connect().request("GET", "/", { timeoutMs: 1000 });
    await expect(promise).rejects.toMatchObject({ status: 429, message: "slow down" });
  });

  it("because of too many requests is not sent again unasked", async () => {
    let requests = 0;
    const server = await startFakeApiServer((_, response) => {
      requests++;
      answer(response, 429, refusal(429, "TooManyRequests", "disruption budget"));
    });
    await expect(server.connect().request("POST", "/", { body: {} })).rejects.toMatchObject({ status: 429 });
    expect(requests).toBe(1);
  });
});

describe("a request without an answer", () => {
  it("says that the server is not there", async () => {
    const server = await startFakeApiServer(() => {});
    await server.close();
    const promise = server.connect().request("GET", "/readyz");
    await expect(promise).rejects.toThrow(KubernetesUnreachableError);
    const sentence = `The API server at ${server.access.server} did not answer GET /readyz: connect ECONNREFUSED`;
    await expect(promise).rejects.toThrow(sentence);
  });

  it("says that the time is over", async () => {
    const server = await startFakeApiServer(() => {});
    const promise = server.connect().request("GET", "/", { timeoutMs: 50 });
    await expect(promise).rejects.toThrow("did not answer GET /: no answer within 50 ms");
  });

  it("ends with the signal's reason", async () => {
    const controller = new AbortController();
    const server = await startFakeApiServer(() => controller.abort(new Error("cancelled")));
    const promise = server.connect().request("GET", "/", { signal: controller.signal });
    await expect(promise).rejects.toThrow(/^cancelled$/);
  });

  it("is not sent to a server of another authority", async () => {
    let requests = 0;
    const server = await startFakeApiServer((_, response) => answer(response, 200, { request: ++requests }));
    const other = await createCertificateAuthority("kubernetes");
    const client = createApiClient({ ...server.access, ca: other.cert });
    onTestFinished(() => client.close());
    await expect(client.request("GET", "/")).rejects.toThrow(KubernetesUnreachableError);
    expect(requests).toBe(0);
  });
});

describe("connections", () => {
  it("are kept and used again", async () => {
    const server = await startFakeApiServer((_, response) => answer(response, 200, {}));
    const client = server.connect({ connections: 1 });
    for (let i = 0; i < 10; i++) await client.request("GET", "/");
    expect(server.connections()).toBe(1);
  });

  it("are never more than allowed", async () => {
    const server = await startFakeApiServer((_, response) => setImmediate(() => answer(response, 200, {})));
    const client = server.connect({ connections: 3 });
    await Promise.all(Array.from({ length: 60 }, () => client.request("GET", "/")));
    expect(server.connections()).toBe(3);
  });

  it("of watches do not count", async () => {
    const server = await startFakeApiServer(({ url }, response) => {
      if (!url?.includes("watch=true")) return answer(response, 200, {});
      response.write('{"type":"BOOKMARK","object":{}}\n');
    });
    const client = server.connect({ connections: 1 });
    const watches = [client.watch("/a"), client.watch("/b"), client.watch("/c")];
    for (const watch of watches) expect((await watch.next()).value).toEqual({ type: "BOOKMARK", object: {} });
    expect(await client.request("GET", "/")).toEqual({});
  });

  it("are broken off when the client closes", async () => {
    const server = await startFakeApiServer(
      ({ url }, response) => url?.includes("watch=true") && response.write('{"type":"BOOKMARK","object":{}}\n'),
    );
    const client = server.connect();
    const watch = client.watch("/");
    await watch.next();
    const pending = Promise.allSettled([client.request("GET", "/"), watch.next()]);
    await client.close();
    for (const promise of await pending)
      expect(promise).toMatchObject({ status: "rejected", reason: { name: "KubernetesUnreachableError" } });
  });
});
