import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { newCluster, newNodePool } from "../../../test/support/new-cluster.ts";
import { clusterSecrets } from "../../storage/schema.ts";
import { listEvents } from "../events/events.ts";
import { listNodePools, listNodes } from "../nodes/nodes.ts";
import { findTask, getTask, listTasks, writeTask } from "../tasks/tasks.ts";
import { changeCluster } from "./change.ts";
import {
  clustersInStates,
  findCluster,
  getCluster,
  listClusters,
  patchSubstrateState,
  removeClusterRow,
  setClusterState,
} from "./clusters.ts";
import { createCluster } from "./create.ts";
import { DeletionProtectedError, removeCluster } from "./remove.ts";
import { clusterSecretsOf } from "./secrets.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

/** Makes a cluster in a VPC of its own, so that no other test takes its addresses. */
async function create(changes: Parameters<typeof newCluster>[0] & { vpc?: string } = {}) {
  const { vpc = `vpc-${Math.random()}`, ...rest } = changes;
  const wanted = newCluster(rest);
  const vswitches = wanted.spec.network.vswitchIds.map((id) => `${vpc}-${id}`);
  wanted.spec.network = { ...wanted.spec.network, vpcId: vpc, vswitchIds: vswitches };
  wanted.nodePools = wanted.nodePools.map((pool) => ({ ...pool, vswitchIds: vswitches }));
  return createCluster(test.core, wanted);
}

describe("a new cluster", () => {
  it("is there with its task, which is in the queue", async () => {
    const { clusterId, taskId } = await create();
    expect(clusterId).toMatch(/^[0-9a-f]{32}$/);
    expect(taskId).toMatch(/^T-[0-9a-f]{24}$/);
    expect(await findCluster(test.core, "default", clusterId)).toMatchObject({ name: "demo", state: "creating" });
    expect(await findTask(test.core, "default", taskId)).toMatchObject({ kind: "cluster-create", state: "queued" });
    expect(test.enqueued).toContain(taskId);
  });

  it("is found and listed with the number of its nodes", async () => {
    const { clusterId } = await create({ nodePools: [newNodePool({ size: 2 }), newNodePool({ size: 3 })] });
    expect(await findCluster(test.core, "default", clusterId)).toMatchObject({ id: clusterId, size: 5 });
    expect((await listClusters(test.core, "default", { ids: [clusterId] })).clusters).toMatchObject([{ size: 5 }]);
  });

  it("is nobody else's", async () => {
    const { clusterId, taskId } = await create();
    expect(await findCluster(test.core, "somebody", clusterId)).toBeUndefined();
    expect(await findTask(test.core, "somebody", taskId)).toBeUndefined();
  });

  it("has nodes with addresses from the vSwitch and names made from them", async () => {
    const { clusterId } = await create({
      nodePools: [newNodePool({ nodeName: { prefix: "aliyun.com", address: 5, suffix: "k8s" } })],
    });
    const nodes = await listNodes(test.core, clusterId);
    expect(nodes.map(({ address, name }) => [address, name])).toEqual([
      ["192.168.0.55", "aliyun.com00055k8s"],
      ["192.168.0.56", "aliyun.com00056k8s"],
      ["192.168.0.57", "aliyun.com00057k8s"],
    ]);
    expect(await getCluster(test.core, clusterId)).toMatchObject({ spec: { memberAddresses: ["192.168.0.11"] } });
  });

  it("lets the named instances join first", async () => {
    const { clusterId } = await create({ nodePools: [newNodePool({ size: 3, instances: ["i-a", "i-b"] })] });
    const nodes = await listNodes(test.core, clusterId);
    expect(nodes.map(({ existing }) => existing)).toEqual([true, true, false]);
    expect(nodes.map(({ instanceId }) => instanceId)).toEqual([
      "i-a",
      "i-b",
      expect.stringMatching(/^i-[a-z0-9]{20}$/),
    ]);
  });

  it("spreads its nodes over the vSwitches", async () => {
    const wanted = newCluster();
    wanted.spec.network.vswitchIds = ["vsw-1", "vsw-2"];
    const { clusterId } = await create(wanted);
    const nodes = await listNodes(test.core, clusterId);
    expect(nodes.map(({ address }) => address)).toEqual(["192.168.0.55", "192.168.4.55", "192.168.0.56"]);
  });

  it("shares no address with a neighbour in its vSwitch", async () => {
    const first = await create({ vpc: "vpc-shared" });
    const second = await create({ vpc: "vpc-shared" });
    const nodes = [...(await listNodes(test.core, first.clusterId)), ...(await listNodes(test.core, second.clusterId))];
    expect(new Set(nodes.map(({ address }) => address)).size).toBe(6);
    const clusters = await Promise.all([first, second].map(({ clusterId }) => getCluster(test.core, clusterId)));
    expect(clusters.map((cluster) => cluster?.spec.memberAddresses)).toEqual([["192.168.0.11"], ["192.168.0.12"]]);
  });

  it("gets a VPC that its own ranges leave room for", async () => {
    const wanted = newCluster();
    wanted.spec.network.podCidr = "192.168.0.0/16";
    const { clusterId } = await create(wanted);
    const [node] = await listNodes(test.core, clusterId);
    expect(node?.address).toBe("10.0.0.55");
  });

  it("takes the first instance type that is known", async () => {
    const pool = newNodePool({ instanceTypes: ["ecs.unknown.type", "ecs.g6.xlarge"] });
    const { clusterId } = await create({ nodePools: [pool] });
    const nodes = await listNodes(test.core, clusterId);
    expect(new Set(nodes.map(({ instanceType }) => instanceType))).toEqual(new Set(["ecs.g6.xlarge"]));
    const [kept] = await listNodePools(test.core, clusterId);
    expect(kept?.spec.instanceTypes).toEqual(["ecs.unknown.type", "ecs.g6.xlarge"]);
  });

  it("has masters that are its control-plane members, each of the type that is named for it", async () => {
    const masters = newNodePool({
      role: "control-plane",
      size: 3,
      instanceTypes: ["ecs.c6.large", "ecs.g6.large"],
      nodeName: { prefix: "m", address: 5, suffix: "" },
    });
    const workers = newNodePool({ size: 1, nodeName: { prefix: "m", address: 5, suffix: "" } });
    const { spec } = newCluster();
    const { clusterId } = await create({
      spec: { ...spec, kind: "dedicated", members: 3 },
      nodePools: [masters, workers],
    });
    const nodes = await listNodes(test.core, clusterId);
    expect(nodes.map(({ name, instanceType, ordinal }) => [name, instanceType, ordinal])).toEqual([
      ["m00011", "ecs.c6.large", 0],
      ["m00012", "ecs.g6.large", 1],
      ["m00013", "ecs.g6.large", 2],
      ["m00055", "ecs.c6.large", 3],
    ]);
    const members = nodes.slice(0, 3).map(({ address }) => address);
    expect(await getCluster(test.core, clusterId)).toMatchObject({ spec: { memberAddresses: members } });
    const neighbour = await create({ vpc: (await getCluster(test.core, clusterId))?.spec.network.vpcId });
    expect(await getCluster(test.core, neighbour.clusterId)).toMatchObject({
      spec: { memberAddresses: ["192.168.0.14"] },
    });
  });

  it("has a token issuer of its own where the service publishes its keys", async () => {
    const { spec } = newCluster();
    const apiServer = { ...spec.apiServer, serviceAccountIssuer: undefined, rrsa: { audience: "sts" } };
    const { clusterId } = await create({ spec: { ...spec, apiServer } });
    const issuer = `http://127.0.0.1:7080/oidc/${clusterId}`;
    expect(await getCluster(test.core, clusterId)).toMatchObject({
      spec: { apiServer: { serviceAccountIssuer: issuer, rrsa: { issuer, audience: "sts" } } },
    });
  });

  it("keeps the issuer that was asked for, beside the one that the service publishes", async () => {
    const { spec } = newCluster();
    const { clusterId } = await create({
      spec: { ...spec, apiServer: { ...spec.apiServer, serviceAccountIssuer: "mine", rrsa: { audience: "sts" } } },
    });
    expect(await getCluster(test.core, clusterId)).toMatchObject({
      spec: { apiServer: { serviceAccountIssuer: "mine", rrsa: { issuer: expect.stringContaining(clusterId) } } },
    });
  });

  it("whose ranges overlap its VPC's is refused, and leaves nothing", async () => {
    await create({ vpc: "vpc-overlapped" });
    const { spec } = newCluster();
    const overlapping = { ...spec, network: { ...spec.network, podCidr: "192.168.0.0/20" } };
    const name = "overlapping";
    await expect(create({ vpc: "vpc-overlapped", name, spec: overlapping })).rejects.toThrow(
      "Pod range 192.168.0.0/20 must not overlap VPC vpc-overlapped (192.168.0.0/16): choose another range.",
    );
    expect((await listClusters(test.core, "default", { namePart: name })).total).toBe(0);
  });

  it("whose ranges overlap a neighbour's is made, and an event tells; a strict inventory refuses it", async () => {
    await create({ vpc: "vpc-neighbours", name: "first" });
    const { clusterId } = await create({ vpc: "vpc-neighbours" });
    expect((await listEvents(test.core, clusterId)).map(({ reason, message }) => [reason, message])).toContainEqual([
      "NetworkOverlaps",
      expect.stringContaining("of cluster first in VPC vpc-neighbours"),
    ]);
    await expect(create({ vpc: "vpc-neighbours", inventory: "strict" })).rejects.toThrow("must not overlap");
  });

  it("keeps secrets encrypted and gives them back", async () => {
    const { clusterId } = await create({ secrets: { "login-password": "Hello1234" } });
    expect(await clusterSecretsOf(test.core, clusterId).get("login-password")).toBe("Hello1234");
    expect(await clusterSecretsOf(test.core, clusterId).get("other")).toBeUndefined();
    const rows = await test.core.db.select().from(clusterSecrets);
    expect(JSON.stringify(rows)).not.toContain("Hello1234");
  });

  it("says in events what the user should know", async () => {
    const { clusterId, taskId } = await create({ remarks: ["Instance type ecs.x.y is not known."] });
    expect(await listEvents(test.core, clusterId)).toMatchObject([
      { taskId, level: "info", message: "Instance type ecs.x.y is not known." },
    ]);
  });

  it("is not half-made where its vSwitch has no room: nothing of it is left", async () => {
    const before = await listClusters(test.core, "default", {});
    await expect(create({ nodePools: [newNodePool({ size: 2000 })] })).rejects.toThrow("name another vSwitch");
    expect((await listClusters(test.core, "default", {})).total).toBe(before.total);
  });
});

describe("the list of clusters", () => {
  it("is filtered and paged", async () => {
    await create({ name: "list-one", region: "cn-hangzhou" });
    await create({ name: "list-two", region: "cn-hangzhou" });
    await create({ name: "100%_sure", region: "cn-hangzhou" });
    const names = async (filter: Parameters<typeof listClusters>[2]) =>
      (await listClusters(test.core, "default", filter)).clusters.map(({ name }) => name).sort();
    expect(await names({ namePart: "LIST" })).toEqual(["list-one", "list-two"]);
    expect(await names({ namePart: "%_" })).toEqual(["100%_sure"]);
    expect(await names({ region: "cn-hangzhou" })).toHaveLength(3);
    expect(await names({ region: "cn-hangzhou", kind: "dedicated" })).toEqual([]);
    const page = await listClusters(test.core, "default", { region: "cn-hangzhou", offset: 1, limit: 1 });
    expect(page).toMatchObject({ total: 3, clusters: [{}] });
    expect(page.clusters).toHaveLength(1);
  });

  it("is filtered by resource group, kind of worker and state before it is cut into pages", async () => {
    const { spec } = newCluster();
    const region = "cn-filtered";
    const cloud = { ...spec.cloud, resourceGroupId: "rg-1" };
    const { clusterId } = await create({ region, name: "wanted", spec: { ...spec, workerKind: "bare-metal", cloud } });
    await setClusterState(test.core, clusterId, "running");
    for (const name of ["newer", "newest"]) await create({ region, name });
    for (const filter of [
      { workerKinds: ["bare-metal"] as const },
      { resourceGroupId: "rg-1" },
      { states: ["running"] as const },
    ])
      expect(await listClusters(test.core, "default", { region, ...filter, limit: 1 })).toMatchObject({
        total: 1,
        clusters: [{ name: "wanted" }],
      });
  });

  it("has all of them where no page is asked for, however many there are", async () => {
    const { clusterId } = await create({ region: "cn-crowded" });
    const columns = "account_id, dialect, name, region, state, placement, spec, request";
    await test.core.db.execute(
      `insert into clusters (id, ${columns}) select md5(n::text), ${columns} from clusters, generate_series(1, 1200) n where id = '${clusterId}'`,
    );
    const { clusters, total } = await listClusters(test.core, "default", { region: "cn-crowded" });
    expect([clusters.length, total]).toEqual([1201, 1201]);
    await test.core.db.execute("delete from clusters where region = 'cn-crowded'");
  });
});

describe("a change", () => {
  it("of the state can be found again", async () => {
    const { clusterId } = await create();
    await setClusterState(test.core, clusterId, "remove-failed");
    expect((await clustersInStates(test.core, ["remove-failed"])).map(({ id }) => id)).toEqual([clusterId]);
  });

  it("of the substrate's notes adds to them", async () => {
    const { clusterId } = await create();
    await patchSubstrateState(test.core, clusterId, { network: "127.64.5", version: "1.20.2" });
    await patchSubstrateState(test.core, clusterId, { network: null });
    expect(await getCluster(test.core, clusterId)).toMatchObject({
      substrateState: { network: null, version: "1.20.2" },
    });
  });

  it("of name and protection takes effect and has a task", async () => {
    const { clusterId } = await create();
    const taskId = await changeCluster(
      test.core,
      { id: clusterId, accountId: "default" },
      { name: "new", spec: { deletionProtection: true } },
    );
    expect(await getCluster(test.core, clusterId)).toMatchObject({ name: "new", spec: { deletionProtection: true } });
    expect(test.enqueued).toContain(taskId);
    await changeCluster(
      test.core,
      { id: clusterId, accountId: "default" },
      { name: undefined, spec: { deletionProtection: undefined } },
    );
    expect(await getCluster(test.core, clusterId)).toMatchObject({ name: "new", spec: { deletionProtection: true } });
  });
});

describe("a removal", () => {
  it("is refused for a protected cluster, which stays as it is", async () => {
    const wanted = newCluster();
    wanted.spec.deletionProtection = true;
    const { clusterId } = await create(wanted);
    await expect(removeCluster(test.core, { id: clusterId, accountId: "default" })).rejects.toThrow(
      DeletionProtectedError,
    );
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "creating" });
    expect((await listTasks(test.core, clusterId, { offset: 0, limit: 10 })).total).toBe(1);
  });

  it("asks what is under way to stop, and is put in the queue", async () => {
    const { clusterId, taskId: creation } = await create();
    const removal = await removeCluster(test.core, { id: clusterId, accountId: "default" });
    expect(await getTask(test.core, creation)).toMatchObject({ requested: "cancel" });
    expect(await getTask(test.core, removal ?? "")).toMatchObject({ kind: "cluster-remove", requested: null });
    expect(await getCluster(test.core, clusterId)).toMatchObject({ state: "removing" });
  });

  it("puts a paused task in the queue once more, so that it can end", async () => {
    const { clusterId, taskId: creation } = await create();
    await writeTask(test.core, creation, { state: "paused" });
    await removeCluster(test.core, { id: clusterId, accountId: "default" });
    expect(test.enqueued.filter((id) => id === creation)).toHaveLength(2);
  });

  it("asked for again leaves the first one alone", async () => {
    const { clusterId } = await create();
    const first = await removeCluster(test.core, { id: clusterId, accountId: "default" });
    const second = await removeCluster(test.core, { id: clusterId, accountId: "default" });
    expect(await getTask(test.core, first ?? "")).toMatchObject({ state: "queued", requested: null });
    expect(await getTask(test.core, second ?? "")).toMatchObject({ state: "queued", requested: null });
  });

  it("asked for again lets the first one go on where that was paused", async () => {
    const { clusterId } = await create();
    const first = await removeCluster(test.core, { id: clusterId, accountId: "default" });
    await writeTask(test.core, first ?? "", { state: "paused" });
    await removeCluster(test.core, { id: clusterId, accountId: "default" });
    expect(await getTask(test.core, first ?? "")).toMatchObject({ state: "queued", requested: null });
    expect(test.enqueued.filter((id) => id === first)).toHaveLength(2);
  });

  it("of a cluster that has gone does nothing", async () => {
    expect(await removeCluster(test.core, { id: "0".repeat(32), accountId: "default" })).toBeUndefined();
  });

  it("leaves the tasks and takes everything else", async () => {
    const { clusterId, taskId } = await create({ secrets: { "login-password": "Hello1234" } });
    await removeClusterRow(test.core, clusterId);
    expect(await getCluster(test.core, clusterId)).toBeUndefined();
    expect(await listNodes(test.core, clusterId)).toEqual([]);
    expect(await listNodePools(test.core, clusterId)).toEqual([]);
    expect(await clusterSecretsOf(test.core, clusterId).get("login-password")).toBeUndefined();
    expect(await getTask(test.core, taskId)).toBeDefined();
  });
});
