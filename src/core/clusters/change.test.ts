import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { newCluster } from "../../../test/support/new-cluster.ts";
import { findVswitches } from "../inventory/inventory.ts";
import { NetworkConflictError } from "../inventory/network-conflict.ts";
import { mainResources } from "../resources/main-resources.ts";
import { listResources } from "../resources/resources.ts";
import { findTask } from "../tasks/tasks.ts";
import { type ClusterChange, changeCluster } from "./change.ts";
import type { Cluster, ClusterNetwork } from "./cluster.ts";
import { getCluster } from "./clusters.ts";
import { createCluster } from "./create.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

let vpcCount = 0;
const newVpc = () => `vpc-${++vpcCount}`;

/** A cluster with some of everything that can be changed. */
async function created(vpc = newVpc(), network: Partial<ClusterNetwork> = {}): Promise<Cluster> {
  const { spec } = newCluster();
  const own = { vpcId: vpc, vswitchIds: [`${vpc}-a`], podCidr: "172.16.0.0/16", morePodCidrs: ["172.17.0.0/16"] };
  const wanted = newCluster({
    ...{ dialect: "cce", nodePools: [] },
    spec: {
      ...spec,
      alias: "first alias",
      description: "first description",
      network: { ...spec.network, ...own, plugin: "vpc-router", ...network },
      apiServer: { ...spec.apiServer, extraSans: ["one.example"], publicEndpoint: false },
    },
  });
  const { clusterId } = await createCluster(test.core, wanted);
  return (await getCluster(test.core, clusterId)) as Cluster;
}

/** The cluster after a change. */
async function changed(cluster: Cluster, change: ClusterChange, inventory?: "strict"): Promise<Cluster> {
  await changeCluster(test.core, cluster, change, inventory);
  return (await getCluster(test.core, cluster.id)) as Cluster;
}

const resourcesOf = async ({ id }: Cluster) =>
  (await listResources(test.core, id)).map(({ kind, id }) => `${kind} ${id}`);

describe("a change of a cluster", () => {
  it("replaces what it names", async () => {
    const cluster = await created();
    const network = {
      ...{ morePodCidrs: ["172.17.0.0/16", "172.18.0.0/16"], podVswitchIds: ["vsw-pods"], securityGroupId: "sg-new" },
    };
    const apiServer = { extraSans: ["two.example", "10.0.0.1"], publicEndpoint: true };
    const patch = { alias: "second", description: "", deletionProtection: true, network, apiServer };
    const { name, spec } = await changed(cluster, { name: "new", spec: patch });
    expect(name).toBe("new");
    expect(spec).toEqual({
      ...cluster.spec,
      ...{ alias: "second", description: "", deletionProtection: true },
      network: { ...cluster.spec.network, ...network },
      apiServer: { ...cluster.spec.apiServer, ...apiServer },
    });
  });

  it("changes the request that is kept, and only where it is given", async () => {
    const cluster = await created();
    const keep = (request: Record<string, unknown>) => ({ ...request, kept: true });
    expect(await changed(cluster, { request: keep })).toMatchObject({ request: { ...cluster.request, kept: true } });
    expect(await changed(cluster, { spec: { alias: "x" } })).toMatchObject({ request: { kept: true } });
  });

  it.each<[string, ClusterChange]>([
    ["names nothing", {}],
    [
      "has everything undefined",
      { name: undefined, spec: { alias: undefined, network: { morePodCidrs: undefined }, apiServer: {} } },
    ],
  ])("that %s leaves everything", async (_, change) => {
    const cluster = await created();
    const { name, spec } = await changed(cluster, change);
    expect({ name, spec }).toEqual({ name: cluster.name, spec: cluster.spec });
  });

  it("has a task that is about the cluster and says what was asked for, and is in the queue", async () => {
    const cluster = await created();
    const taskId = await changeCluster(test.core, cluster, { name: "new", spec: { description: "x" } });
    expect(await findTask(test.core, "default", taskId ?? "")).toMatchObject({
      ...{ kind: "cluster-change", state: "queued", clusterId: cluster.id, clusterName: "new" },
      target: { type: "cluster", id: cluster.id },
      input: { name: "new", spec: { description: "x" } },
    });
    expect(test.enqueued).toContain(taskId);
  });

  it("of a cluster that has gone does nothing", async () => {
    expect(await changeCluster(test.core, { id: "0".repeat(32), accountId: "default" }, { name: "x" })).toBeUndefined();
  });

  it("loses nothing of another one at the same time", async () => {
    const cluster = await created();
    await Promise.all([changed(cluster, { spec: { description: "x" } }), changed(cluster, { spec: { alias: "y" } })]);
    expect(await getCluster(test.core, cluster.id)).toMatchObject({ spec: { description: "x", alias: "y" } });
    const keep = (name: string) => ({ request: (current: Record<string, unknown>) => ({ ...current, [name]: true }) });
    await Promise.all([changed(cluster, keep("first")), changed(cluster, keep("second"))]);
    expect(await getCluster(test.core, cluster.id)).toMatchObject({ request: { first: true, second: true } });
  });
});

describe("further Pod ranges", () => {
  it("that a cluster has already are not checked against itself", async () => {
    const cluster = await created();
    const { spec } = await changed(cluster, { spec: { network: { morePodCidrs: ["172.17.0.0/16"] } } });
    expect(spec.network.morePodCidrs).toEqual(["172.17.0.0/16"]);
  });

  it.each([
    ["172.17.128.0/17", "the Pod range 172.17.0.0/16 of cluster demo"],
    ["172.16.0.0/20", "the Pod range 172.16.0.0/16 of cluster demo"],
    ["172.21.0.0/24", "the Service range 172.21.0.0/20 of cluster demo"],
    ["192.168.0.0/24", "VPC vpc-"],
  ])("that are added are refused where they overlap: %s", async (added, other) => {
    const cluster = await created();
    const change = changed(cluster, {
      name: "new",
      spec: { network: { morePodCidrs: ["172.17.0.0/16", added] } },
    });
    await expect(change).rejects.toThrow(NetworkConflictError);
    await expect(change).rejects.toThrow(`Pod range ${added} must not overlap ${other}`);
    expect(await getCluster(test.core, cluster.id)).toMatchObject({ name: "demo", spec: cluster.spec });
  });
});

describe("networks that a change names", () => {
  it("are registered in the cluster's VPC, and are among its resources", async () => {
    const vpc = newVpc();
    const cluster = await created(vpc);
    await changed(cluster, { spec: { network: { podVswitchIds: [`${vpc}-pods`] } } });
    const [vswitch] = await findVswitches(test.core, "default", [`${vpc}-pods`]);
    expect(vswitch).toMatchObject({ vpcId: vpc, zone: "cn-beijing-b", cidr: "192.168.4.0/22" });
    expect(await resourcesOf(cluster)).toContain(`vswitch ${vpc}-pods`);
  });

  it("are refused where they are in another VPC", async () => {
    const [here, there] = [newVpc(), newVpc()];
    const cluster = await created(here);
    await created(there, { securityGroupId: `sg-${there}` });
    await expect(changed(cluster, { spec: { network: { podVswitchIds: [`${there}-a`] } } })).rejects.toThrow(
      `is in VPC ${there}`,
    );
    await expect(changed(cluster, { spec: { network: { securityGroupId: `sg-${there}` } } })).rejects.toThrow(
      `is in VPC ${there}`,
    );
  });

  it("are refused by a strict inventory that does not know them", async () => {
    const cluster = await created();
    await expect(changed(cluster, { spec: { network: { securityGroupId: "sg-unknown" } } }, "strict")).rejects.toThrow(
      "which is strict",
    );
    await expect(changed(cluster, { spec: { network: { podVswitchIds: ["vsw-unknown"] } } }, "strict")).rejects.toThrow(
      "which is strict",
    );
  });
});

describe("the resources of a changed cluster", () => {
  it("have the group that is named in the place of the one that was made", async () => {
    const cluster = await created();
    await changed(cluster, { spec: { network: { securityGroupId: "sg-named" } } });
    const resources = await listResources(test.core, cluster.id);
    expect(resources.map(({ kind }) => kind)).toEqual(["vpc", "vswitch", "security-group"]);
    expect(resources[2]).toMatchObject({ id: "sg-named", existing: true, creator: "user", ordinal: 2 });
    expect((await mainResources(test.core, cluster.id))?.securityGroupId).toBe("sg-named");
  });

  it("have the public address that is named, and forget it with the address", async () => {
    const cluster = await created();
    const bound = await changed(cluster, {
      spec: { apiServer: { publicEndpoint: true }, cloud: { eipId: "eip-named" } },
    });
    expect(bound.spec).toMatchObject({ apiServer: { publicEndpoint: true }, cloud: { eipId: "eip-named" } });
    expect(await resourcesOf(cluster)).toContain("eip eip-named");
    const unbound = await changed(cluster, { spec: { apiServer: { publicEndpoint: false }, cloud: { eipId: null } } });
    expect(unbound.spec.cloud.eipId).toBeUndefined();
    expect(await resourcesOf(cluster)).not.toContain("eip eip-named");
  });

  it("have the public address while there is one", async () => {
    const cluster = await created();
    const kinds = async () => (await listResources(test.core, cluster.id)).map(({ kind }) => kind);
    expect(await kinds()).not.toContain("eip");
    await changed(cluster, { spec: { apiServer: { publicEndpoint: true } } });
    await changed(cluster, { spec: { apiServer: { publicEndpoint: true } } });
    expect((await kinds()).filter((kind) => kind === "eip")).toHaveLength(1);
    await changed(cluster, { spec: { apiServer: { publicEndpoint: false } } });
    expect(await kinds()).toEqual(["vpc", "vswitch", "security-group"]);
  });
});
