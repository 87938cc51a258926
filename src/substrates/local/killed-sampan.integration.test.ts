import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSameProcess } from "../../machine/processes.ts";
import type { ClusterRecord, Substrate } from "../substrate.ts";
import { openRecordFile } from "../testing/file-record.ts";
import { undosOf } from "../undos.ts";
import type { Doom, DoomedOptions } from "./testing/doomed-sampan.ts";
import {
  componentNames,
  createTestHome,
  distribution,
  networkOf,
  patience,
  readyNodes,
  runStages,
  type TestHome,
} from "./testing/real-clusters.ts";

/**
 * One cluster whose creation is taken up by one Sampan after the other, each of which kills itself (SIGKILL) a little
 * further on. `from` is the first stage that has not succeeded, where the task would go on.
 */
const deaths: { from: string; doom: Doom }[] = [
  { from: "network", doom: { beforeState: "network" } },
  { from: "network", doom: { beforeState: "runningVersion" } },
  { from: "distribution", doom: { beforeSecret: "pki" } },
  { from: "certificates", doom: { component: "etcd" } },
  { from: "etcd", doom: { component: "forwarder" } },
  { from: "control-plane", doom: { component: "kube-apiserver" } },
  { from: "control-plane", doom: { component: "kube-scheduler" } },
  { from: "control-plane", doom: { message: "Waiting for 3 nodes" } },
  { from: "nodes", doom: { message: "3 nodes are Ready." } },
];
const program = fileURLToPath(new URL("./testing/doomed-sampan.ts", import.meta.url));

let home: TestHome;
let made: { id: string; record: string };
/** The Sampan that comes after all that were killed, and what it reads from the record that they left. */
let substrate: Substrate;
let cluster: ClusterRecord;

beforeAll(async () => {
  home = await createTestHome();
  made = home.newCluster();
});

afterAll(() => home.remove());

test.each(deaths)("killed at $doom, it leaves running what runs, and nothing twice", async ({ from, doom }) => {
  const before = await home.processes(made.id);
  const options: DoomedOptions = { home: home.path, distribution, record: made.record, firstStage: from, doom };
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "ignore", "inherit"] });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  const after = await home.processes(made.id);
  expect(after).toEqual(expect.arrayContaining(before));
  const components = after.map(({ component }) => component);
  expect(components).toEqual([...new Set(components)]);
});

test("the cluster serves without any Sampan", async () => {
  cluster = openRecordFile(made.record);
  expect((await home.processes(made.id)).map(({ component }) => component)).toEqual(componentNames);
  expect(await home.kubectl(home.newSubstrate(), cluster, "get", "--raw", "/readyz")).toBe("ok");
});

test("the next Sampan adopts it without a restart, and its nodes report again", async () => {
  const before = await home.processes(made.id);
  substrate = home.newSubstrate();
  await substrate.resume(cluster);
  expect(await home.processes(made.id)).toEqual(before);
  await expect.poll(() => readyNodes(substrate, cluster), patience).toBe(3);
  await home.expectEverythingWorks(substrate, cluster, "adopted");
});

test("an adopted component is looked after as any other", async () => {
  const [etcd = expect.fail("nothing runs")] = await home.processes(made.id);
  process.kill(etcd.identity.pid, "SIGKILL");
  await expect.poll(() => isSameProcess(etcd.identity)).toBe(false);
  await expect
    .poll(async () => (await home.processes(made.id)).map(({ component }) => component), patience)
    .toEqual(componentNames);
  await expect
    .poll(() => home.kubectl(substrate, cluster, "get", "--raw", "/readyz").catch(String), patience)
    .toBe("ok");
  await home.expectEverythingWorks(substrate, cluster, "looked-after");
});

test("removal leaves nothing behind, and can be done twice", async () => {
  const network = networkOf(cluster);
  await runStages(undosOf(substrate.work.create), home.context(cluster));
  await home.expectNothingLeft(made.id, network);
  await runStages(undosOf(substrate.work.create), home.context(cluster));
  await home.expectNothingLeft(made.id, network);
});
