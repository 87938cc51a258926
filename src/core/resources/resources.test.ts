import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { newCluster } from "../../../test/support/new-cluster.ts";
import { ofKind, plan, type Wanted } from "../../../test/support/resource-plan.ts";
import { clusterResources } from "../../storage/schema.ts";
import type { ClusterState, DialectName } from "../clusters/cluster.ts";
import { insertCluster, removeClusterRow } from "../clusters/clusters.ts";
import { newClusterId } from "../ids.ts";
import { mainResources } from "./main-resources.ts";
import { plannedResources } from "./plan-resources.ts";
import type { ClusterResource } from "./resource.ts";
import { listResources, resourceState, scalingGroups, writeClusterResources } from "./resources.ts";

describe("the resources that are kept", () => {
  let test: TestCore;
  beforeAll(async () => {
    test = await createTestCore();
  });
  afterAll(() => test.close());

  /** A cluster with its resources, in the database. */
  async function written(wanted: Wanted = {}, dialect: DialectName = "ack") {
    const id = newClusterId();
    const { accountId, projectId, name, region, request } = newCluster();
    const { newId, at: _, ...rest } = plan(wanted, id);
    const { spec } = rest.cluster;
    await insertCluster(test.core, {
      id,
      accountId,
      projectId,
      dialect,
      name,
      region,
      state: "creating",
      placement: "here",
      spec,
      request,
    });
    await writeClusterResources(test.core, { ...rest, dialect });
    return id;
  }

  it("are read as they were planned, with ids like the vendor's", async () => {
    const id = await written({ cloud: { snat: true } });
    const resources = await listResources(test.core, id);
    const shape = (list: readonly ClusterResource[]) => list.map(({ kind, name }) => `${kind} ${name}`);
    expect(shape(resources)).toEqual(shape(plannedResources(plan({ cloud: { snat: true } }, id))));
    const idOf = (kind: string) => resources.find((resource) => resource.kind === kind)?.id;
    expect(idOf("load-balancer")).toMatch(/^lb-[a-z0-9]{20}$/);
    expect(idOf("nat-gateway")).toMatch(/^ngw-[a-z0-9]{20}$/);
    expect(idOf("stack")).toMatch(/^[0-9a-f-]{36}$/);
    expect(resources.find(({ kind }) => kind === "nat-gateway")).toMatchObject({
      ...{ clusterId: id, existing: false, creator: "system", nodePoolId: null, associatedObject: null },
      dependencies: [{ kind: "vpc", id: "vpc-1" }],
    });
    expect(await listResources(test.core, id)).toEqual(resources);
  });

  it("have UUIDs in a cluster of CCE", async () => {
    const id = await written({ pools: [] }, "cce");
    const made = (await listResources(test.core, id)).filter(({ existing }) => !existing);
    expect(made.map(({ kind }) => kind)).toEqual(["security-group", "eip"]);
    for (const resource of made) expect(resource.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it("may have any id that a user named, however long", async () => {
    const rds = "rm-".padEnd(10_000, "x");
    const id = await written({ pools: [{ rdsInstances: [rds] }] });
    expect(ofKind(await listResources(test.core, id), "rds-allow-list")).toMatchObject([{ id: rds }]);
  });

  it("may be many", async () => {
    const id = await written({ pools: [{ size: 600 }] });
    expect(ofKind(await listResources(test.core, id), "disk")).toHaveLength(600);
  });

  it("go with their cluster", async () => {
    const id = await written();
    await removeClusterRow(test.core, id);
    expect(await listResources(test.core, id)).toEqual([]);
  });

  it("tell the scaling group of each pool of workers", async () => {
    const id = await written({ pools: [{ role: "control-plane" }, {}, {}] });
    const groups = await scalingGroups(test.core, id);
    expect([...groups.keys()].sort()).toEqual(["np2", "np3"]);
    expect(groups.get("np2")).toMatch(/^asg-/);
  });

  it("tell what a cluster's description names: neither an add-on's balancer nor a pool's group", async () => {
    const addons = [{ name: "nginx-ingress-controller", version: undefined, config: "", disabled: false }];
    const made = await written({ addons, pools: [{ securityGroupIds: ["sg-pool"] }] });
    const named = await written({ network: { securityGroupId: "sg-own" } });
    const resources = await listResources(test.core, made);
    expect(await mainResources(test.core, made)).toEqual({
      loadBalancerId: resources.find(({ name }) => name === "k8s_master_slb")?.id,
      securityGroupId: resources.find(({ name }) => name === "k8s_sg")?.id,
    });
    expect(await mainResources(test.core, named)).toMatchObject({ securityGroupId: "sg-own" });
    expect(await mainResources(test.core, "none")).toBeUndefined();
  });

  it("tell nothing of the kind where a cluster has none", async () => {
    const id = await written();
    await test.core.db.delete(clusterResources);
    expect(await mainResources(test.core, id)).toEqual({ loadBalancerId: null, securityGroupId: null });
  });

  it.each<[ClusterState, string]>([
    ["creating", "create in-progress"],
    ["running", "create complete"],
    ["changing", "create complete"],
    ["failed", "create failed"],
    ["removing", "remove in-progress"],
    ["remove-failed", "remove failed"],
  ])("of a cluster that is %s: %s; what was there before is complete", (state, shown) => {
    const made = resourceState(state, { existing: false });
    expect(`${made.action} ${made.progress}`).toBe(shown);
    expect(resourceState(state, { existing: true })).toEqual({ action: "create", progress: "complete" });
  });
});
