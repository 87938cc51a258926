import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "./support/eventually.ts";
import { createGate, type Gate } from "./support/gate.ts";
import { componentProcesses } from "./support/processes.ts";
import { scriptedDistribution, waitFor } from "./support/scripted-distribution.ts";
import {
  type Accepted,
  type AckBody,
  createCluster,
  deleteCluster,
  endOf,
  removeCluster,
  smallBody,
  successOf,
  task,
} from "./support/sdk.ts";
import { claimsOf, type Settings, startService, type TestService } from "./support/service.ts";

/** As the documents have it: `true` removes what was made when the creation fails. */
const rollback: AckBody = { disable_rollback: true };

let service: TestService;
let settings: Settings;

/** Starts the service of a group of tests with an API server that behaves as a script says. */
async function startWith(
  apiServer: string,
  further: (folder: string) => Promise<{ etcd?: string }> = async () => ({}),
) {
  service = await startService(async (folder) => {
    const { etcd = ":" } = await further(folder);
    const scripts = { etcd: { run: etcd }, "kube-apiserver": { run: apiServer } };
    settings = {
      SAMPAN_DISTRIBUTION_DIR: join(folder, "cache"),
      SAMPAN_DISTRIBUTION_PATH: await scriptedDistribution(join(folder, "executables"), scripts),
      // Creations that wait for nothing take no processor: all go on at once.
      SAMPAN_CONCURRENT_TASKS: "16",
    };
    return settings;
  });
}

/** What there is of a cluster outside of the database. */
async function tracesOf({ clusterId }: Accepted) {
  const id = clusterId.slice(1);
  const clusters = join(service.home, "clusters");
  return {
    components: componentProcesses(service.home)
      .filter(({ cluster }) => cluster === id)
      .map(({ component }) => component),
    folders: (await readdir(clusters)).filter((name) => name === id),
    claims: await claimsOf(join(clusters, id), settings),
  };
}

const nothing = { components: [], folders: [], claims: [] };

const create = (name: string, further: AckBody = {}) => createCluster(service.client, smallBody(name, further));

const stateOf = async ({ clusterId }: Accepted) => (await service.client.describeClusterDetail(clusterId)).body?.state;

const expectGone = ({ clusterId }: Accepted) =>
  expect(service.client.describeClusterDetail(clusterId)).rejects.toMatchObject({ code: "ErrorClusterNotFound" });

const logOf = async ({ clusterId }: Accepted) =>
  (await service.client.describeClusterLogs(clusterId)).body?.map(({ clusterLog }) => clusterLog).join("\n");

const inStage = ({ taskId }: Accepted, name: string) =>
  eventually(async () => {
    expect(await task(service.client, taskId)).toMatchObject({ state: "running", currentStage: name });
  });

/** The states of a task's stages, in order. */
const stageStates = async ({ taskId }: Accepted) =>
  (await task(service.client, taskId)).stages?.map(({ state }) => state);

describe("with an API server that hangs", () => {
  let etcdGate: Gate;
  /** Creations that may take a minute: they wait for it while the other tests run. */
  let late: Accepted;
  let lateWithRollback: Accepted;

  beforeAll(async () => {
    await startWith("exec sleep 86400", async (folder) => {
      etcdGate = await createGate(join(folder, "etcd.gate"));
      await etcdGate.open();
      return { etcd: waitFor(etcdGate) };
    });
    late = await create("late", { timeout_mins: 1 });
    lateWithRollback = await create("late-with-rollback", { timeout_mins: 1, ...rollback });
  });

  afterAll(async () => {
    await etcdGate?.open();
    await service?.dispose();
    await etcdGate?.close();
  });

  test("CancelTask ends a creation; what was made stays until it is deleted", async () => {
    const cluster = await create("cancelled");
    await inStage(cluster, "control-plane");
    await service.client.cancelTask(cluster.taskId);
    expect(await endOf(service.client, cluster)).toMatchObject({
      state: "fail",
      error: { code: "TaskCancelled", message: expect.stringContaining("cancelled on request") },
    });
    expect(await stateOf(cluster)).toBe("failed");
    await expect(service.client.cancelTask(cluster.taskId)).rejects.toMatchObject({
      code: "InvalidParameter",
      message: expect.stringContaining("has ended"),
    });
    await removeCluster(service.client, cluster.clusterId);
    await expectGone(cluster);
    expect(await tracesOf(cluster)).toEqual(nothing);
  });

  test("DeleteCluster ends a creation and removes the cluster", async () => {
    const cluster = await create("deleted");
    await inStage(cluster, "control-plane");
    await eventually(async () =>
      expect((await tracesOf(cluster)).components).toEqual(["etcd", "forwarder", "kube-apiserver"]),
    );
    await successOf(service.client, await deleteCluster(service.client, cluster.clusterId));
    expect((await endOf(service.client, cluster)).state).toBe("fail");
    await expectGone(cluster);
    expect(await tracesOf(cluster)).toEqual(nothing);
  });

  test("a deletion asked for twice succeeds twice", async () => {
    const cluster = await create("deleted-twice");
    const [one, other] = [
      await deleteCluster(service.client, cluster.clusterId),
      await deleteCluster(service.client, cluster.clusterId),
    ];
    await successOf(service.client, one);
    await successOf(service.client, other);
    expect(await tracesOf(cluster)).toEqual(nothing);
  });

  test("a deletion during which Sampan is killed goes on after its restart", async () => {
    const cluster = await create("deleted-in-a-crash");
    await inStage(cluster, "control-plane");
    const etcd = componentProcesses(service.home).find((found) => cluster.clusterId === `c${found.cluster}`);
    expect(etcd?.component).toBe("etcd");
    // What is stopped cannot end when it is asked to, which holds the deletion for a while.
    process.kill(etcd?.pid ?? 0, "SIGSTOP");
    const deletion = await deleteCluster(service.client, cluster.clusterId);
    await inStage(deletion, "etcd");
    await service.kill9();
    await service.start();
    await successOf(service.client, deletion);
    await expectGone(cluster);
    expect(await tracesOf(cluster)).toEqual(nothing);
  });

  test("PauseTask holds a task after its stage, also over a restart, and ResumeTask lets it go on", async () => {
    await etcdGate.close();
    const cluster = await create("paused");
    await inStage(cluster, "etcd");
    await service.client.pauseTask(cluster.taskId);
    await etcdGate.open();
    await eventually(async () => expect((await task(service.client, cluster.taskId)).state).toBe("paused"));
    const done = ["success", "success", "success", "success", "initial", "initial", "initial"];
    expect(await stageStates(cluster)).toEqual(done);
    await service.stop();
    await service.start();
    expect((await task(service.client, cluster.taskId)).state).toBe("paused");
    expect(await stageStates(cluster)).toEqual(done);
    await service.client.resumeTask(cluster.taskId);
    await inStage(cluster, "control-plane");
    await removeCluster(service.client, cluster.clusterId);
  });

  test("DeleteCluster ends a paused creation, too", async () => {
    await etcdGate.close();
    const cluster = await create("paused-and-deleted");
    await inStage(cluster, "etcd");
    await service.client.pauseTask(cluster.taskId);
    await etcdGate.open();
    await eventually(async () => expect((await task(service.client, cluster.taskId)).state).toBe("paused"));
    await removeCluster(service.client, cluster.clusterId);
    expect((await endOf(service.client, cluster)).error?.code).toBe("TaskCancelled");
    expect(await tracesOf(cluster)).toEqual(nothing);
  });

  test("a creation that takes longer than timeout_mins fails, and the cluster with it", async () => {
    expect(await endOf(service.client, late)).toMatchObject({
      state: "fail",
      error: { code: "TaskFailed", message: expect.stringMatching(/1 minutes \(timeout_mins\)/) },
    });
    expect(await stateOf(late)).toBe("failed");
    expect(await stageStates(late)).toEqual(["success", "success", "success", "success", "fail", "initial", "initial"]);
    expect(await logOf(late)).toMatch(/\[ERROR\] TaskFailed: .*timeout_mins/);
    await removeCluster(service.client, late.clusterId);
    expect(await tracesOf(late)).toEqual(nothing);
  });

  test("the same with roll-back leaves nothing but the task, which says so", async () => {
    expect(await endOf(service.client, lateWithRollback)).toMatchObject({
      state: "fail",
      error: { message: expect.stringMatching(/timeout_mins.*What had been made was removed again/s) },
    });
    await expectGone(lateWithRollback);
    expect(await tracesOf(lateWithRollback)).toEqual(nothing);
    const undone = ["rolled_back", "rolled_back", "rolled_back", "rolled_back", "fail", "initial", "initial"];
    expect(await stageStates(lateWithRollback)).toEqual(undone);
  });
});

describe("with an API server that ends at once", () => {
  beforeAll(() => startWith('echo "Error: unknown flag: --nonsense" >&2; exit 1'));
  afterAll(() => service?.dispose());

  test("a creation fails with its last words, and the cluster shows why until it is deleted", async () => {
    const cluster = await create("kept");
    const { state, error } = await endOf(service.client, cluster);
    expect(state).toBe("fail");
    expect(error?.message).toContain("kube-apiserver does not start");
    expect(error?.message).toContain("Error: unknown flag: --nonsense");
    expect(error?.message).toContain("Its log is");
    expect(await stateOf(cluster)).toBe("failed");
    expect(await logOf(cluster)).toContain("Error: unknown flag: --nonsense");
    await removeCluster(service.client, cluster.clusterId);
    await expectGone(cluster);
    expect(await tracesOf(cluster)).toEqual(nothing);
  });

  test("a creation with roll-back leaves nothing but the task", async () => {
    const cluster = await create("rolled-back", rollback);
    const { state, error } = await endOf(service.client, cluster);
    expect(state).toBe("fail");
    expect(error?.message).toContain("Error: unknown flag: --nonsense");
    expect(error?.message).toContain("What had been made was removed again.");
    await expectGone(cluster);
    expect(await tracesOf(cluster)).toEqual(nothing);
  });

  test("a failed creation that no longer runs is not taken up by the next start", async () => {
    const cluster = await create("restarted");
    await endOf(service.client, cluster);
    await service.stop();
    await service.start();
    expect(await stateOf(cluster)).toBe("failed");
    await removeCluster(service.client, cluster.clusterId);
  });
});
