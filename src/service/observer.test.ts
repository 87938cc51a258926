import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { newCluster } from "../../test/support/new-cluster.ts";
import type { Cluster } from "../core/clusters/cluster.ts";
import { getCluster, removeClusterRow, setClusterState } from "../core/clusters/clusters.ts";
import { createCluster } from "../core/clusters/create.ts";
import { findObservation, keepObservation } from "../core/clusters/observations.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import type { Substrate } from "../substrates/substrate.ts";
import { type ObservationKeeper, startObservationKeeper } from "./observation-keeper.ts";
import { observe } from "./observer.ts";

let test: TestCore;
/** The core of the home that has the cluster, and that of another one on the same database. */
let own: Core;
let others: Core;
beforeAll(async () => {
  test = await createTestCore();
  own = { ...test.core, placement: "local-one" };
  others = { ...test.core, placement: "local-two" };
});
afterAll(() => test.close());

/** What the cluster's processes say at the moment. */
let living: { ready: boolean; nodes: { name: string; ready: boolean }[] | undefined };
let looks: number;
const reachable = {
  isReady: async () => {
    looks++;
    return living.ready;
  },
  observeNodes: async () => living.nodes ?? Promise.reject(new Error("It does not answer.")),
};
/** Another machine's: whatever it asked its loopback would be another's, or nobody's. */
const unreachable = {
  isReady: () => expect.fail("Another home's cluster was asked whether it is ready."),
  observeNodes: () => expect.fail("Another home's cluster was asked for its nodes."),
};

let keeper: ObservationKeeper;
let cluster: Cluster;
let here: ClusterObserver;
let there: ClusterObserver;
beforeEach(async () => {
  living = { ready: true, nodes: [{ name: "n1", ready: true }] };
  looks = 0;
  const wanted = newCluster({ name: randomUUID(), nodePools: [] });
  const { clusterId } = await createCluster(own, wanted);
  await setClusterState(own, clusterId, "running");
  cluster = (await getCluster(own, clusterId)) as Cluster;
  const config = { versionPolicy: "nearest" } as const;
  keeper = startObservationKeeper(own, { substrate: reachable, log: pino({ level: "silent" }), ...config });
  here = observe(own, { substrate: reachable as unknown as Substrate, keeper, config });
  there = observe(others, { substrate: unreachable as unknown as Substrate, keeper, config });
});
afterEach(async () => {
  await keeper.stop();
  await removeClusterRow(test.core, cluster.id);
});

const kept = async () => (await findObservation(test.core, cluster.id)) ?? expect.fail("Nothing is kept.");
const untilKept = () => expect.poll(() => findObservation(test.core, cluster.id)).toMatchObject({ ready: true });

/** Makes the last look older. */
const age = (seconds: number) =>
  test.core.db.execute(`update cluster_observations set observed_at = now() - ${seconds} * interval '1 second'`);

describe("a cluster of another home", () => {
  it("is as its own home has found it, without being asked", async () => {
    await untilKept();
    expect(await there.readiness(cluster)).toEqual({ isReady: true });
    expect(await there.nodeReadiness(cluster)).toEqual(new Map([["n1", true]]));
  });

  it("is the same as soon as its own home has told a client otherwise: no two answers differ", async () => {
    await untilKept();
    living = { ready: false, nodes: undefined };
    expect(await here.readiness(cluster)).toEqual({ isReady: false });
    expect(await there.readiness(cluster)).toEqual({ isReady: false });
    await expect(there.nodeReadiness(cluster)).rejects.toThrow("did not tell its home");
    living = { ready: true, nodes: [{ name: "n1", ready: false }] };
    expect(await here.readiness(cluster)).toEqual({ isReady: true });
    expect(await there.readiness(cluster)).toEqual({ isReady: true });
    expect(await there.nodeReadiness(cluster)).toEqual(new Map([["n1", false]]));
  });

  it("is not ready, and says why, while its home is silent", async () => {
    await untilKept();
    await keeper.stop();
    await keepObservation(test.core, cluster.id, { ready: true, nodes: { n1: true } });
    await age(34);
    expect(await there.readiness(cluster)).toEqual({ isReady: true });
    await age(300);
    expect(await there.readiness(cluster)).toEqual({
      isReady: false,
      reason: expect.stringMatching(/\(local-one\) has not been heard of for 30\d s/),
    });
    await expect(there.nodeReadiness(cluster)).rejects.toThrow("has not been heard of for");
  });

  it("is not ready, and says why, before its home has told of it", async () => {
    await keeper.stop();
    await test.core.db.execute("delete from cluster_observations");
    expect(await there.readiness(cluster)).toMatchObject({
      isReady: false,
      reason: expect.stringContaining("not told"),
    });
  });

  it("is not ready as soon as its home stops", async () => {
    await untilKept();
    await keeper.stop();
    expect(await there.readiness(cluster)).toEqual({ isReady: false });
  });
});

describe("a home's own clusters", () => {
  it("are looked at again after ten seconds, and soon after a change of theirs", async () => {
    await untilKept();
    const first = looks;
    await age(11);
    await expect.poll(async () => (await kept()).age).toBeLessThan(10_000);
    await expect.poll(() => looks).toBe(first + 1);
    await setClusterState(own, cluster.id, "changing");
    await expect.poll(() => looks).toBe(first + 2);
  });

  it("are not looked at while they are made or removed", async () => {
    await untilKept();
    await setClusterState(own, cluster.id, "removing");
    const before = await kept();
    await age(11);
    const neighbour = await createCluster(own, newCluster({ name: "neighbour", nodePools: [] }));
    await setClusterState(own, neighbour.clusterId, "running");
    await expect.poll(() => findObservation(test.core, neighbour.clusterId)).toBeDefined();
    expect((await kept()).age).toBeGreaterThan(before.age + 10_000);
    await removeClusterRow(test.core, neighbour.clusterId);
  });

  it("that have gone meanwhile leave nothing", async () => {
    await removeClusterRow(test.core, cluster.id);
    await keepObservation(test.core, cluster.id, { ready: true, nodes: null });
    expect(await findObservation(test.core, cluster.id)).toBeUndefined();
  });
});
