import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes, writeCluster } from "../../../../test/support/ack-routes.ts";
import { createTestCore, type TestCore } from "../../../../test/support/core.ts";
import type { ClusterState, NodePoolSpec } from "../../../core/clusters/cluster.ts";
import { writeClusterResources } from "../../../core/resources/resources.ts";
import { nodePoolRoutes } from "./routes.ts";

type Block = Record<string, unknown>;
/** A node pool as it is shown. */
interface Shown extends Record<string, unknown> {
  nodepool_info: Block & { nodepool_id: string; name: string };
  status: Block;
  scaling_group: Block;
  auto_scaling: Block;
  kubernetes_config: Block;
}

let test: TestCore;
let routes: RoutesUnderTest;
/** What the living cluster says of its nodes; undefined does not answer. */
let readiness: Map<string, boolean> | undefined;

beforeAll(async () => {
  test = await createTestCore();
  const observer = {
    describe: () => ({ endpoints: undefined, runningVersion: undefined }),
    nodeReadiness: async () => readiness ?? Promise.reject(new Error("It does not answer.")),
    kubeconfig: () => Promise.reject(new Error("There is no kubeconfig here.")),
    serviceAccountKeys: () => Promise.reject(new Error("There are no keys here.")),
    adminAccess: () => Promise.reject(new Error("There is no certificate here.")),
    certificateAuthority: async () => undefined,
    readiness: async () => ({ isReady: true }),
  };
  routes = await serveRoutes(nodePoolRoutes, { core: test.core, observer });
});
afterEach(() => {
  readiness = new Map();
});
afterAll(async () => {
  await routes.close();
  await test.close();
});

/** Writes a cluster with these pools and shows its list of node pools. */
async function shown(pools: Partial<NodePoolSpec>[], cluster: Parameters<typeof writeCluster>[1] = {}) {
  const written = await writeCluster(test.core, { ...cluster, pools });
  const vswitches = [{ id: "vsw-1", vpcId: "vpc-1", zone: "cn-beijing-a", cidr: "192.168.0.0/22" }];
  await writeClusterResources(test.core, { ...written, cluster: written, vswitches });
  const { body } = await routes.get(`/clusters/c${written.id}/nodepools`);
  return { id: written.id, pools: (body as { nodepools: Shown[] }).nodepools };
}

/** As the documents' sample of a dedicated cluster has it, with the rules of the request applied. */
const samplePool: Partial<NodePoolSpec> = {
  name: "cluster-demo",
  size: 1,
  instanceTypes: ["ecs.d1ne.2xlarge"],
  systemDisk: { category: "cloud_efficiency", sizeGiB: 120 },
  labels: { env: "prod" },
  keyPair: "np-key-name",
  userData: "this is an example",
  autoScaling: { min: 1, max: 10 },
  confidential: true,
  monitoring: true,
  billing: { chargeType: "PrePaid", months: 1, autoRenew: true, renewMonths: 1 },
  request: {
    auto_scaling: { enable: true, max_instances: 10, min_instances: 1, type: "cpu" },
    kubernetes_config: {
      cms_enabled: true,
      labels: [{ key: "env", value: "prod" }],
      runtime: "docker",
      runtime_version: "19.03.5",
      taints: [{ key: "key", value: "value", effect: "NoSchedule" }],
      user_data: "dGhpcyBpcyBhIGV4YW1wbGU=",
      node_name_mode: "aliyun.com00055test",
    },
    nodepool_info: { name: "cluster-demo", resource_group_id: "rg-pool", type: "ess" },
    scaling_group: {
      desired_size: 0,
      data_disks: [{ category: "cloud_ssd", size: 40, encrypted: "true", performance_level: "PL1" }],
      instance_types: ["ecs.d1ne.2xlarge"],
      key_pair: "np-key-name",
      multi_az_policy: "COST_OPTIMIZED",
      spot_price_limit: [{ instance_type: "ecs.c6.large", price_limit: "0.39" }],
      on_demand_base_capacity: 0,
      internet_charge_type: "PayByTraffic",
      system_disk_size: 120,
      image_type: "",
      security_group_id: null,
    },
    tee_config: { tee_enable: true },
    management: { enable: false, auto_repair: false, upgrade_config: { surge: 0, max_unavailable: 1 } },
    count: 1,
    interconnect_mode: "basic",
    interconnect_config: { cen_id: "cen-1", bandwidth: 10, improved_period: "1" },
    max_nodes: 10,
  },
};

describe("a node pool", () => {
  it("that was asked for is shown as it was asked for", async () => {
    const { pools } = await shown([samplePool]);
    const [pool] = pools;
    expect(pool).toMatchObject({
      auto_scaling: { enable: true, max_instances: 10, min_instances: 1, type: "cpu" },
      nodepool_info: { name: "cluster-demo", type: "ess", is_default: false, resource_group_id: "rg-pool" },
      tee_config: { tee_enable: true },
      management: { enable: false, auto_repair: false, upgrade_config: { surge: 0, max_unavailable: 1 } },
      interconnect_mode: "basic",
      interconnect_config: { cen_id: "cen-1", bandwidth: 10, improved_period: "1" },
      max_nodes: 10,
    });
    expect(pool?.kubernetes_config).toEqual({
      ...(samplePool.request?.kubernetes_config as Block),
      cpu_policy: "none",
      unschedulable: false,
      pre_user_data: "",
    });
    expect(pool?.scaling_group).toMatchObject({
      desired_size: 0,
      data_disks: [{ category: "cloud_ssd", size: 40, encrypted: "true", performance_level: "PL1" }],
      multi_az_policy: "COST_OPTIMIZED",
      spot_price_limit: [{ instance_type: "ecs.c6.large", price_limit: "0.39" }],
      on_demand_base_capacity: 0,
      instance_charge_type: "PrePaid",
      period: 1,
      auto_renew_period: 1,
      system_disk_category: "cloud_efficiency",
    });
    expect(pool).not.toHaveProperty("count");
  });

  it("has numbers and flags as such, where an old client sent texts", async () => {
    const request = {
      scaling_group: {
        ...{ desired_size: "3", system_disk_size: "120", spot_instance_remedy: "true", period: 0 },
        data_disks: [{ category: "cloud_essd", size: "40", encrypted: true }],
      },
      management: { enable: "True", upgrade_config: { surge: "5" } },
      interconnect_config: { bandwidth: "10", improved_period: 1 },
    };
    const { pools } = await shown([{ request }]);
    expect(pools[0]).toMatchObject({
      scaling_group: {
        ...{ desired_size: 3, system_disk_size: 120, spot_instance_remedy: true },
        data_disks: [{ category: "cloud_essd", size: 40, encrypted: "true" }],
      },
      management: { enable: true, upgrade_config: { surge: 5 } },
      interconnect_config: { bandwidth: 10, improved_period: "1" },
    });
    expect(pools[0]?.scaling_group).not.toHaveProperty("period");
  });

  it("takes empty texts and nulls for what was not asked for", async () => {
    const { pools } = await shown([samplePool], { spec: {} });
    expect(pools[0]?.scaling_group.image_type).toBe("CentOS");
    expect(pools[0]?.scaling_group.security_group_id).toMatch(/^sg-[a-z0-9]{20}$/);
  });

  it("has nothing that a client would plan to take away, where it was not asked for", async () => {
    const request = { scaling_group: { instance_types: ["ecs.c6.large"] } };
    const { pools } = await shown([{ keyPair: "of-the-cluster", request }]);
    for (const field of ["desired_size", "system_disk_size", "key_pair"])
      expect(pools[0]?.scaling_group).not.toHaveProperty(field);
    expect(pools[0]?.scaling_group).toMatchObject({ tags: [], data_disks: [], instance_types: ["ecs.c6.large"] });
  });

  it("that the cluster's own fields ask for is shown by what it has", async () => {
    const { pools } = await shown(
      [
        {
          ...{ size: 2, keyPair: "pair", imageId: "m-1", cpuPolicy: "static", userData: "echo", publicAddress: false },
          systemDisk: { category: "cloud_essd", sizeGiB: 120, performanceLevel: "PL1", snapshotPolicyId: "sp-1" },
          dataDisks: [{ category: "cloud_efficiency", sizeGiB: 40, encrypted: true, snapshotPolicyId: "sp-2" }],
          taints: [{ key: "1", value: "1", effect: "NoSchedule" }],
          ...{ securityGroupIds: ["sg-a", "sg-b"], rdsInstances: ["rm-1"], vswitchPolicy: "priority" },
          ...{ instanceTags: { team: "a" }, labels: { env: "prod" } },
        },
      ],
      { request: { node_name_mode: "customized,aliyun.com,5,k8s" } },
    );
    const [pool] = pools;
    expect(pool).toEqual({
      nodepool_info: {
        nodepool_id: expect.stringMatching(/^np/),
        name: "default-nodepool",
        type: "ess",
        is_default: true,
        region_id: "cn-beijing",
        resource_group_id: "",
        created: expect.stringMatching(/Z$/),
        updated: expect.stringMatching(/Z$/),
      },
      status: expect.objectContaining({ total_nodes: 2 }),
      scaling_group: {
        vswitch_ids: ["vsw-1"],
        instance_types: ["ecs.c6.large"],
        desired_size: 2,
        instance_charge_type: "PostPaid",
        auto_renew: false,
        image_id: "m-1",
        image_type: "CentOS",
        platform: "CentOS",
        key_pair: "pair",
        security_group_id: "sg-a",
        security_group_ids: ["sg-a", "sg-b"],
        system_disk_category: "cloud_essd",
        system_disk_categories: ["cloud_essd"],
        system_disk_size: 120,
        system_disk_encrypted: false,
        system_disk_bursting_enabled: false,
        system_disk_performance_level: "PL1",
        system_disk_snapshot_policy_id: "sp-1",
        data_disks: [{ category: "cloud_efficiency", size: 40, encrypted: "true", auto_snapshot_policy_id: "sp-2" }],
        disk_init: [],
        multi_az_policy: "PRIORITY",
        scaling_policy: "release",
        spot_strategy: "NoSpot",
        spot_price_limit: [],
        spot_instance_remedy: false,
        compensate_with_on_demand: false,
        cis_enabled: false,
        soc_enabled: false,
        security_hardening_os: false,
        login_as_non_root: false,
        enable_high_density_mode: false,
        tags: [{ key: "team", value: "a" }],
        rds_instances: ["rm-1"],
        deploymentset_id: "",
        scaling_group_id: expect.stringMatching(/^asg-[a-z0-9]{20}$/),
        ram_policy: "",
        ram_role_name: "",
        login_password: "",
      },
      auto_scaling: { enable: false, min_instances: 0, max_instances: 0, type: "cpu", is_bond_eip: false },
      kubernetes_config: {
        cms_enabled: false,
        cpu_policy: "static",
        labels: [{ key: "env", value: "prod" }],
        taints: [{ key: "1", value: "1", effect: "NoSchedule" }],
        node_name_mode: "customized,aliyun.com,5,k8s",
        runtime: "docker",
        runtime_version: "19.03.5",
        unschedulable: false,
        pre_user_data: "",
        user_data: "ZWNobw==",
      },
      management: {
        enable: false,
        auto_repair: false,
        auto_upgrade: false,
        auto_vul_fix: false,
        auto_fault_diagnosis: false,
        drift_enabled: false,
      },
      tee_config: { tee_enable: false },
    });
  });

  it("never shows a password, even where a request was kept with one", async () => {
    const request = { scaling_group: { login_password: "Hello1234" } };
    const { id, pools } = await shown([{ request }]);
    expect(pools[0]?.scaling_group.login_password).toBe("");
    expect((await routes.get(`/clusters/c${id}/nodepools`)).text).not.toContain("Hello1234");
  });

  const node = (n: number) => `default-nodepool-${n}`;
  const zero = {
    ...{ total_nodes: 3, serving_nodes: 0, healthy_nodes: 0, initial_nodes: 0 },
    ...{ failed_nodes: 0, removing_nodes: 0, offline_nodes: 0, conditions: [] },
  };
  it.each<[ClusterState, Record<string, boolean> | undefined, Block]>([
    ["creating", undefined, { state: "scaling", initial_nodes: 3 }],
    ["creating", { [node(0)]: true }, { state: "scaling", initial_nodes: 2, serving_nodes: 1, healthy_nodes: 1 }],
    [
      "running",
      { [node(0)]: true, [node(1)]: true, [node(2)]: true },
      { state: "active", serving_nodes: 3, healthy_nodes: 3 },
    ],
    [
      "running",
      { [node(0)]: true, [node(1)]: false },
      { state: "active", serving_nodes: 3, healthy_nodes: 1, offline_nodes: 1 },
    ],
    ["running", undefined, { state: "active", serving_nodes: 3 }],
    ["changing", { [node(0)]: true }, { state: "active", serving_nodes: 3, healthy_nodes: 1 }],
    ["failed", { [node(0)]: true }, { state: "active", serving_nodes: 1, healthy_nodes: 1, failed_nodes: 2 }],
    ["removing", { [node(0)]: true }, { state: "deleting", removing_nodes: 3 }],
    ["remove-failed", undefined, { state: "active", serving_nodes: 3 }],
  ])("of a cluster that is %s with readiness %j has status %j", async (state, ready, expected) => {
    readiness = ready && new Map(Object.entries(ready));
    const { pools } = await shown([{ size: 3 }], { state });
    expect(pools[0]?.status).toEqual({ ...zero, ...expected });
  });
});

describe("DescribeClusterNodePools", () => {
  it("lists the pools of workers, not the control plane", async () => {
    const { id, pools } = await shown([{ name: "masters", role: "control-plane" }, { name: "one" }, { name: "two" }]);
    expect(pools.map(({ nodepool_info }) => nodepool_info.name).sort()).toEqual(["one", "two"]);
    const filtered = await routes.get(`/clusters/c${id}/nodepools`, { NodepoolName: "two" });
    expect(filtered.body).toMatchObject({ nodepools: [{ nodepool_info: { name: "two" } }] });
    const unfiltered = await routes.get(`/clusters/c${id}/nodepools`, { NodepoolName: "" });
    expect((unfiltered.body as { nodepools: unknown[] }).nodepools).toHaveLength(2);
  });

  it("counts each pool's own nodes", async () => {
    const { pools } = await shown([
      { name: "one", size: 1 },
      { name: "two", size: 2 },
    ]);
    const counts = Object.fromEntries(pools.map((pool) => [pool.nodepool_info.name, pool.status.total_nodes]));
    expect(counts).toEqual({ one: 1, two: 2 });
  });
});

describe("DescribeClusterNodePoolDetail", () => {
  it("shows what the list shows", async () => {
    const { id, pools } = await shown([samplePool]);
    const { body } = await routes.get(`/clusters/c${id}/nodepools/${pools[0]?.nodepool_info.nodepool_id}`);
    expect(body).toEqual(pools[0]);
  });

  it("has no pool of that id, of another cluster, or of the control plane", async () => {
    const one = await shown([{}]);
    const masters = await writeCluster(test.core, { pools: [{ name: "masters", role: "control-plane" }] });
    const foreign = one.pools[0]?.nodepool_info.nodepool_id;
    for (const pool of ["np-none", foreign, masters.pools[0]?.id]) {
      const { status, body } = await routes.get(`/clusters/c${masters.id}/nodepools/${pool}`);
      expect(status).toBe(404);
      expect(body).toMatchObject({
        code: "ErrorNodePoolNotFound",
        message: `The node pool ${pool} is not found in cluster c${masters.id}.`,
      });
    }
    const gone = await routes.get(`/clusters/c${"0".repeat(32)}/nodepools`);
    expect(gone).toMatchObject({ status: 404, body: { code: "ErrorClusterNotFound" } });
  });
});
