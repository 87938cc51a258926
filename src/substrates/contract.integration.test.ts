import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { localWorld } from "./local/testing/world.ts";
import type { ClusterPlan, ClusterRecord, StageContext, Substrate, SubstrateStage } from "./substrate.ts";
import { examplePlan } from "./testing/example-plan.ts";
import { createRecordFile, openRecordFile, withPlan } from "./testing/file-record.ts";
import type { World } from "./testing/world.ts";
import { undosOf } from "./undos.ts";

/** Every substrate, and where it is tried: a new one is a line here. */
const worlds: Readonly<Record<string, () => Promise<World>>> = { local: localWorld };

/** Says only when to give a test up. */
const patience = { timeout: 120_000, interval: 100 };

describe.each(Object.entries(worlds))("the substrate %s", (name, createWorld) => {
  let world: World;
  let folder: string;
  let substrate: Substrate;
  beforeAll(async () => {
    [world, folder] = await Promise.all([createWorld(), mkdtemp(join(tmpdir(), "sampan-contract-"))]);
    substrate = world.newSubstrate();
  });
  afterAll(async () => {
    await world.remove();
    await rm(folder, { recursive: true });
  });

  function newCluster(more: Partial<ClusterPlan> = {}): ClusterRecord {
    const plan = examplePlan(more);
    const record = join(folder, `${plan.id}.json`);
    createRecordFile(record, plan);
    return openRecordFile(record);
  }

  const contextOf = (cluster: ClusterRecord, signal = new AbortController().signal): StageContext => ({
    ...{ cluster, signal },
    report: () => undefined,
    event: async () => undefined,
  });
  /** Runs each stage and, as after a crash of Sampan at its end, once more. */
  async function runTwice(stages: readonly SubstrateStage[], cluster: ClusterRecord): Promise<void> {
    for (const stage of stages) for (let n = 0; n < 2; n++) await stage.run(contextOf(cluster));
  }

  const isReady = ({ plan: { id, members }, state, secrets }: ClusterRecord) =>
    substrate.isReady({ id, members, state, secrets });
  const readyNodes = async (cluster: ClusterRecord) =>
    (await substrate.observeNodes(cluster).catch(() => [])).filter(({ ready }) => ready).map((node) => node.name);

  async function expectToServe(cluster: ClusterRecord): Promise<void> {
    await expect.poll(() => isReady(cluster), patience).toBe(true);
    const planned = cluster.plan.nodes.map((node) => node.name);
    await expect.poll(async () => (await readyNodes(cluster)).toSorted(), patience).toEqual(planned.toSorted());
  }

  /** A cluster that nobody has made, or that is gone: who asks is told so, and nothing is there. */
  async function expectNoCluster(cluster: ClusterRecord): Promise<void> {
    expect(await world.remains(cluster.plan.id)).toEqual([]);
    expect(substrate.describe(cluster.state)).toEqual({ endpoints: undefined, runningVersion: undefined });
    expect(await isReady(cluster)).toBe(false);
    await expect(substrate.observeNodes(cluster)).rejects.toThrow();
    await expect(substrate.adminAccess(cluster, { lifetimeMinutes: 60 })).rejects.toThrow();
  }

  test("has a name, and can work here", async () => {
    expect(substrate.name).toBe(name);
    await expect(substrate.preflight()).resolves.toBeUndefined();
  });

  test("says what its stages do, each of a work by a name of its own, and how a creation is undone", () => {
    const { create, change } = substrate.work;
    for (const stages of [create, change]) {
      expect(stages.length).toBeGreaterThan(0);
      expect(new Set(stages.map((stage) => stage.name)).size).toBe(stages.length);
      for (const stage of [...stages, ...undosOf(create)]) {
        expect(stage.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect(stage.title).toMatch(/^[A-Z].*[^.]$/);
      }
    }
  });

  test("begins no stage once the signal has fired", async () => {
    const cluster = newCluster();
    const { create, change } = substrate.work;
    const fired = AbortSignal.abort(new Error("cancelled by the user"));
    for (const stage of [...create, ...change])
      await expect(stage.run(contextOf(cluster, fired))).rejects.toThrow("cancelled by the user");
    await expectNoCluster(cluster);
  });

  test("removes what nobody made, and what was made up to where somebody cancelled", async () => {
    const cluster = newCluster();
    const { create } = substrate.work;
    await runTwice(undosOf(create), cluster);
    await expectNoCluster(cluster);

    const half = Math.ceil(create.length / 2);
    for (const stage of create.slice(0, half)) await stage.run(contextOf(cluster));
    expect(await world.remains(cluster.plan.id)).not.toEqual([]);
    const cancel = new AbortController();
    const running = create[half]?.run(contextOf(cluster, cancel.signal));
    cancel.abort(new Error("cancelled by the user"));
    await expect(running).rejects.toThrow("cancelled by the user");
    await runTwice(undosOf(create), cluster);
    await expectNoCluster(cluster);
  });

  describe("and a cluster", () => {
    let cluster: ClusterRecord;
    beforeAll(() => {
      cluster = newCluster();
    });

    test("which is made, though each stage is run twice", async () => {
      await runTwice(substrate.work.create, cluster);
      await expectToServe(cluster);
      expect(substrate.describe(cluster.state)).toEqual({
        endpoints: { public: expect.stringMatching(/^https:/), intranet: expect.stringMatching(/^https:/) },
        runningVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      });
    });

    test("which administrators and services have keys to", async () => {
      const { endpoints, ca, cert } = await substrate.adminAccess(cluster, { lifetimeMinutes: 60 });
      expect(endpoints).toEqual(substrate.describe(cluster.state).endpoints);
      expect(new X509Certificate(cert).verify(new X509Certificate(ca).publicKey)).toBe(true);
      const { config, expiration } = await substrate.kubeconfig(cluster, { lifetimeMinutes: 60, endpoint: "public" });
      expect(parse(config)).toMatchObject({ kind: "Config", clusters: [{ cluster: { server: endpoints.public } }] });
      expect(expiration.getTime()).toBeGreaterThan(Date.now());
      const { keys } = (await substrate.serviceAccountKeys(cluster)) ?? expect.fail("it has no keys");
      expect(keys).toEqual([expect.objectContaining({ kid: expect.any(String), alg: expect.any(String) })]);
    });

    test("which no stage changes where it is as its plan says", async () => {
      const before = [{ ...cluster.state }, await world.remains(cluster.plan.id)];
      await runTwice([...substrate.work.create, ...substrate.work.change], cluster);
      expect([cluster.state, await world.remains(cluster.plan.id)]).toEqual(before);
      await expectToServe(cluster);
    });

    test("which becomes what its plan says, though each stage is run twice", async () => {
      const { apiServer, content } = cluster.plan;
      const wanted = {
        apiServer: { ...apiServer, publicEndpoint: false },
        content: { ...content, description: "new" },
      };
      cluster = withPlan(cluster, wanted);
      await runTwice(substrate.work.change, cluster);
      const { endpoints } = substrate.describe(cluster.state);
      expect(endpoints).toEqual({ public: undefined, intranet: expect.stringMatching(/^https:/) });
      const { config } = await substrate.kubeconfig(cluster, { lifetimeMinutes: undefined, endpoint: "public" });
      expect(parse(config)).toMatchObject({ clusters: [{ cluster: { server: endpoints?.intranet } }] });
      await expectToServe(cluster);
    });

    test("which stops with Sampan, and is taken up by the next one as it was", async () => {
      const state = { ...cluster.state };
      await substrate.suspend();
      expect(await isReady(cluster)).toBe(false);
      substrate = world.newSubstrate();
      for (let n = 0; n < 2; n++) await substrate.resume(cluster);
      expect(cluster.state).toEqual(state);
      await expectToServe(cluster);
    });

    test("which is removed without a trace, though each stage is run twice", async () => {
      expect(await world.remains(cluster.plan.id)).not.toEqual([]);
      await runTwice(undosOf(substrate.work.create), cluster);
      await expectNoCluster(cluster);
    });
  });
});
