import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memberPaths } from "../../kubernetes/member-paths.ts";
import type { ClusterRecord } from "../substrate.ts";
import { requireSite } from "./site/site.ts";
import { createStageBench, type StageBench, stagePrograms } from "./testing/stage-bench.ts";

let bench: StageBench;
let cluster: ClusterRecord;
beforeEach(async () => {
  bench = await createStageBench();
  bench.install({
    etcd: stagePrograms.healthyEtcd,
    "kube-apiserver": stagePrograms.healthyServer,
    "kube-controller-manager": stagePrograms.healthyServer,
    "kube-scheduler": stagePrograms.healthyServer,
  });
  cluster = bench.newCluster({ nodes: [] });
  await bench.run(cluster, ["network", "distribution", "certificates", "etcd", "control-plane"]);
  // Where etcd, for which a program stands here, has its data.
  const { controlPlane } = requireSite(join(bench.folder, "home"), cluster);
  for (const { directory } of controlPlane.members) await mkdir(memberPaths(directory).etcdData);
});
afterEach(() => bench.remove());

/** Takes the cluster up. @returns how many turns it took */
async function resume(signal = new AbortController().signal): Promise<number> {
  let turns = 0;
  const turn = (run: () => Promise<void>) => {
    turns++;
    return run();
  };
  await bench.substrate.resume(cluster, { signal, turn });
  return turns;
}

test("a control plane that has to be started takes a turn, and one that is there takes none", async () => {
  await bench.restart();
  expect(await resume()).toBe(1);
  expect(await resume()).toBe(0);
});

test("a cluster that is not to be taken up any more is left at once", async () => {
  await bench.restart();
  const reason = new Error("It is to be removed.");
  await expect(resume(AbortSignal.abort(reason))).rejects.toBe(reason);
});
