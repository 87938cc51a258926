import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes } from "../../../../../test/support/ack-routes.ts";
import { createTestCore, type TestCore } from "../../../../../test/support/core.ts";
import { getCluster, removeClusterRow } from "../../../../core/clusters/clusters.ts";
import { listEvents } from "../../../../core/events/events.ts";
import { findVswitches } from "../../../../core/inventory/inventory.ts";
import { listNodePools } from "../../../../core/nodes/nodes.ts";
import { listResources } from "../../../../core/resources/resources.ts";
import { fromAckClusterId } from "../to-wire.ts";
import { createClusterRoute } from "./route.ts";

/** What clients of today leave out or send in their own way. */
const base = {
  name: "case",
  region_id: "cn-beijing",
  cluster_type: "ManagedKubernetes",
  vpcid: "vpc-case",
  vswitch_ids: ["vsw-a"],
  container_cidr: "172.20.0.0/16",
  service_cidr: "172.21.0.0/20",
};

const strict = { validation: "strict", inventory: "strict", disableRollbackMeaning: "text" } as const;

let test: TestCore;
let routes: RoutesUnderTest;
let strictRoutes: RoutesUnderTest;
beforeAll(async () => {
  test = await createTestCore();
  routes = await serveRoutes(createClusterRoute, { core: test.core });
  strictRoutes = await serveRoutes(createClusterRoute, { core: test.core, settings: strict });
});
afterAll(async () => {
  await routes.close();
  await strictRoutes.close();
  await test.close();
});

/** Creates a cluster and gives all that there is of it; it stays. */
async function create(body: object, served = routes) {
  const { status, body: answer } = await served.post("/clusters", body);
  const { cluster_id = "", message } = answer as { cluster_id?: string; message?: string };
  const id = fromAckClusterId(cluster_id);
  if (id === undefined) return { status, message, pools: [], resources: [], addons: [], events: [] };
  const cluster = await getCluster(test.core, id);
  return {
    status,
    id,
    network: cluster?.spec.network,
    addons: cluster?.spec.addons ?? [],
    pools: await listNodePools(test.core, id),
    resources: await listResources(test.core, id),
    events: (await listEvents(test.core, id)).map(({ message: said }) => said),
  };
}

const vswitches = (ids: string[] = []) => findVswitches(test.core, "default", ids);

describe("a cluster that names zones and no networks", () => {
  const zoned = {
    cluster_type: "ManagedKubernetes",
    name: "z",
    region_id: "cn-beijing",
    zone_ids: ["cn-beijing-i", "cn-beijing-b"],
    container_cidr: "172.18.0.0/16",
    addons: [{ name: "flannel" }],
  };

  it("has a VPC, a vSwitch in each zone, a security group and a Service range made for it", async () => {
    const { status, network, pools, resources } = await create(zoned);
    expect(status).toBe(200);
    expect(network).toMatchObject({
      vpcId: expect.stringMatching(/^vpc-[a-z0-9]{20}$/),
      vswitchIds: [expect.stringMatching(/^vsw-[a-z0-9]{20}$/), expect.stringMatching(/^vsw-[a-z0-9]{20}$/)],
      podCidr: "172.18.0.0/16",
      serviceCidr: "172.19.0.0/20",
    });
    expect((await vswitches(network?.vswitchIds)).map(({ zone }) => zone).toSorted()).toEqual([
      "cn-beijing-b",
      "cn-beijing-i",
    ]);
    expect(pools.map(({ spec }) => spec.vswitchIds)).toEqual([network?.vswitchIds]);
    const made = resources.filter(({ existing }) => !existing).map(({ kind }) => kind);
    expect(made).toEqual(expect.arrayContaining(["vpc", "vswitch", "security-group"]));
  });

  it("takes them with it, and no other cluster's", async () => {
    const [gone, stays] = [await create(zoned), await create(zoned)];
    expect(gone.network?.vpcId).not.toBe(stays.network?.vpcId);
    await removeClusterRow(test.core, gone.id ?? "");
    expect(await vswitches(gone.network?.vswitchIds)).toEqual([]);
    expect(await vswitches(stays.network?.vswitchIds)).toHaveLength(2);
  });

  it("leaves them to a cluster that was put into the same VPC since", async () => {
    const first = await create(zoned);
    const { vpcId = "", vswitchIds = [] } = first.network ?? {};
    const second = await create({
      ...base,
      vpcid: vpcId,
      vswitch_ids: vswitchIds,
      container_cidr: "172.22.0.0/16",
      service_cidr: "172.23.0.0/20",
    });
    await removeClusterRow(test.core, first.id ?? "");
    expect(await vswitches(vswitchIds)).toHaveLength(2);
    await removeClusterRow(test.core, second.id ?? "");
    expect(await vswitches(vswitchIds)).toHaveLength(2);
  });

  it("has a Pod range chosen where it names none, and is made whatever the inventory is", async () => {
    const { status, network } = await create({ ...zoned, container_cidr: undefined }, strictRoutes);
    expect(status).toBe(200);
    expect(network).toMatchObject({ podCidr: "172.16.0.0/16", serviceCidr: "172.19.0.0/20" });
  });

  it("has another Service range where its pods have the usual one", async () => {
    const { network } = await create({ ...zoned, container_cidr: "172.19.0.0/16" });
    expect(network?.serviceCidr).toMatch(/^10\.\d+\.0\.0\/16$/);
  });

  it("gives pods addresses of its vSwitches with Terway", async () => {
    const { network } = await create({ ...zoned, container_cidr: undefined, addons: [{ name: "terway-eniip" }] });
    expect(network).toMatchObject({ plugin: "terway", podVswitchIds: network?.vswitchIds });
  });

  it("names no vSwitches: they would be in a VPC", async () => {
    const { status, message } = await create({ ...zoned, vswitch_ids: ["vsw-a"] });
    expect(status).toBe(400);
    expect(message).toContain("vpcid must be given where vSwitches are named");
  });
});

describe("networks as clients of today name them", () => {
  it("Terway has nodes and pods on one vSwitch, and a security group of the enterprise kind", async () => {
    const { status, network, events, addons } = await create({
      ...base,
      container_cidr: undefined,
      pod_vswitch_ids: ["vsw-a"],
      rrsa_config: { enabled: true },
      addons: [{ name: "terway-controlplane" }, { name: "terway-eniip" }],
    });
    expect(status).toBe(200);
    expect(network).toMatchObject({ podVswitchIds: ["vsw-a"], enterpriseSecurityGroup: true });
    expect(addons.map(({ name }) => name)).toEqual(expect.arrayContaining(["terway-controlplane", "terway-eniip"]));
    expect(events).toContainEqual(expect.stringContaining("vSwitch vsw-a is of nodes and of pods"));
  });

  it("a managed cluster names the vSwitches of its members alone", async () => {
    const ids = ["vsw-a", "vsw-b", "vsw-c", "vsw-d"];
    const { status, network, pools } = await create({
      ...base,
      vswitch_ids: undefined,
      master_vswitch_ids: ids,
      security_group_id: "sg-case",
      snat_entry: true,
    });
    expect(status).toBe(200);
    expect(network).toMatchObject({ vswitchIds: ids, securityGroupId: "sg-case" });
    expect(pools.map(({ spec }) => spec.size)).toEqual([0]);
  });

  it("add-ons without one for the network imply Flannel", async () => {
    const { status, addons } = await create({ ...base, addons: [{ name: "csi-plugin" }] });
    expect(status).toBe(200);
    expect(addons.map(({ name }) => name)).toContain("flannel");
  });
});

describe("lists that the vendor extends", () => {
  const disk = (category: string) => ({
    num_of_nodes: 1,
    worker_instance_types: ["ecs.g7.large"],
    key_pair: "key",
    worker_system_disk_category: category,
    worker_system_disk_size: 120,
    worker_data_disks: [{ category, size: 40 }],
  });
  const pool = (category: string) => ({
    nodepools: [{ scaling_group: { system_disk_category: category, data_disks: [{ category, size: 40 }] } }],
  });

  it.each(["cloud_auto", "cloud_essd_entry"])(
    "have the category %s of disks, and nothing to say of it",
    async (name) => {
      for (const part of [disk(name), pool(name)]) {
        const { status, events, pools } = await create({ ...base, ...part });
        expect(status).toBe(200);
        expect(pools[0]?.spec).toMatchObject({ systemDisk: { category: name }, dataDisks: [{ category: name }] });
        expect(events.filter((said) => said.includes("category"))).toEqual([]);
      }
    },
  );

  it.each([
    ["worker_system_disk_category", disk("cloud_new"), 'worker_system_disk_category "cloud_new" is not known'],
    ["nodepools", pool("cloud_new"), 'scaling_group.data_disks[0].category "cloud_new" is not known'],
    ["addons", { addons: [{ name: "new-add-on" }] }, 'addons[0].name "new-add-on" is not known'],
    ["kubernetes_version", { kubernetes_version: "1.99.0-aliyun.1" }, "Version 1.99.0-aliyun.1 is not a known version"],
  ])("have other values taken as they are, and told: %s", async (_, part, sentence) => {
    const { status, events } = await create({ ...base, ...part });
    expect(status).toBe(200);
    expect(events).toContainEqual(expect.stringContaining(sentence));
  });

  it.each([
    [disk("cloud_new"), "worker_system_disk_category"],
    [{ addons: [{ name: "new-add-on" }] }, "addons[0].name"],
    [{ kubernetes_version: "1.99.0-aliyun.1" }, "kubernetes_version"],
  ])("are all there is where validation is strict: %o", async (part, parameter) => {
    const { status, message } = await create({ ...base, ...part }, strictRoutes);
    expect(status).toBe(400);
    expect(message).toContain(parameter);
  });

  it("have names of add-ons that Kubernetes' objects can have", async () => {
    const { status, message } = await create({ ...base, addons: [{ name: "no such add-on" }] });
    expect(status).toBe(400);
    expect(message).toContain("addons[0].name");
  });
});
