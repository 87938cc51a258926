import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes } from "../../../test/support/ack-routes.ts";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { ackModel, differences, type Model } from "../../../test/support/sdk-models.ts";
import type { ClusterObserver } from "../../core/clusters/observer.ts";
import type { Task } from "../../core/tasks/task.ts";
import { createClusterRoute } from "./clusters/create/route.ts";
import { dedicated, smallest, withNodePool, without, withWorkers } from "./clusters/create/testing/bodies.ts";
import { clusterRoutes } from "./clusters/routes.ts";
import type { AckRoutes } from "./context.ts";
import { nodePoolRoutes } from "./node-pools/routes.ts";
import { nodeRoutes } from "./nodes/routes.ts";
import { toAckTask, toAckTaskSummary } from "./tasks/to-wire.ts";
import { everyMasterMember, everyPolicy, everyPoolMember } from "./testing/everything.ts";
import { type LeftOut, leftOutOfCluster, leftOutOfPool, notPrepaid, whereAskedFor } from "./testing/left-out.ts";

type Json = Record<string, unknown>;
/** A pool or a list of pools as it is answered. */
interface Pool extends Json {
  nodepool_info: { nodepool_id: string };
}

const observer: ClusterObserver = {
  describe: () => ({
    endpoints: { public: "https://127.64.5.1:6443", intranet: "https://127.64.5.3:6443" },
    runningVersion: "1.20.4",
  }),
  nodeReadiness: async () => new Map(),
  kubeconfig: () => Promise.reject(new Error("There is no kubeconfig here.")),
  serviceAccountKeys: () => Promise.reject(new Error("There are no keys here.")),
  adminAccess: () => Promise.reject(new Error("There is no certificate here.")),
  certificateAuthority: async () => undefined,
  readiness: async () => ({ isReady: true }),
};

let test: TestCore;
let routes: RoutesUnderTest;
beforeAll(async () => {
  test = await createTestCore();
  const parts = [createClusterRoute, clusterRoutes, nodePoolRoutes, nodeRoutes];
  const all: AckRoutes = (app, context) => {
    for (const part of parts) part(app, context);
  };
  routes = await serveRoutes(all, { core: test.core, observer });
});
afterAll(async () => {
  await routes.close();
  await test.close();
});

/** Creates a cluster. @returns its id */
async function create(body: Json): Promise<string> {
  const { status, body: answer, text } = await routes.post("/clusters", body);
  expect(status, text).toBe(200);
  return (answer as { cluster_id: string }).cluster_id;
}

const get = async (path: string) => (await routes.get(path)).body as Json;
const poolsOf = async (id: string) => (await get(`/clusters/${id}/nodepools`)).nodepools as Pool[];
const firstPoolOf = async (id: string) => {
  const [pool] = await poolsOf(id);
  return get(`/clusters/${id}/nodepools/${pool?.nodepool_info.nodepool_id}`);
};
const withMasters = { ...dedicated, master_vswitch_ids: ["vsw-1"] };
const detailOf = async (body: Json) => get(`/clusters/${await create(body)}`);

const at = "2026-01-02T03:04:05.678Z";
const task: Task = {
  id: "T-0123456789abcdef01234567",
  accountId: "default",
  projectId: null,
  clusterId: "0123456789abcdef0123456789abcdef",
  clusterName: "demo",
  placement: "here",
  kind: "cluster-create",
  target: { type: "cluster", id: "0123456789abcdef0123456789abcdef" },
  input: {},
  state: "succeeded",
  stages: [{ name: "etcd", kind: "etcd", title: "Start etcd", state: "succeeded", startedAt: at, endedAt: at }],
  requested: null,
  rollback: false,
  timeoutMinutes: 60,
  workedMs: 0,
  error: null,
  createdAt: new Date(at),
  updatedAt: new Date(at),
  startedAt: new Date(at),
  endedAt: new Date(at),
};

const cases: [string, Model, () => Promise<object>, LeftOut][] = [
  [
    "DescribeClusterDetail",
    ackModel("DescribeClusterDetailResponseBody"),
    () => detailOf(withWorkers),
    {
      ...leftOutOfCluster,
      control_plane_config: "of dedicated clusters",
    },
  ],
  [
    "DescribeClusterDetail of a dedicated cluster",
    ackModel("DescribeClusterDetailResponseBody"),
    () => detailOf(withMasters),
    {
      ...leftOutOfCluster,
      "control_plane_config.auto_renew_period": notPrepaid,
      "control_plane_config.instance_metadata_options": "nothing here knows of it",
      "control_plane_config.period": notPrepaid,
      "control_plane_config.period_unit": notPrepaid,
      "control_plane_config.system_disk_performance_level": "of ESSD disks alone",
      "control_plane_config.system_disk_provisioned_iops": "of ESSD AutoPL disks alone",
      "control_plane_config.system_disk_snapshot_policy_id": "system disks have no snapshot policy",
    },
  ],
  [
    "DescribeClustersV1",
    ackModel("DescribeClustersV1ResponseBody"),
    async () => {
      await create(smallest);
      return get("/api/v1/clusters");
    },
    Object.fromEntries(
      Object.entries(leftOutOfCluster)
        .filter(([place]) => /^(maintenance|operation)/.test(place))
        .map(([place, why]) => [`clusters[].${place}`, why]),
    ),
  ],
  [
    "DescribeClusters",
    { clusters: { list: { object: ackModel("DescribeClustersResponseBody") } } },
    async () => {
      await create(smallest);
      return { clusters: await get("/clusters") };
    },
    {
      "clusters[].data_disk_category": "pools have their own",
      "clusters[].data_disk_size": "pools have their own",
      "clusters[].vswitch_cidr": "a vSwitch has it, and there may be several",
    },
  ],
  [
    "DescribeClusterNodePoolDetail of the cluster's own workers",
    ackModel("DescribeClusterNodePoolDetailResponseBody"),
    async () => firstPoolOf(await create(withWorkers)),
    leftOutOfPool,
  ],
  [
    "DescribeClusterNodePoolDetail",
    ackModel("DescribeClusterNodePoolDetailResponseBody"),
    async () => firstPoolOf(await create(withNodePool)),
    {
      ...leftOutOfPool,
      "scaling_group.key_pair": whereAskedFor,
      "scaling_group.system_disk_size": whereAskedFor,
    },
  ],
  [
    "DescribeClusterNodes",
    ackModel("DescribeClusterNodesResponseBody"),
    async () => get(`/clusters/${await create(withWorkers)}/nodes`),
    {},
  ],
  [
    "DescribeTaskInfo",
    ackModel("DescribeTaskInfoResponseBody"),
    async () =>
      toAckTask(task, [
        {
          id: 1,
          clusterId: task.clusterId,
          taskId: task.id,
          level: "info",
          reason: "r",
          message: "m",
          at: new Date(at),
        },
      ]),
    {
      error: "clients take one for a failure, whatever is in it",
    },
  ],
  [
    "DescribeClusterTasks",
    { tasks: { list: { object: ackModel("DescribeClusterTasksResponseBodyTasks") } } },
    async () => ({ tasks: [toAckTaskSummary(task)] }),
    { "tasks[].error": "clients take one for a failure, whatever is in it" },
  ],
];

describe("an answer to who asked for as little as possible", () => {
  it.each(cases)(
    "of %s has every member of its model in its type, but for those that it leaves out",
    async (_name, model, answer, leftOut) => {
      const { missing, mistyped } = differences(model, JSON.parse(JSON.stringify(await answer())));
      expect(mistyped).toEqual([]);
      expect(missing).toEqual(Object.keys(leftOut).toSorted());
    },
  );
});

/** Members of a kubelet's configuration and of its system, and properties of instance types: one of each is enough. */
const ofOtherPrograms = /^(node_config|scaling_group\.instance_patterns)/;

/** What a dedicated cluster's masters have to have, in the other spelling, is said once. */
const disks = { master_system_disk_category: "cloud_essd", master_system_disk_size: 200 };

describe("an answer to who asked for everything", () => {
  it("shows a node pool as it was asked for, all members of the model in it", async () => {
    const scalingGroup = { ...everyPoolMember.scaling_group, login_password: "Hello1234" };
    const pool = await firstPoolOf(
      await create({ ...smallest, nodepools: [{ ...everyPoolMember, scaling_group: scalingGroup }] }),
    );
    const { missing, mistyped } = differences(ackModel("DescribeClusterNodePoolDetailResponseBody"), pool);
    expect(mistyped).toEqual([]);
    expect(missing.filter((place) => !ofOtherPrograms.test(place))).toEqual(["node_components[].config_revision"]);
    const { nodepool_info, status, ...blocks } = pool;
    expect(nodepool_info).toMatchObject(everyPoolMember.nodepool_info);
    const { nodepool_info: _, ...asked } = everyPoolMember;
    const given = { scaling_group_id: expect.stringMatching(/^asg-/), ram_policy: "", login_password: "" };
    expect(blocks).toEqual({ ...asked, scaling_group: { ...asked.scaling_group, ...given } });
  });

  it("shows the policies of a cluster", async () => {
    const detail = await detailOf({ ...smallest, ...everyPolicy, enable_rrsa: true });
    expect(detail).toMatchObject(everyPolicy);
    const { missing, mistyped } = differences(ackModel("DescribeClusterDetailResponseBody"), detail);
    expect(mistyped).toEqual([]);
    expect(missing).toEqual([
      "control_plane_config",
      "control_plane_endpoints_config.load_balancers_config[].endpoint",
    ]);
  });

  it("shows the masters of a dedicated cluster", async () => {
    const body = without(withMasters, "key_pair");
    const controlPlaneConfig = { ...everyMasterMember, login_password: "Hello1234" };
    const detail = await detailOf({ ...body, ...disks, control_plane_config: controlPlaneConfig });
    expect(detail.control_plane_config).toEqual(everyMasterMember);
    const { missing, mistyped } = differences(ackModel("DescribeClusterDetailResponseBody"), detail);
    expect(mistyped).toEqual([]);
    expect(missing.filter((place) => place.startsWith("control_plane_config"))).toEqual([]);
  });
});

describe("an answer to who asked for as little as possible", () => {
  it("has the masters of a dedicated cluster as they are", async () => {
    expect((await detailOf({ ...withMasters, master_period: 0 })).control_plane_config).toEqual({
      size: 3,
      instance_types: ["ecs.c6.xlarge"],
      image_id: "",
      image_type: "CentOS",
      runtime: "docker",
      key_pair: "key",
      cpu_policy: "none",
      cloud_monitor_flags: false,
      deploymentset_id: "",
      node_port_range: "30000-32767",
      charge_type: "PostPaid",
      auto_renew: false,
      system_disk_category: "cloud_ssd",
      system_disk_size: 120,
      system_disk_bursting_enabled: false,
      security_hardening_os: false,
      soc_enabled: false,
    });
  });

  it("has the policies of a cluster switched off, and its endpoint", async () => {
    const detail = await detailOf(smallest);
    expect(detail).toMatchObject({
      maintenance_window: { enable: false },
      operation_policy: { cluster_auto_upgrade: { enabled: false } },
      control_plane_endpoints_config: {
        internal_dns_config: { enabled: false, bind_vpcs: [] },
        load_balancers_config: [
          { endpoint: "127.64.5.3", endpoint_type: "private", load_balancer_id: detail.external_loadbalancer_id },
        ],
      },
      zone_id: expect.stringMatching(/^cn-beijing-[a-z]$/),
      docker_version: "19.03.5",
      next_version: "",
      worker_ram_role_name: "",
      timezone: "",
    });
  });
});
