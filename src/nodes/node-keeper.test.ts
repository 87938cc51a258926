import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiError, createFakeApiClient, type SentRequest } from "../../test/support/fake-api-client.ts";
import { simulatedNode } from "../../test/support/simulated-node.ts";
import { createNodeKeeper, deleteNode } from "./node-keeper.ts";
import { toNodeStatus } from "./node-object.ts";
import type { NodeObject } from "./objects.ts";

const kubelet = { address: "127.64.1.2", port: 10250 };
const node = simulatedNode({ labels: { team: "blue" } });
const standard = {
  "kubernetes.io/hostname": "worker-1",
  "kubernetes.io/os": "linux",
  "beta.kubernetes.io/os": "linux",
  "kubernetes.io/arch": "amd64",
  "beta.kubernetes.io/arch": "amd64",
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-31T08:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A keeper whose API server holds these Node objects and answers writes by `answer`. */
function keeperOf(given: NodeObject[], answer: (request: SentRequest) => unknown = () => given[0], synced = true) {
  const client = createFakeApiClient(answer);
  const items = new Map(given.map((object) => [object.metadata.name, object]));
  const put: NodeObject[] = [];
  const nodes = { items, synced, put: (object: NodeObject) => put.push(object), ended: Promise.resolve() };
  const keep = createNodeKeeper({
    client,
    kubelet,
    wanted: new Map([[node.name, node]]),
    nodes,
    signal: new AbortController().signal,
  });
  return { client, keep, items, put };
}

function observed(change: Partial<NodeObject> = {}, labels: Record<string, string> = standard): NodeObject {
  return {
    metadata: { name: "worker-1", uid: "uid-1", resourceVersion: "1", labels },
    spec: { providerID: "cn-beijing.i-1" },
    status: toNodeStatus(node, kubelet, new Date()),
    ...change,
  };
}

const sentTo = (requests: readonly SentRequest[]) => requests.map(({ method, path }) => `${method} ${path}`);

describe("keepNode", () => {
  it("registers a missing node, status included", async () => {
    const { client, keep, put } = keeperOf([], () => observed());
    await keep("worker-1");
    expect(sentTo(client.requests)).toEqual(["POST /api/v1/nodes"]);
    expect(client.requests[0]?.body).toMatchObject({
      metadata: { labels: { team: "blue" } },
      status: { capacity: {} },
    });
    expect(put).toHaveLength(1);
  });

  it("is content where another has registered it meanwhile", async () => {
    const { keep } = keeperOf([], () => {
      throw apiError(409, "AlreadyExists");
    });
    await keep("worker-1");
  });

  it("passes other refusals on, to be tried again", async () => {
    const { keep } = keeperOf([], () => {
      throw apiError(403, "Forbidden", "not yet");
    });
    await expect(keep("worker-1")).rejects.toThrow("not yet");
  });

  it.each([
    ["a node that nobody wants", "worker-9", true],
    ["any node before it is known which are missing", "worker-1", false],
  ])("does nothing about %s", async (_what, name, synced) => {
    const { client, keep } = keeperOf([], undefined, synced);
    expect(await keep(name)).toBeUndefined();
    expect(client.requests).toEqual([]);
  });

  it("does nothing about a node that is being deleted", async () => {
    const deleted = observed();
    deleted.metadata.deletionTimestamp = "2026-01-31T08:00:00Z";
    const { client, keep } = keeperOf([{ ...deleted, status: {} }]);
    expect(await keep("worker-1")).toBeUndefined();
    expect(client.requests).toEqual([]);
  });

  it("adopts a node as it is, with the labels and taints that users gave or took, and comes back for the report", async () => {
    const { client, keep } = keeperOf([observed({}, { ...standard, mine: "yes" })]);
    const wait = await keep("worker-1");
    expect(client.requests).toEqual([]);
    expect(wait).toBeGreaterThanOrEqual(5 * 60_000);
    expect(wait).toBeLessThanOrEqual(5.5 * 60_000);
  });

  it("completes the standard labels and the provider id of an adopted node, once", async () => {
    const bare = observed({ spec: {} }, { "kubernetes.io/os": "linux" });
    const { client, keep } = keeperOf([bare]);
    await keep("worker-1");
    await keep("worker-1");
    const { "kubernetes.io/os": _present, ...missing } = standard;
    expect(client.requests).toEqual([
      {
        method: "PATCH",
        path: "/api/v1/nodes/worker-1",
        query: undefined,
        contentType: undefined,
        body: { metadata: { labels: missing }, spec: { providerID: "cn-beijing.i-1" } },
      },
    ]);
  });

  it("puts a wrong status right at once, for this very object", async () => {
    const lost = observed({ status: { conditions: [{ type: "Ready", status: "Unknown" }] } });
    const { client, keep } = keeperOf([lost]);
    await keep("worker-1");
    expect(client.requests).toMatchObject([
      {
        method: "PATCH",
        path: "/api/v1/nodes/worker-1/status",
        contentType: "application/strategic-merge-patch+json",
        body: { metadata: { uid: "uid-1" } },
      },
    ]);
  });

  it("does not fight: it puts a status right every ten seconds at most", async () => {
    const { client, keep } = keeperOf([observed({ status: {} })]);
    await keep("worker-1");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await keep("worker-1")).toBe(6_000);
    expect(client.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(6_000);
    await keep("worker-1");
    expect(client.requests).toHaveLength(2);
  });
});

describe("deleteNode", () => {
  const signal = new AbortController().signal;

  it("deletes the object", async () => {
    const client = createFakeApiClient(() => ({}));
    await deleteNode(client, "worker-1", signal);
    expect(sentTo(client.requests)).toEqual(["DELETE /api/v1/nodes/worker-1"]);
  });

  it.each([
    [404, false],
    [500, true],
  ])("with the answer %i it fails: %s", async (status, fails) => {
    const client = createFakeApiClient(() => {
      throw apiError(status);
    });
    const outcome = await deleteNode(client, "worker-1", signal).then(
      () => false,
      () => true,
    );
    expect(outcome).toBe(fails);
  });
});
