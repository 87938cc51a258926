import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiError, createFakeApiClient, type SentRequest } from "../../test/support/fake-api-client.ts";
import { simulatedNode } from "../../test/support/simulated-node.ts";
import type { ObjectMeta, PodObject, PodStatus } from "./objects.ts";
import { createPodAddresses } from "./pod-addresses.ts";
import { createPodKeeper } from "./pod-keeper.ts";

const worker = simulatedNode();
/** The node has no range yet. */
const none: readonly string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-31T08:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

function podWith(metadata: Partial<ObjectMeta> = {}, spec: Partial<PodObject["spec"]> = {}, status: PodStatus = {}) {
  const pod: PodObject = {
    metadata: { name: "web", namespace: "default", uid: "uid-1", resourceVersion: "1", ...metadata },
    spec: { nodeName: "worker-1", restartPolicy: "Always", containers: [{ name: "app", image: "nginx" }], ...spec },
    status: { phase: "Pending", ...status },
  };
  return pod;
}

/** A keeper of one pod; a write of its status is merged and answered, as the API server would. */
function keeperOf(pod: PodObject, podRanges: readonly string[] = ["10.0.1.0/24"]) {
  const items = new Map([["default/web", pod]]);
  const failures: Error[] = [];
  const client = createFakeApiClient(({ body }: SentRequest) => {
    const failure = failures.shift();
    if (failure) throw failure;
    const { status } = body as { status?: PodStatus };
    return { ...pod, status: { ...items.get("default/web")?.status, ...status } };
  });
  const waiting: string[] = [];
  const addresses = createPodAddresses();
  const keep = createPodKeeper({
    client,
    wanted: new Map([[worker.name, worker]]),
    pods: {
      items,
      synced: true,
      put: (written) => items.set("default/web", written),
      ended: Promise.resolve(),
    },
    podRanges: () => (podRanges === none ? undefined : podRanges),
    waitForRange: (node, key) => waiting.push(`${node} ${key}`),
    addresses,
    log: pino({ level: "silent" }),
    signal: new AbortController().signal,
  });
  return { client, keep: () => keep("default/web"), waiting, addresses, failures, items };
}

describe("keepPod", () => {
  it("runs a pod with an address of its node's range, and then leaves it alone", async () => {
    const { client, keep } = keeperOf(podWith());
    await keep();
    await keep();
    expect(client.requests).toMatchObject([
      {
        method: "PATCH",
        path: "/api/v1/namespaces/default/pods/web/status",
        contentType: "application/strategic-merge-patch+json",
        body: {
          metadata: { uid: "uid-1" },
          status: { phase: "Running", podIP: "10.0.1.2", hostIP: "192.168.0.55" },
        },
      },
    ]);
  });

  it("gives a pod of the host's network the node's address, without waiting for a range", async () => {
    const { client, keep, waiting } = keeperOf(podWith({}, { hostNetwork: true }), none);
    await keep();
    expect(client.requests[0]?.body).toMatchObject({ status: { podIP: "192.168.0.55" } });
    expect(waiting).toEqual([]);
  });

  it("keeps the address that a pod has from before", async () => {
    const { client, keep } = keeperOf(podWith({}, {}, { podIP: "10.0.9.9" }));
    await keep();
    expect(client.requests[0]?.body).toMatchObject({ status: { podIPs: [{ ip: "10.0.9.9" }] } });
  });

  it("waits where the node has no range yet", async () => {
    const { client, keep, waiting } = keeperOf(podWith(), none);
    expect(await keep()).toBeUndefined();
    expect(client.requests).toEqual([]);
    expect(waiting).toEqual(["worker-1 default/web"]);
  });

  it("looks again later where the range is full", async () => {
    const { client, keep, addresses } = keeperOf(podWith(), ["10.0.1.0/30"]);
    addresses.keep("other", "10.0.1.2");
    expect(await keep()).toBe(10_000);
    expect(client.requests).toEqual([]);
    addresses.release("other");
    await keep();
    expect(client.requests).toHaveLength(1);
  });

  it("completes a pod that is to end, when its time has come", async () => {
    const { client, keep, items } = keeperOf(podWith({}, { restartPolicy: "Never" }));
    expect(await keep()).toBe(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await keep()).toBeUndefined();
    expect(client.requests[1]?.body).toMatchObject({ status: { phase: "Succeeded" } });
    await keep();
    expect(client.requests).toHaveLength(2);
    expect(items.get("default/web")?.status?.phase).toBe("Succeeded");
  });

  it("fails a pod that has run for as long as it may, with its containers stopped", async () => {
    const { client, keep, items } = keeperOf(podWith({}, { activeDeadlineSeconds: 5 }));
    expect(await keep()).toBe(5_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await keep()).toBeUndefined();
    expect(client.requests[1]?.body).toMatchObject({ status: { phase: "Failed", reason: "DeadlineExceeded" } });
    await keep();
    expect(client.requests).toHaveLength(2);
    expect(items.get("default/web")?.status?.containerStatuses).toMatchObject([{ state: { terminated: {} } }]);
  });

  it("gives a pod an address of each of its node's ranges", async () => {
    const { client, keep } = keeperOf(podWith(), ["10.0.1.0/24", "fd00:10::/64"]);
    await keep();
    const podIPs = [{ ip: "10.0.1.2" }, { ip: "fd00:10::2" }];
    expect(client.requests[0]?.body).toMatchObject({ status: { podIP: "10.0.1.2", podIPs } });
  });

  it("keeps both addresses that a pod has from before", async () => {
    const podIPs = [{ ip: "10.0.9.9" }, { ip: "fd00:9::9" }];
    const { client, keep } = keeperOf(podWith({}, {}, { podIP: "10.0.9.9", podIPs }), ["10.0.1.0/24", "fd00:10::/64"]);
    await keep();
    expect(client.requests[0]?.body).not.toHaveProperty("status.podIPs");
  });

  it("stops a deleted pod's containers and then lets it go, this very pod", async () => {
    const running = podWith();
    const { client, keep } = keeperOf(running);
    await keep();
    running.metadata.deletionTimestamp = "2026-01-31T08:00:30Z";
    running.metadata.deletionGracePeriodSeconds = 30;
    await keep();
    expect(client.requests.slice(1)).toMatchObject([
      { method: "PATCH", body: { status: { containerStatuses: [{ state: { terminated: { exitCode: 143 } } }] } } },
      {
        method: "DELETE",
        path: "/api/v1/namespaces/default/pods/web",
        body: { gracePeriodSeconds: 0, preconditions: { uid: "uid-1" } },
      },
    ]);
  });

  it("does not let a pod go twice that others' finalizers keep", async () => {
    const deletion = { deletionTimestamp: "2026-01-31T08:00:30Z", deletionGracePeriodSeconds: 0 };
    const { client, keep } = keeperOf(podWith(deletion, {}, { phase: "Failed" }));
    await keep();
    expect(client.requests).toEqual([]);
  });

  it.each([
    ["on another node", podWith({}, { nodeName: "real-1" })],
    ["without a node", podWith({}, { nodeName: undefined })],
    ["that has succeeded", podWith({}, {}, { phase: "Succeeded" })],
    ["that has failed", podWith({}, {}, { phase: "Failed" })],
  ])("leaves a pod alone %s", async (_what, pod) => {
    const { client, keep } = keeperOf(pod);
    expect(await keep()).toBeUndefined();
    expect(client.requests).toEqual([]);
  });

  it("is content where the pod has gone meanwhile, and passes other refusals on", async () => {
    const { keep, failures } = keeperOf(podWith());
    failures.push(apiError(404, "NotFound"), apiError(409, "Conflict", "uid mismatch"));
    expect(await keep()).toBeUndefined();
    await expect(keep()).rejects.toThrow("uid mismatch");
  });
});
