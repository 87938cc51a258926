import { Writable } from "node:stream";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { apiError, createFakeApiClient, type SentRequest } from "../../test/support/fake-api-client.ts";
import { KubernetesUnreachableError } from "../kubernetes/client.ts";
import type { LoadBalancerIngress, ServiceObject } from "./objects.ts";
import { type ServiceLoop, startServiceLoop } from "./service-loop.ts";

const running: { stop: AbortController; loop: ServiceLoop }[] = [];

afterEach(async () => {
  for (const { stop, loop } of running.splice(0)) {
    stop.abort();
    await loop.close();
  }
});

/** A Service as a test describes it. */
interface Described {
  type?: ServiceObject["spec"]["type"];
  ip?: string;
  wish?: string;
}

/** An API server that holds these Services, and the loop on it. Answers of `failures` come before its own. */
function loopOn(given: Record<string, Described>) {
  const stop = new AbortController();
  const store = new Map<string, ServiceObject>();
  const failures: (Error | (() => never))[] = [];
  const warnings: string[] = [];
  let version = 1;

  function put(name: string, { type = "LoadBalancer", ip, wish }: Described): ServiceObject {
    const uid = store.get(name)?.metadata.uid ?? `uid-${name}-${version}`;
    const service: ServiceObject = {
      metadata: { name, namespace: "default", uid, resourceVersion: String(++version) },
      spec: { type, loadBalancerIP: wish },
      status: { loadBalancer: ip ? { ingress: [{ ip }] } : {} },
    };
    store.set(name, service);
    return service;
  }

  function answer({ method, path, body }: SentRequest) {
    if (method === "GET") return { metadata: { resourceVersion: String(version) }, items: [...store.values()] };
    const failure = failures.shift();
    if (failure instanceof Error) throw failure;
    failure?.();
    const present = store.get(path.split("/").at(-2) ?? "");
    if (!present) throw apiError(404, "NotFound");
    const { metadata, status } = body as ServiceObject;
    if (metadata.resourceVersion !== present.metadata.resourceVersion) throw apiError(409, "Conflict");
    const ip = status?.loadBalancer?.ingress?.[0]?.ip;
    const { type, loadBalancerIP: wish } = present.spec;
    return put(present.metadata.name, { type, ip, wish });
  }

  for (const [name, described] of Object.entries(given)) put(name, described);
  const client = createFakeApiClient(answer);
  const sink = new Writable({
    write(line, _encoding, done) {
      warnings.push(JSON.parse(String(line)).service);
      done();
    },
  });
  const loop = startServiceLoop({
    client,
    innerLoadBalancer: undefined,
    log: pino({ level: "warn" }, sink),
    signal: stop.signal,
  });
  running.push({ stop, loop });

  const watch = () => vi.waitFor(() => client.watches[0] ?? expect.fail("no watch yet"));
  return {
    failures,
    warnings,
    watch,
    /** Somebody changes or creates a Service, and the watch says so. */
    async change(name: string, described: Described) {
      const type = store.has(name) ? "MODIFIED" : "ADDED";
      (await watch()).send({ type, object: put(name, described) });
    },
    /** As `change`, but the watch has not said so yet: the returned function does. */
    changeUnseen(name: string, described: Described) {
      const object = put(name, described);
      return async () => (await watch()).send({ type: "MODIFIED", object });
    },
    async remove(name: string) {
      const object = store.get(name) ?? expect.fail(`no Service ${name}`);
      store.delete(name);
      (await watch()).send({ type: "DELETED", object });
    },
    writes: () => client.requests.filter(({ method }) => method === "PATCH"),
    addresses: () =>
      Object.fromEntries([...store].map(([name, { status }]) => [name, status?.loadBalancer?.ingress?.[0]?.ip])),
  };
}

const until = (condition: () => void) => vi.waitFor(condition);
const written = (ingress: LoadBalancerIngress[] | null) => ({ status: { loadBalancer: { ingress } } });

describe("the service loop", () => {
  it("gives a load balancer an address by its status, for this very version of it, once", async () => {
    const { writes, addresses, change } = loopOn({ web: {} });
    await until(() => expect(addresses()).toEqual({ web: "198.19.0.1" }));
    await change("web", { ip: "198.19.0.1" });
    await change("later", {});
    await until(() => expect(addresses()).toMatchObject({ later: "198.19.0.2" }));
    expect(writes()).toHaveLength(2);
    expect(writes()[0]).toMatchObject({
      path: "/api/v1/namespaces/default/services/web/status",
      contentType: undefined,
      body: { metadata: { resourceVersion: "2" }, ...written([{ ip: "198.19.0.1" }]) },
    });
  });

  it("takes the address from what is no load balancer any more, and gives it to the next", async () => {
    const { writes, addresses, change } = loopOn({ web: { ip: "198.19.0.1" } });
    await change("web", { type: "ClusterIP", ip: "198.19.0.1" });
    await until(() => expect(addresses()).toEqual({ web: undefined }));
    expect(writes()[0]?.body).toMatchObject(written(null));
    await change("next", {});
    await until(() => expect(addresses()).toEqual({ web: undefined, next: "198.19.0.1" }));
  });

  it("leaves other Services alone", async () => {
    const { writes, addresses, change } = loopOn({ api: { type: "ClusterIP" }, port: { type: "NodePort" } });
    await change("web", {});
    await until(() => expect(addresses()).toMatchObject({ web: "198.19.0.1" }));
    expect(writes()).toHaveLength(1);
  });

  it("gives no address twice, those from before a start included", async () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`new-${n}`, {}]));
    const old = { "z-old-1": { ip: "198.19.0.2" }, "z-old-2": { ip: "198.19.0.5", type: "ClusterIP" as const } };
    const { addresses } = loopOn({ ...many, ...old });
    await until(() => {
      const given = Object.values(addresses()).filter((address) => address !== undefined);
      expect(given).toHaveLength(21);
      expect(new Set(given).size).toBe(21);
    });
    expect(addresses()).toMatchObject({ "new-0": "198.19.0.1", "new-1": "198.19.0.3", "z-old-1": "198.19.0.2" });
  });

  it("offers the same address again where it cannot know what has come of it, and nobody else that one", async () => {
    const { failures, addresses, change, writes } = loopOn({});
    const lost = new KubernetesUnreachableError("https://api", "PATCH", "/status", new Error("reset"));
    failures.push(lost);
    await change("web", {});
    await change("other", {});
    await until(() => expect(addresses()).toEqual({ web: "198.19.0.1", other: "198.19.0.2" }));
    expect(writes()).toHaveLength(3);
  });

  it("holds an address whose writing was done without an answer, until the watch says so", async () => {
    const { failures, addresses, change, changeUnseen, writes } = loopOn({});
    let seen = async () => {};
    failures.push(() => {
      seen = changeUnseen("web", { ip: "198.19.0.1" });
      throw new KubernetesUnreachableError("https://api", "PATCH", "/status", new Error("reset"));
    });
    await change("web", {});
    await until(() => expect(writes()).toHaveLength(2));
    await change("other", {});
    await until(() => expect(addresses()).toEqual({ web: "198.19.0.1", other: "198.19.0.2" }));
    await seen();
    await change("last", {});
    await until(() => expect(addresses()).toMatchObject({ web: "198.19.0.1", last: "198.19.0.3" }));
    expect(writes()).toHaveLength(4);
  });

  it("looks anew at a Service that was changed meanwhile", async () => {
    const { watch, failures, addresses, changeUnseen, change, writes, warnings } = loopOn({});
    await watch();
    let seen = async () => {};
    failures.push(() => {
      seen = changeUnseen("web", { type: "ClusterIP" });
      throw apiError(409, "Conflict");
    });
    await change("web", {});
    await until(() => expect(writes()).toHaveLength(1));
    await seen();
    await change("next", {});
    await until(() => expect(addresses()).toEqual({ web: undefined, next: "198.19.0.1" }));
    expect(writes()).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it("is content where the Service has gone meanwhile, and has its address free again", async () => {
    const { failures, addresses, change, remove, writes, warnings } = loopOn({});
    failures.push(apiError(404, "NotFound"));
    await change("web", {});
    await until(() => expect(writes()).toHaveLength(1));
    await remove("web");
    await change("next", {});
    await until(() => expect(addresses()).toEqual({ next: "198.19.0.1" }));
    expect(writes()).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it("tries again what was refused", async () => {
    const { failures, addresses, change, warnings } = loopOn({});
    failures.push(apiError(500, "InternalError", "etcd is slow"));
    await change("web", {});
    await until(() => expect(addresses()).toEqual({ web: "198.19.0.1" }));
    expect(warnings).toHaveLength(1);
  });

  it("has a Service wait for the address it asks for, and says so once each time", async () => {
    const { addresses, change, remove, warnings } = loopOn({ first: { wish: "203.0.113.9" } });
    await until(() => expect(addresses()).toEqual({ first: "203.0.113.9" }));
    await change("second", { wish: "203.0.113.9" });
    await change("third", {});
    await until(() => expect(addresses()).toMatchObject({ second: undefined, third: "198.19.0.1" }));
    await remove("first");
    await until(() => expect(addresses()).toEqual({ second: "203.0.113.9", third: "198.19.0.1" }));
    expect(warnings).toEqual(["default/second"]);

    await change("second", { type: "ClusterIP", ip: "203.0.113.9" });
    await change("fourth", { wish: "203.0.113.9" });
    await until(() => expect(addresses()).toMatchObject({ second: undefined, fourth: "203.0.113.9" }));
    await change("second", { wish: "203.0.113.9" });
    await until(() => expect(warnings.filter((service) => service === "default/second")).toHaveLength(2));
  });
});
