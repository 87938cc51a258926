import { afterEach, describe, expect, test } from "vitest";
import { undosOf } from "../../undos.ts";
import { createStageBench, type StageBench, stagePrograms } from "../testing/stage-bench.ts";
import { createLiveCluster } from "./live-cluster.ts";
import type { ReadinessProbe } from "./readiness-probe.ts";

/** A probe that counts how often it is closed. */
function countingProbe() {
  const probe = { closed: 0, ask: async () => true, close: () => void probe.closed++ };
  return probe satisfies ReadinessProbe;
}

describe("what is live of a cluster", () => {
  test("is made once, however many ask at the same time", async () => {
    const live = createLiveCluster();
    let made = 0;
    const ask = () => live.probe.get(async () => ({ ...countingProbe(), made: ++made }));
    const [one, ...others] = await Promise.all([ask(), ask(), ask()]);
    expect(others).toEqual([one, one]);
    expect(made).toBe(1);
  });

  test("is made again where it could not be made", async () => {
    const live = createLiveCluster();
    await expect(live.probe.get(() => Promise.reject(new Error("no certificates yet")))).rejects.toThrow("no certifi");
    const probe = countingProbe();
    expect(await live.probe.get(async () => probe)).toBe(probe);
  });

  test("ends as a whole, with what is being made at that moment, and nothing is opened afterwards", async () => {
    const live = createLiveCluster();
    const making = Promise.withResolvers<ReadinessProbe>();
    const asked = live.probe.get(() => making.promise);
    const closed = live.close();
    const probe = countingProbe();
    making.resolve(probe);
    await Promise.all([asked, closed, live.close()]);
    expect(probe.closed).toBe(1);
    expect(live.isClosed).toBe(true);
    await expect(live.probe.get(async () => countingProbe())).rejects.toThrow("is being stopped or removed");
    expect(live.probe.find()).toBeUndefined();
  });
});

describe("a look at a cluster", () => {
  let bench: StageBench;
  afterEach(() => bench.remove());

  async function liveCluster() {
    bench = await createStageBench();
    const server = stagePrograms.healthyServer;
    bench.install({ etcd: stagePrograms.healthyEtcd, "kube-apiserver": server });
    bench.install({ "kube-controller-manager": server, "kube-scheduler": server });
    const cluster = bench.newCluster();
    await bench.run(cluster, ["network", "distribution", "certificates", "etcd", "control-plane"]);
    const { id, members } = cluster.plan;
    const isReady = () => bench.substrate.isReady({ id, members, state: cluster.state, secrets: cluster.secrets });
    expect(await isReady()).toBe(true);
    return { cluster, isReady };
  }

  test("whose removal has begun opens no connection, though its API server answers", async () => {
    const { cluster, isReady } = await liveCluster();
    const [nodes] = undosOf(bench.substrate.work.create);
    await nodes?.run(bench.context(cluster));
    await expect(bench.substrate.observeNodes(cluster)).rejects.toThrow("is being stopped or removed");
    expect(await isReady()).toBe(false);
  });

  test("that was rolled back opens none, until it is made again", async () => {
    const { cluster, isReady } = await liveCluster();
    const before = { ...cluster, state: { ...cluster.state } };
    await bench.undoAll(cluster);
    await expect(bench.substrate.observeNodes(before)).rejects.toThrow("is being stopped or removed");
    await bench.run(cluster, ["network", "distribution", "certificates", "etcd", "control-plane"]);
    expect(await isReady()).toBe(true);
  });
});
