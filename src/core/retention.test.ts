import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { newCluster } from "../../test/support/new-cluster.ts";
import { events, tasks, vpcs } from "../storage/schema.ts";
import { removeClusterRow } from "./clusters/clusters.ts";
import { createCluster } from "./clusters/create.ts";
import { ensureVswitches, findVswitches } from "./inventory/inventory.ts";
import { forgetHistory, forgetVpcs, retention } from "./retention.ts";

let test: TestCore;
let living: string;
beforeAll(async () => {
  test = await createTestCore();
  living = (await createCluster(test.core, newCluster())).clusterId;
});
afterAll(() => test.close());

const now = new Date();
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000);
const numbers = (length: number) => Array.from({ length }, (_, n) => n);

/** A task that ended some days ago, or did not end. */
const taskOf = (id: string, clusterId: string, age: number, accountId: string, ended = true) => ({
  ...{ id, clusterId, accountId, clusterName: "demo", placement: "here", kind: "cluster-change", stages: [] },
  target: { type: "cluster", id: clusterId },
  ...{ state: ended ? "succeeded" : "running", timeoutMinutes: 10, createdAt: daysAgo(age) },
  endedAt: ended ? daysAgo(age) : null,
});

const eventOf = (message: string, clusterId: string, age: number, accountId: string) =>
  ({ accountId, clusterId, level: "info", reason: "Counted", message, at: daysAgo(age) }) as const;

/** Bounds that few rows exceed. */
const bounds = {
  tasks: { days: 30, perAccount: 20, ofCluster: 5 },
  events: { days: 30, perAccount: 20, ofCluster: 5 },
};

const taskIds = async () => (await test.core.db.select({ id: tasks.id }).from(tasks)).map(({ id }) => id);
const messages = async () => (await test.core.db.select({ text: events.message }).from(events)).map(({ text }) => text);

describe("the history", () => {
  it("forgets tasks that ended long ago, but none that goes on, and the last ones of a cluster that is there", async () => {
    await test.core.db
      .insert(tasks)
      .values([
        taskOf("gone-old", "gone", 31, test.accountId),
        taskOf("gone-young", "gone", 29, test.accountId),
        taskOf("gone-running", "gone", 31, test.accountId, false),
        ...numbers(7).map((n) => taskOf(`living-${n}`, living, 100 + n, test.accountId)),
      ]);
    await forgetHistory(test.core, now, bounds);
    const left = await taskIds();
    expect(left).toContain("gone-young");
    expect(left).toContain("gone-running");
    expect(left).not.toContain("gone-old");
    expect(left.filter((id) => id.startsWith("living-"))).toEqual(numbers(5).map((n) => `living-${n}`));
  });

  it("forgets events in the same way", async () => {
    await test.core.db
      .insert(events)
      .values([
        eventOf("gone-old", "gone", 31, test.accountId),
        eventOf("gone-young", "gone", 29, test.accountId),
        ...numbers(7).map((n) => eventOf(`living-${n}`, living, 100, test.accountId)),
      ]);
    await forgetHistory(test.core, now, bounds);
    const left = await messages();
    expect(left).toContain("gone-young");
    expect(left).not.toContain("gone-old");
    expect(left.filter((text) => text.startsWith("living-"))).toEqual(numbers(5).map((n) => `living-${n + 2}`));
  });

  it("keeps so many of an account, the newest, in however many batches the others go", async () => {
    const most = 2_500;
    const { accountId } = test;
    await test.core.db
      .insert(tasks)
      .values(numbers(most).map((n) => taskOf(`many-${n}`, "gone", n / 1_000, accountId)));
    await test.core.db.insert(events).values(numbers(most).map((n) => eventOf(`many-${n}`, "gone", 1, "another")));
    await forgetHistory(test.core, now, bounds);
    const isOfMany = (name: string) => name.startsWith("many-");
    const kept = numbers(20).map((n) => `many-${n}`);
    expect(kept).toEqual(expect.arrayContaining((await taskIds()).filter(isOfMany)));
    const newest = numbers(20).map((n) => `many-${most - 20 + n}`);
    expect((await messages()).filter(isOfMany)).toEqual(newest);
  });

  it("is kept for a month, and more than is shown of each cluster that is there", () => {
    expect(retention.events).toMatchObject({ days: 30, ofCluster: 1000 });
    expect(retention.tasks).toMatchObject({ days: 30 });
  });
});

describe("the inventory", () => {
  const network = { region: "cn-hangzhou", avoid: [] };
  const register = async (vpcId: string, usedAt: Date) => {
    const { accountId } = test;
    await ensureVswitches(test.core, { ...network, accountId, vpcId, vswitchIds: [`vsw-of-${vpcId}`] });
    await setUsedAt(vpcId, usedAt);
  };
  const setUsedAt = async (id: string, usedAt: Date) => {
    await test.core.db
      .insert(vpcs)
      .values({ accountId: test.accountId, id, region: "", cidr: "", usedAt })
      .onConflictDoUpdate({ target: [vpcs.accountId, vpcs.id], set: { usedAt } });
  };
  const known = async () => (await test.core.db.select({ id: vpcs.id }).from(vpcs)).map(({ id }) => id);

  it("forgets VPCs that no cluster was in for long, with their vSwitches", async () => {
    await register("vpc-old", daysAgo(31));
    await register("vpc-young", daysAgo(29));
    const ofLiving = newCluster().spec.network.vpcId;
    await setUsedAt(ofLiving, daysAgo(400));
    await forgetVpcs(test.core, now);
    expect(await known()).toEqual(expect.arrayContaining([ofLiving, "vpc-young"]));
    expect(await known()).not.toContain("vpc-old");
    expect(await findVswitches(test.core, test.accountId, ["vsw-of-vpc-old"])).toEqual([]);
    await removeClusterRow(test.core, living);
    await forgetVpcs(test.core, now);
    expect(await known()).toContain(ofLiving);
  });

  it("keeps so many of an account that no cluster is in, the last used", async () => {
    for (const n of numbers(5)) await register(`vpc-${n}`, daysAgo(n));
    await forgetVpcs(test.core, now, { days: 30, perAccount: 3 });
    // The cluster of the test before has gone a moment ago.
    expect((await known()).filter((id) => /^vpc-\d/.test(id))).toHaveLength(3);
    expect(await known()).not.toContain("vpc-4");
  });
});
