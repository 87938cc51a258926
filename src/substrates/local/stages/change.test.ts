import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClusterRecord } from "../../substrate.ts";
import { withPlan } from "../../testing/file-record.ts";
import { scanProcesses } from "../control-plane/process-scan.ts";
import { createStageBench, type StageBench, stagePrograms } from "../testing/stage-bench.ts";

const upToAddOns = ["network", "distribution", "certificates", "etcd", "control-plane", "add-ons"];

let bench: StageBench;
let cluster: ClusterRecord;

beforeEach(async () => {
  bench = await createStageBench();
  installServers(stagePrograms.healthyServer);
  cluster = bench.newCluster();
});
afterEach(() => bench.remove());

function installServers(apiServer: string): void {
  const manager = stagePrograms.healthyServer;
  const managers = { "kube-controller-manager": manager, "kube-scheduler": manager };
  bench.install({ etcd: stagePrograms.healthyEtcd, "kube-apiserver": apiServer, ...managers });
}

async function create(): Promise<void> {
  await bench.run(cluster, upToAddOns);
  bench.messages.length = 0;
}

/** Runs every change stage for a plan. */
async function change(plan: Parameters<typeof withPlan>[1] = {}): Promise<void> {
  const changed = withPlan(cluster, plan);
  for (const stage of bench.substrate.work.change) await stage.run(bench.context(changed));
}

const processes = async () => {
  const found = await scanProcesses(bench.folderOf(cluster));
  return found.toSorted((one, other) => one.component.localeCompare(other.component));
};
const withEndpoint = (publicEndpoint: boolean) => ({ apiServer: { ...cluster.plan.apiServer, publicEndpoint } });
const withNames = (...extraSans: string[]) => ({ apiServer: { ...cluster.plan.apiServer, extraSans } });
const named = (name: string) => ({ name });

test("each change stage says what it does", () => {
  expect(bench.substrate.work.change.map(({ name, title }) => `${name}: ${title}`)).toEqual([
    "certificates: Put changed names into the certificates",
    "content: Change what stands in the cluster",
    "served-certificates: Wait for the API server to present its certificate",
    "public-endpoint: Open or close the public endpoint",
  ]);
});

test("no change stage begins once the signal has fired", async () => {
  const fired = AbortSignal.abort(new Error("cancelled"));
  for (const stage of bench.substrate.work.change)
    await expect(stage.run(bench.context(cluster, fired))).rejects.toThrow("cancelled");
});

describe("a cluster that runs", () => {
  beforeEach(create);

  test("stays untouched where nothing has changed", async () => {
    const before = await processes();
    await change();
    expect(await processes()).toEqual(before);
    expect(bench.messages).toEqual(["Nothing in it has to change.", "It stays as it is."]);
  });

  test("has only those objects applied again that have changed, and only once", async () => {
    await change(named("another"));
    expect(bench.messages).toEqual(["1 of 1 objects are in place.", "It stays as it is."]);
    bench.messages.length = 0;
    await change(named("another"));
    expect(bench.messages).toEqual(["Nothing in it has to change.", "It stays as it is."]);
  });

  test("has its public endpoint closed and opened again, and every other process left alone", async () => {
    const before = await processes();
    const { public: address } = bench.substrate.describe(cluster.state).endpoints ?? {};
    await change(withEndpoint(false));
    expect(await processes()).toEqual(before.filter(({ component }) => component !== "endpoint/forwarder"));
    expect(bench.substrate.describe(cluster.state).endpoints?.public).toBeUndefined();
    expect(bench.messages).toContain("The API server has no public endpoint any more.");
    await change(withEndpoint(true));
    expect((await processes()).map(({ component }) => component)).toEqual(before.map(({ component }) => component));
    expect(bench.substrate.describe(cluster.state).endpoints?.public).toBe(address);
    expect(bench.messages).toContain(`The API server is reached at ${address}, too.`);
  });

  test("is done once it presents the certificate with its new names", async () => {
    await change(withNames("other.example.com"));
  });
});

test("a public endpoint is opened without waiting for an API server to present another certificate", async () => {
  await bench.remove();
  bench = await createStageBench({ certificatePoll: 5, certificateDeadline: 100 });
  installServers(stagePrograms.forgetfulServer);
  cluster = bench.newCluster();
  cluster = withPlan(cluster, withEndpoint(false));
  await create();
  await change(withEndpoint(true));
  expect(bench.substrate.describe(cluster.state).endpoints?.public).toMatch(/^https:\/\/127\./);
});

test("a cluster whose API server goes on with its old certificate is waited for where it lacks a name", async () => {
  await bench.remove();
  bench = await createStageBench({ certificatePoll: 5, certificateDeadline: 100 });
  installServers(stagePrograms.forgetfulServer);
  cluster = bench.newCluster();
  await create();
  await change(withNames());
  await expect(change(withNames("other.example.com"))).rejects.toThrow(
    /^Waited 0.1 s for the API server of member-1 to present its new certificate, in vain. The last answer: 127\..* presents a certificate without the names DNS:other.example.com. It does so at its next start at the latest.$/,
  );
});

test("a cluster whose API server does not run is not waited for: it reads the certificate when it starts", async () => {
  await bench.run(cluster, ["network", "distribution", "certificates"]);
  const served = bench.substrate.work.change.find(({ name }) => name === "served-certificates");
  await served?.run(bench.context(cluster));
});

test("a cluster of an earlier Sampan, without notes, has its own configuration applied and no add-ons", async () => {
  const addons = [{ name: "coredns", version: "v1", config: {} }];
  cluster = bench.newCluster({ content: { ...cluster.plan.content, addons } });
  await bench.run(cluster, upToAddOns.slice(0, -1));
  await change();
  expect(bench.messages).toContain("2 of 2 objects are in place.");
});
