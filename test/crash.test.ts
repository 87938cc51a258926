import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withMachineLock } from "../src/substrates/local/network/lock.ts";
import { eventually } from "./support/eventually.ts";
import { createGate, type Gate } from "./support/gate.ts";
import { type Kubectl, kubectlFor } from "./support/kubectl.ts";
import { componentProcesses, controlPlane } from "./support/processes.ts";
import { scriptedDistribution, waitFor } from "./support/scripted-distribution.ts";
import { type Accepted, allClusters, createCluster, oneNode, sdk, smallBody, successOf, task } from "./support/sdk.ts";
import { claimsFolderOf, type Settings, startService, type TestService } from "./support/service.ts";

let service: TestService;
let settings: Settings;
let cluster: Accepted;
let kubectl: Kubectl;
let gates: { version: Gate; etcd: Gate; apiServer: Gate };

beforeAll(async () => {
  service = await startService(async (folder) => {
    gates = {
      version: await createGate(join(folder, "version.gate")),
      etcd: await createGate(join(folder, "etcd.gate")),
      apiServer: await createGate(join(folder, "apiserver.gate")),
    };
    settings = {
      SAMPAN_DISTRIBUTION_DIR: join(folder, "cache"),
      SAMPAN_DISTRIBUTION_PATH: await scriptedDistribution(join(folder, "executables"), {
        etcd: { version: waitFor(gates.version), run: waitFor(gates.etcd) },
        "kube-apiserver": { run: waitFor(gates.apiServer) },
      }),
    };
    return settings;
  });
});

afterAll(async () => {
  for (const gate of Object.values(gates)) await gate.open();
  await service?.dispose();
  for (const gate of Object.values(gates)) await gate.close();
});

const components = () => componentProcesses(service.home).map(({ component }) => component);
const pidOf = (name: string) => componentProcesses(service.home).find(({ component }) => component === name)?.pid;

describe("kill -9 of Sampan in each stage of a creation", () => {
  const inStage = (name: string) =>
    eventually(async () => {
      expect(await task(service.client, cluster.taskId)).toMatchObject({ state: "running", currentStage: name });
    });

  /** After the restart, the same task goes on, and nothing is there twice. */
  async function restart() {
    await service.start();
    const clusters = await allClusters(service.client);
    expect(clusters.map(({ clusterId, state }) => [clusterId, state])).toEqual([[cluster.clusterId, "initial"]]);
    expect(new Set(components()).size).toBe(components().length);
  }

  test("network", async () => {
    const released = Promise.withResolvers<void>();
    const held = withMachineLock(claimsFolderOf(settings), 60_000, () => released.promise);
    cluster = await createCluster(service.client, smallBody("crash", { ...oneNode, num_of_nodes: 3 }));
    await inStage("network");
    await service.kill9();
    released.resolve();
    await held;
    await restart();
  });

  test("distribution", async () => {
    await inStage("distribution");
    await service.kill9();
    // Holds the next stage.
    await mkdir(dirname(stampFile()), { recursive: true, mode: 0o700 });
    stamp = await createGate(stampFile());
    await gates.version.open();
    await restart();
  });

  test("certificates", async () => {
    await inStage("certificates");
    await service.kill9();
    await rm(stampFile());
    await restart();
  });

  test("etcd", async () => {
    await inStage("etcd");
    await eventually(() => expect(components()).toEqual(["etcd"]));
    await service.kill9();
    await restart();
    await gates.etcd.open();
  });

  test("control-plane, together with what was just started", async () => {
    await inStage("control-plane");
    const first = await eventually(() => expectPid("kube-apiserver"));
    await service.kill9();
    process.kill(first, "SIGKILL");
    await restart();
    await eventually(() => expect(expectPid("kube-apiserver")).not.toBe(first));
    // Holds the next stage, which is the next to look at the certificates.
    stampContent = await readFile(stampFile(), "utf8");
    await rm(stampFile());
    stamp = await createGate(stampFile());
    await gates.apiServer.open();
  });

  test("add-ons", async () => {
    await inStage("add-ons");
    await service.kill9();
    await restart();
    await inStage("add-ons");
    // Lets this stage pass and holds the next one: a pipe gives what is written once.
    await writeFile(stampFile(), stampContent);
  });

  test("nodes", async () => {
    await inStage("nodes");
    await service.kill9();
    await rm(stampFile());
    await writeFile(stampFile(), stampContent, { mode: 0o600 });
    await restart();
  });

  test("and then the creation succeeds, with one of everything", async () => {
    const { client } = service;
    await successOf(client, cluster);
    expect(components()).toEqual(controlPlane);
    const { body } = await client.describeClusterTasks(cluster.clusterId, new sdk.DescribeClusterTasksRequest({}));
    expect(body?.tasks).toMatchObject([{ taskId: cluster.taskId, state: "success" }]);
    kubectl = await kubectlFor(client, cluster.clusterId, service.folder);
    expect(await kubectl.run(["get", "nodes", "--no-headers"])).toMatch(
      /^(cn-zhangjiakou\.192\.168\.0\.5[567] +Ready .*\n?){3}$/,
    );
  });

  let stamp: Gate;
  let stampContent: string;

  /** The first that the stages from `certificates` on look at, one after the other. */
  function stampFile(): string {
    return join(service.home, "clusters", cluster.clusterId.slice(1), "member-1", "certificates.stamp");
  }

  function expectPid(name: string): number {
    const pid = pidOf(name);
    expect(pid).toBeDefined();
    return pid ?? 0;
  }

  afterAll(() => stamp?.close());
});

/** Uses every part of the control plane, and the nodes: in a new namespace a pod comes to run. */
async function expectWellness(namespace: string): Promise<void> {
  await eventually(() => kubectl.run(["create", "namespace", namespace]));
  // The controller manager makes the service account, without which no pod is admitted.
  await eventually(() => kubectl.run(["-n", namespace, "get", "serviceaccount", "default"]));
  await kubectl.run(["-n", namespace, "run", "probe", "--image=busybox", "--restart=Never"]);
  await eventually(async () => {
    expect(await kubectl.run(["-n", namespace, "get", "pod", "probe", "-o", "jsonpath={.status.phase}"])).toMatch(
      /Running|Succeeded/,
    );
  });
}

const dataOf = (name: string) => kubectl.run(["get", "configmap", name, "-o", "jsonpath={.data.key}"]);

describe("a cluster that runs", () => {
  beforeAll(async () => {
    await kubectl.run(["create", "configmap", "kept", "--from-literal=key=value"]);
  });

  test.each(controlPlane)("gets its %s back after a kill -9, and keeps its data", async (component) => {
    const before = componentProcesses(service.home);
    const victim = before.find((running) => running.component === component);
    process.kill(victim?.pid ?? 0, "SIGKILL");
    await eventually(() => {
      expect(components()).toEqual(controlPlane);
      expect(pidOf(component)).not.toBe(victim?.pid);
    });
    await expectWellness(`after-${component}`);
    expect(await dataOf("kept")).toBe("value");
    // Its neighbours were left alone. Without etcd, managers may end by themselves.
    const others = before.filter((running) => running.component !== component);
    if (component !== "etcd") expect(componentProcesses(service.home)).toEqual(expect.arrayContaining(others));
  });

  test("tells of that in its log", async () => {
    const { body } = await service.client.describeClusterLogs(cluster.clusterId);
    const lines = body?.map(({ clusterLog }) => clusterLog);
    for (const component of controlPlane)
      expect(lines).toContainEqual(
        expect.stringMatching(
          new RegExp(`^${cluster.clusterId} \\| \\[WARNING\\] ComponentRestarted: (endpoint )?${component} ended`),
        ),
      );
  });

  test("serves on while Sampan is dead, and is taken over by the next one as it is", async () => {
    const before = componentProcesses(service.home);
    await service.kill9();
    expect(await dataOf("kept")).toBe("value");
    await kubectl.run(["create", "configmap", "meanwhile", "--from-literal=key=value"]);
    await service.start();
    await eventually(async () => {
      expect(await kubectl.run(["get", "nodes", "--no-headers"])).toMatch(/^(\S+ +Ready .*\n?){3}$/);
    });
    await expectWellness("after-sampan");
    expect(componentProcesses(service.home)).toEqual(before);
    expect(await dataOf("meanwhile")).toBe("value");
  });

  test("is looked after by the one that took it over", async () => {
    const scheduler = pidOf("kube-scheduler") ?? 0;
    process.kill(scheduler, "SIGKILL");
    await eventually(() => {
      expect(components()).toEqual(controlPlane);
      expect(pidOf("kube-scheduler")).not.toBe(scheduler);
    });
    await expectWellness("after-adoption");
  });

  test("comes back after Sampan and all of its components were killed at once, as by a loss of power", async () => {
    await service.kill9();
    for (const { pid } of componentProcesses(service.home)) process.kill(pid, "SIGKILL");
    await eventually(() => expect(components()).toEqual([]));
    await service.start();
    await expectWellness("after-everything");
    expect(components()).toEqual(controlPlane);
    expect(await dataOf("kept")).toBe("value");
  });

  test("is stopped with Sampan by a normal stop, and comes back with its data", async () => {
    await service.stop();
    expect(componentProcesses(service.home)).toEqual([]);
    await service.start();
    await expectWellness("after-stop");
    expect(components()).toEqual(controlPlane);
    expect(await dataOf("kept")).toBe("value");
    expect(await dataOf("meanwhile")).toBe("value");
    const { body } = await service.client.describeClusterDetail(cluster.clusterId);
    expect(body).toMatchObject({ state: "running", size: 3 });
  });
});
