import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiError, createFakeApiClient, type SentRequest } from "../../test/support/fake-api-client.ts";
import { simulatedNode } from "../../test/support/simulated-node.ts";
import { createLeaseKeeper } from "./lease-keeper.ts";
import type { NodeObject } from "./objects.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
const wanted = new Map([["worker-1", simulatedNode()]]);
const object: NodeObject = { metadata: { name: "worker-1", uid: "uid-1", resourceVersion: "1" } };

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-31T08:00:00.123Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

function keeperOf(items: Map<string, NodeObject>, answer: (request: SentRequest) => unknown = () => ({})) {
  const client = createFakeApiClient(answer);
  const nodes = { items, synced: true, put: () => {}, ended: Promise.resolve() };
  return { client, keep: createLeaseKeeper({ client, wanted, nodes, signal: new AbortController().signal }) };
}

describe("keepLease", () => {
  it("renews the lease, spreads the second renewal over the interval, and keeps to it then", async () => {
    const { client, keep } = keeperOf(new Map([["worker-1", object]]));
    const second = await keep("worker-1");
    expect(second).toBeGreaterThanOrEqual(0);
    expect(second).toBeLessThan(10_000);
    expect(await keep("worker-1")).toBe(10_000);
    expect(await keep("worker-1")).toBe(10_000);
    expect(client.requests[0]).toMatchObject({
      method: "PATCH",
      path: `${leases}/worker-1`,
      body: { spec: { renewTime: "2026-01-31T08:00:00.123000Z" } },
    });
  });

  it("makes a missing lease, which belongs to the Node object", async () => {
    const { client, keep } = keeperOf(new Map([["worker-1", object]]), ({ method }) => {
      if (method === "PATCH") throw apiError(404, "NotFound");
    });
    await keep("worker-1");
    expect(client.requests[1]).toMatchObject({
      method: "POST",
      path: leases,
      body: {
        metadata: {
          name: "worker-1",
          ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "worker-1", uid: "uid-1" }],
        },
        spec: { holderIdentity: "worker-1", leaseDurationSeconds: 40, renewTime: "2026-01-31T08:00:00.123000Z" },
      },
    });
  });

  it("comes back soon where the namespace is not there yet", async () => {
    const { keep } = keeperOf(new Map([["worker-1", object]]), () => {
      throw apiError(404, "NotFound");
    });
    expect(await keep("worker-1")).toBe(500);
  });

  it("passes other refusals on, to be tried again", async () => {
    const { keep } = keeperOf(new Map([["worker-1", object]]), () => {
      throw apiError(500, "", "broken");
    });
    await expect(keep("worker-1")).rejects.toThrow("broken");
  });

  it.each([
    ["worker-1", new Map<string, NodeObject>()],
    ["worker-2", new Map([["worker-2", object]])],
  ])("holds none for %s, which has no Node object or is not wanted", async (name, items) => {
    const { client, keep } = keeperOf(items);
    expect(await keep(name)).toBeUndefined();
    expect(client.requests).toEqual([]);
  });
});
