import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { KubernetesApiError, KubernetesUnreachableError, type WatchEvent } from "./client.ts";
import { answer, refusal, startFakeApiServer } from "./testing/fake-api-server.ts";

const watchEvent = '{"type":"ADDED","object":{}}\n';

async function collect<T>(watch: AsyncIterable<WatchEvent<T>>): Promise<WatchEvent<T>[]> {
  const events: WatchEvent<T>[] = [];
  for await (const event of watch) events.push(event);
  return events;
}

describe("a watch", () => {
  it("gives the events until the server ends it", async () => {
    const server = await startFakeApiServer((_, response) => {
      response.write('{"type":"ADDED","object":{"n":1}}\n{"type":"MODIFIED","object":{"n":2}}\n');
      response.end('{"type":"DELETED","object":{"n":3}}\n');
    });
    expect(await collect(server.connect().watch("/api/v1/pods"))).toEqual([
      { type: "ADDED", object: { n: 1 } },
      { type: "MODIFIED", object: { n: 2 } },
      { type: "DELETED", object: { n: 3 } },
    ]);
  });

  it("puts characters together that arrive in parts", async () => {
    const bytes = Buffer.from('{"type":"ADDED","object":{"name":"集群"}}\n');
    const middle = bytes.indexOf("群") + 1;
    const server = await startFakeApiServer((_, response) => {
      response.write(bytes.subarray(0, middle), () => response.end(bytes.subarray(middle)));
    });
    expect(await collect(server.connect().watch("/"))).toEqual([{ type: "ADDED", object: { name: "集群" } }]);
  });

  it("asks for what it is told to, for five minutes", async () => {
    let url: string | undefined;
    const server = await startFakeApiServer((request, response) => {
      url = request.url;
      response.end();
    });
    const query = { resourceVersion: "7", fieldSelector: undefined };
    await collect(server.connect().watch("/api/v1/pods", { query }));
    expect(url).toBe("/api/v1/pods?resourceVersion=7&watch=true&timeoutSeconds=300");
  });

  it.each([
    {
      how: "as an event",
      send: (response: ServerResponse, object: object) => response.end(JSON.stringify({ type: "ERROR", object })),
    },
    { how: "at once", send: (response: ServerResponse, object: object) => answer(response, 410, object) },
  ])("throws what the server refuses $how", async ({ send }) => {
    const body = refusal(410, "Expired", "too old resource version");
    const server = await startFakeApiServer((_, response) => send(response, body));
    const promise = collect(server.connect().watch("/"));
    await expect(promise).rejects.toThrow(KubernetesApiError);
    const { message } = body;
    await expect(promise).rejects.toMatchObject({ status: 410, reason: "Expired", message });
  });

  it("says so where the connection breaks", async () => {
    const server = await startFakeApiServer((_, response) => {
      response.write(`${watchEvent}{"type":"ADD`, () => response.destroy());
    });
    const watch = server.connect().watch("/");
    expect((await watch.next()).value).toEqual({ type: "ADDED", object: {} });
    await expect(watch.next()).rejects.toThrow(KubernetesUnreachableError);
  });

  it("ends quietly with its signal", async () => {
    const controller = new AbortController();
    const server = await startFakeApiServer((_, response) => response.write(watchEvent));
    const watch = server.connect().watch("/", { signal: controller.signal });
    expect((await watch.next()).value).toEqual({ type: "ADDED", object: {} });
    const next = watch.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("does not begin where its signal has fired already", async () => {
    const server = await startFakeApiServer((_, response) => response.end(watchEvent));
    expect(await collect(server.connect().watch("/", { signal: AbortSignal.abort() }))).toEqual([]);
  });

  it("lets go of its connection when nobody listens any more", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await startFakeApiServer((_, response) => {
      response.on("close", closed.resolve);
      response.write(watchEvent);
    });
    for await (const _ of server.connect().watch("/")) break;
    await closed.promise;
  });
});
