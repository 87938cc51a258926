import { watch } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { threeMembers } from "../../testing/example-plan.ts";
import { createStageBench, type StageBench, stagePrograms } from "../testing/stage-bench.ts";
import { machineSupplies, requireInotifyInstances, type Supply } from "./supplies.ts";

describe("room for inotify instances", () => {
  test.each<[what: string, supply: Supply | undefined, needed: number, isEnough: boolean]>([
    ["is there up to the limit", { limit: 128, used: 127 }, 1, true],
    ["is not there beyond it", { limit: 128, used: 127 }, 2, false],
    ["is not asked for where nothing is needed", { limit: 128, used: 300 }, 0, true],
    ["is taken to be there where the kernel tells no limit", undefined, 1_000, true],
  ])("%s", async (_, supply, needed, isEnough) => {
    const supplies = { inotifyInstances: async () => supply };
    const outcome = requireInotifyInstances(supplies, needed).then(
      () => true,
      () => false,
    );
    expect(await outcome).toBe(isEnough);
  });

  test("is measured over the processes of this user", async ({ skip, onTestFinished }) => {
    const before = await machineSupplies.inotifyInstances();
    if (before === undefined) return skip("This kernel has no inotify.");
    expect(before.limit).toBeGreaterThan(0);
    // Other programs come and go, so it is looked at until the own one shows.
    const watcher = watch(tmpdir(), () => undefined);
    onTestFinished(() => watcher.close());
    expect(before.used).toBeGreaterThanOrEqual(0);
    await expect.poll(async () => (await machineSupplies.inotifyInstances())?.used ?? 0).toBeGreaterThan(0);
  });
});

describe("a creation", () => {
  let bench: StageBench;
  afterEach(() => bench.remove());

  test.each([
    ["one member", {}, 1],
    ["three members", threeMembers(), 3],
  ])("of %s is refused before anything is started where inotify instances are short", async (_, plan, needed) => {
    bench = await createStageBench({}, { inotifyInstances: async () => ({ limit: 128, used: 128 }) });
    const cluster = bench.newCluster(plan);
    await expect(bench.run(cluster, ["network", "distribution"])).rejects.toThrow(
      `The control plane needs ${needed} more inotify instances, and this user has 128 of the 128 that one may have. ` +
        `Raise the limit with "sysctl fs.inotify.max_user_instances=8192"`,
    );
  });

  test("that finds them taken meanwhile says so, and not its controller manager", async () => {
    let used = 0;
    bench = await createStageBench({}, { inotifyInstances: async () => ({ limit: 128, used }) });
    const manager = stagePrograms.healthyServer;
    bench.install({ etcd: stagePrograms.healthyEtcd, "kube-apiserver": manager, "kube-controller-manager": manager });
    const cluster = bench.newCluster();
    await bench.run(cluster, ["network", "distribution", "certificates", "etcd"]);
    used = 128;
    await expect(bench.run(cluster, ["control-plane"])).rejects.toThrow("needs 1 more inotify instances");
  });
});
