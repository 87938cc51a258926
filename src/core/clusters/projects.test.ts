import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../test/support/core.ts";
import { newCluster, newNodePool } from "../../../test/support/new-cluster.ts";
import { projects } from "../../storage/schema.ts";
import { findTask, listTasks } from "../tasks/tasks.ts";
import { findCluster, listClusters, removeClusterRow, setClusterState } from "./clusters.ts";
import { createCluster, ProjectGoneError } from "./create.ts";
import { isInProject } from "./projects.ts";
import { accountQuotas } from "./quotas.ts";
import { removeCluster } from "./remove.ts";

const first = testCredentials.projectId;
const second = "f".repeat(32);

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
  await test.core.db.insert(projects).values({ id: second, accountId: "default", name: "cn-north-4_second" });
  for (const [name, projectId] of [
    ["elsewhere", null],
    ["of-first", first],
    ["of-second", second],
  ] as const)
    ids.set(name, await created(name, projectId));
});
afterAll(() => test.close());

const ids = new Map<string, string>();
const created = async (name: string, projectId: string | null) => {
  const { spec } = newCluster();
  const network = { ...spec.network, vpcId: `vpc-${name}`, vswitchIds: [`vsw-${name}`] };
  const nodePools = [newNodePool({ size: 2, vswitchIds: network.vswitchIds })];
  return (await createCluster(test.core, newCluster({ name, projectId, nodePools, spec: { ...spec, network } })))
    .clusterId;
};

describe("a project", () => {
  it.each([
    [first, ["elsewhere", "of-first"]],
    [second, ["of-second"]],
    ["0".repeat(32), []],
  ])("%s has the clusters %j", async (projectId, names) => {
    const { clusters, total } = await listClusters(test.core, "default", { projectId });
    expect(clusters.map(({ name }) => name).toSorted()).toEqual(names);
    expect(total).toBe(names.length);
    for (const [name, id] of ids) {
      const cluster = await findCluster(test.core, "default", id);
      expect(cluster && (await isInProject(test.core, cluster, projectId))).toBe(names.includes(name));
    }
  });

  it("that has gone gets no cluster", async () => {
    await expect(created("late", "e".repeat(32))).rejects.toThrow(ProjectGoneError);
  });

  it("is known of the tasks of its clusters, also once they have gone", async () => {
    const id = await created("short-lived", second);
    const taskId = await removeCluster(test.core, { id, accountId: "default" });
    await removeClusterRow(test.core, id);
    expect(await findTask(test.core, "default", taskId ?? "")).toMatchObject({ projectId: second });
    const { tasks } = await listTasks(test.core, ids.get("elsewhere") ?? "", { offset: 0, limit: 10 });
    expect(tasks.map(({ projectId }) => projectId)).toEqual([null]);
  });

  it("of another account has none of them", async () => {
    expect((await listClusters(test.core, "somebody", { projectId: first })).total).toBe(0);
    const foreign = { accountId: "somebody", projectId: null };
    expect(await isInProject(test.core, foreign, first)).toBe(false);
  });
});

describe("the list of clusters", () => {
  it("is of all projects where none is named", async () => {
    expect((await listClusters(test.core, "default", {})).total).toBe(3);
  });

  it("may be of some states alone", async () => {
    await setClusterState(test.core, ids.get("of-second") ?? "", "running");
    const names = async (states: Parameters<typeof listClusters>[2]["states"]) =>
      (await listClusters(test.core, "default", { states })).clusters.map(({ name }) => name).toSorted();
    expect(await names(["running", "changing"])).toEqual(["of-second"]);
    expect(await names(["creating"])).toEqual(["elsewhere", "of-first"]);
    expect(await names([])).toHaveLength(3);
  });
});

describe("the quotas of an account", () => {
  it("count its clusters and nodes", async () => {
    expect(await accountQuotas(test.core, "default", "cce")).toEqual({
      clusters: { limit: 50, used: 3 },
      nodes: { limit: 100_000, used: 6 },
    });
    expect(await accountQuotas(test.core, "somebody", "ack")).toMatchObject({
      clusters: { used: 0 },
      nodes: { used: 0 },
    });
  });
});
