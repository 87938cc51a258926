import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/addons/kubernetes-object.ts";
import { answer, type Handler, refusal, startFakeApiServer } from "../../../kubernetes/testing/fake-api-server.ts";
import { type ApplyOptions, applyObjects } from "./apply.ts";

const configMap = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "kube-system", labels: { "sampan.dev/addon": "logtail-ds" } },
});
const namespace: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "arms-prom" } };
const daemonSet: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "d", namespace: "kube-system" },
};

const options = (more: Partial<ApplyOptions> = {}): ApplyOptions => ({
  concurrency: 4,
  pollMs: 1,
  deadlineMs: 60_000,
  signal: new AbortController().signal,
  ...more,
});

async function apply(handle: Handler, objects: KubernetesObject[], more: Partial<ApplyOptions> = {}): Promise<void> {
  const server = await startFakeApiServer(handle);
  await applyObjects(server.connect(), objects, options(more));
}

const nameIn = (url: string | undefined) => new URL(url ?? "", "https://any").pathname.split("/").at(-1) ?? "";

describe("applying objects", () => {
  it("sends each once, as a server-side apply that wins back Sampan's fields", async () => {
    const requests: unknown[] = [];
    await apply(
      async (request, response) => {
        requests.push([request.method, request.url, request.headers["content-type"], JSON.parse(await text(request))]);
        answer(response, 200, {});
      },
      [configMap("a")],
    );
    expect(requests).toEqual([
      [
        "PATCH",
        "/api/v1/namespaces/kube-system/configmaps/a?fieldManager=sampan&force=true",
        "application/apply-patch+yaml",
        configMap("a"),
      ],
    ]);
  });

  it("begins a round only when the one before is over", async () => {
    const events: string[] = [];
    await apply(
      async (request, response) => {
        await text(request);
        events.push(`asked for ${nameIn(request.url)}`);
        setImmediate(() => {
          events.push(`answered ${nameIn(request.url)}`);
          answer(response, 200, {});
        });
      },
      [namespace, configMap("a"), daemonSet],
    );
    expect(events).toEqual(["arms-prom", "a", "d"].flatMap((name) => [`asked for ${name}`, `answered ${name}`]));
  });

  it("has no more requests under way than allowed, and tells of its progress", async () => {
    const counts: number[] = [];
    let underWay = 0;
    let most = 0;
    await apply(
      async (request, response) => {
        most = Math.max(most, ++underWay);
        await text(request);
        underWay -= 1;
        answer(response, 200, {});
      },
      Array.from({ length: 20 }, (_, index) => configMap(`c${index}`)),
      { concurrency: 3, onApplied: (count) => counts.push(count) },
    );
    expect(most).toBeLessThanOrEqual(3);
    expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it.each([
    [404, "NotFound", 'namespaces "kube-system" not found'],
    [403, "Forbidden", "not yet ready to handle request"],
    [409, "Conflict", "the object has been modified"],
    [500, "InternalError", "etcdserver: leader changed"],
    [503, "ServiceUnavailable", "the server is currently unable to handle the request"],
  ])("tries again after %i %s", async (status, reason, message) => {
    let tries = 0;
    await apply(
      (_, response) =>
        ++tries < 3 ? answer(response, status, refusal(status, reason, message)) : answer(response, 200, {}),
      [configMap("a")],
    );
    expect(tries).toBe(3);
  });

  it("tries again after a broken connection", async () => {
    let tries = 0;
    await apply(
      (request, response) => (++tries < 3 ? request.socket.destroy() : answer(response, 200, {})),
      [configMap("a")],
    );
    expect(tries).toBe(3);
  });

  it("says which object of which add-on is wrong, and begins nothing new", async () => {
    const asked: string[] = [];
    const handle: Handler = (request, response) => {
      asked.push(nameIn(request.url));
      answer(response, 422, refusal(422, "Invalid", 'ConfigMap "a" is invalid'));
    };
    await expect(apply(handle, [configMap("a"), configMap("b"), daemonSet], { concurrency: 1 })).rejects.toThrow(
      'The API server refused ConfigMap kube-system/a of the add-on logtail-ds: ConfigMap "a" is invalid',
    );
    expect(asked).toEqual(["a"]);
  });

  it("says so of the cluster's own objects, too", async () => {
    const handle: Handler = (_, response) => answer(response, 400, refusal(400, "BadRequest", "no"));
    await expect(apply(handle, [namespace])).rejects.toThrow(
      "The API server refused Namespace arms-prom of the cluster's own configuration: no",
    );
  });

  it.each([
    "etcdserver: request is too large",
    "rpc error: code = ResourceExhausted desc = trying to send message larger than max (3000000 vs. 2097152)",
  ])("does not try again after 500 %s", async (message) => {
    let tries = 0;
    const handle: Handler = (_, response) => {
      tries += 1;
      answer(response, 500, refusal(500, "InternalError", message));
    };
    await expect(apply(handle, [configMap("a")])).rejects.toThrow(
      `The API server refused ConfigMap kube-system/a of the add-on logtail-ds: ${message}`,
    );
    expect(tries).toBe(1);
  });

  it("gives up in the end, with the last answer", async () => {
    const handle: Handler = (_, response) =>
      answer(response, 503, refusal(503, "ServiceUnavailable", "still starting"));
    await expect(apply(handle, [configMap("a")], { deadlineMs: 0 })).rejects.toThrow(
      /^Waited 0 s for ConfigMap kube-system\/a of the add-on logtail-ds to be accepted, in vain\. The last answer: still starting/,
    );
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const handle: Handler = () => stop.abort(new Error("cancelled"));
    await expect(apply(handle, [configMap("a")], { signal: stop.signal })).rejects.toThrow("cancelled");
  });
});
