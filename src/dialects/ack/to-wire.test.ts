import { describe, expect, it } from "vitest";
import { keptCluster, keptNode, newNodePool } from "../../../test/support/new-cluster.ts";
import type { NodePoolSpec } from "../../core/clusters/cluster.ts";
import type { ClusterEvent } from "../../core/events/events.ts";
import type { Task } from "../../core/tasks/task.ts";
import { fromAckClusterId, fromAckClusterType, toAckCluster, toAckClusterId } from "./clusters/to-wire.ts";
import { toAckNode } from "./nodes/to-wire.ts";
import { toAckLog, toAckTask, toAckTaskSummary } from "./tasks/to-wire.ts";

const id = "0123456789abcdef0123456789abcdef";
const at = new Date("2026-01-02T03:04:05.678Z");

const cluster = keptCluster;

const endpoints = { public: "https://127.64.5.1:6443", intranet: "https://127.64.5.2:6443" };
const facts = { size: 3, endpoints, runningVersion: "1.20.2" };

describe("a cluster id", () => {
  it("is c and 32 hexadecimal digits", () => {
    expect(toAckClusterId(id)).toBe(`c${id}`);
    expect(fromAckClusterId(`c${id}`)).toBe(id);
  });

  it.each(["", id, `c${id}0`, `c${id.toUpperCase()}`, `d${id}`, "c' or 1=1"])("%j is none", (text) => {
    expect(fromAckClusterId(text)).toBeUndefined();
  });
});

describe("a cluster", () => {
  it.each([
    ["creating", "initial"],
    ["running", "running"],
    ["changing", "updating"],
    ["failed", "failed"],
    ["removing", "deleting"],
    ["remove-failed", "delete_failed"],
  ] as const)("that is %s shows %s", (state, shown) => {
    expect(toAckCluster(cluster({ state }), facts).state).toBe(shown);
  });

  it.each([
    ["1.20.4-aliyun.1", "1.20.2", "1.20.4-aliyun.1", "1.20.2-aliyun.1"],
    ["1.20.4-aliyun.1", "1.20.4", "1.20.4-aliyun.1", "1.20.4-aliyun.1"],
    ["1.20.4", "1.20.4", "1.20.4", "1.20.4"],
    [undefined, "1.20.4", "1.20.4-aliyun.1", "1.20.4-aliyun.1"],
    [undefined, undefined, "", ""],
    ["1.20.4-aliyun.1", undefined, "1.20.4-aliyun.1", ""],
  ])(
    "for which %s was asked and that runs %s shows %s, and %s now",
    (requestedVersion, runningVersion, init, current) => {
      const shown = toAckCluster(cluster({ spec: { requestedVersion } }), { ...facts, runningVersion });
      expect(shown).toMatchObject({ init_version: init, current_version: current });
      expect(JSON.parse(shown.meta_data)).toMatchObject({
        KubernetesVersion: current,
        RunningKubernetesVersion: runningVersion ?? "",
      });
    },
  );

  it("of two address families says so", () => {
    const { network } = cluster().spec;
    const ipv6 = { podCidr: "fd00:1::/48", serviceCidr: "fd00:2::/112" };
    expect(toAckCluster(cluster(), facts).ip_stack).toBe("ipv4");
    expect(toAckCluster(cluster({ spec: { network: { ...network, ipv6 } } }), facts).ip_stack).toBe("dual");
  });

  it.each([
    [undefined, "19.03.5"],
    [{ name: "docker", version: "20.10.1" }, "20.10.1"],
    [{ name: "containerd", version: "1.6.28" }, ""],
  ])("whose runtime is %j has the Docker version %j", (runtime, shown) => {
    expect(toAckCluster(cluster({ request: { runtime } }), facts).docker_version).toBe(shown);
  });

  it("gives its addresses as a JSON text, and none before it has them", () => {
    expect(JSON.parse(toAckCluster(cluster(), facts).master_url)).toEqual({
      api_server_endpoint: "https://127.64.5.1:6443",
      intranet_api_server_endpoint: "https://127.64.5.2:6443",
    });
    expect(toAckCluster(cluster({ state: "creating" }), { ...facts, endpoints: undefined }).master_url).toBe("");
  });

  it("has only an inner address where none is public", () => {
    const inner = { public: undefined, intranet: "https://127.64.5.2:6443" };
    expect(JSON.parse(toAckCluster(cluster(), { ...facts, endpoints: inner }).master_url)).toEqual({
      api_server_endpoint: "",
      intranet_api_server_endpoint: "https://127.64.5.2:6443",
    });
  });

  it.each<[string, Parameters<typeof cluster>[0], Record<string, unknown>]>([
    ["its request says nothing", {}, { Runtime: "docker", RuntimeVersion: "19.03.5", AuditProjectName: "" }],
    [
      "its request names a runtime",
      { request: { runtime: { name: "containerd", version: "1.6.28" } } },
      { Runtime: "containerd", RuntimeVersion: "1.6.28" },
    ],
  ])("has meta data that tell the runtime and the network where %s", (_, changes, expected) => {
    const metaData = JSON.parse(toAckCluster(cluster(changes), facts).meta_data);
    expect(metaData).toMatchObject({ ...expected, Capabilities: { Network: "Flannel" } });
  });

  it("has meta data that name Terway by its add-on, and the log project of the audit log", () => {
    const kept = cluster();
    const addon = (name: string, config = "") => ({ name, version: undefined, config, disabled: false });
    const spec = {
      ...kept.spec,
      network: { ...kept.spec.network, plugin: "terway" as const },
      addons: [addon("terway-eniip"), addon("logtail-ds", '{"sls_project_name":"my-logs"}')],
    };
    const metaData = JSON.parse(toAckCluster({ ...kept, spec }, facts).meta_data);
    expect(metaData).toMatchObject({ AuditProjectName: "my-logs", Capabilities: { Network: "terway-eniip" } });
  });

  it("has meta data that is a JSON object, from which clients tell the network plug-in", () => {
    const metaData = JSON.parse(toAckCluster(cluster(), facts).meta_data);
    expect(metaData).toMatchObject({ SubClass: "default", "kube-flannel-dsVersion": expect.any(String) });
  });

  it("echoes what a client would otherwise plan to change", () => {
    const sent = { node_cidr_mask: "24", cluster_spec: "ack.pro.small" };
    expect(toAckCluster(cluster({ request: sent }), facts)).toMatchObject(sent);
    expect(toAckCluster(cluster({ request: {} }), facts)).toMatchObject({
      node_cidr_mask: "25",
      cluster_spec: "ack.standard",
    });
  });

  it("has only texts in its parameters, as the clients' types demand", () => {
    for (const value of Object.values(toAckCluster(cluster(), facts).parameters)) expect(value).toBeTypeOf("string");
  });
});

describe("a dedicated cluster", () => {
  const request = {
    master_count: 3,
    master_instance_types: ["ecs.c6.large", "ecs.c6.large"],
    master_vswitch_ids: ["vsw-1", "vsw-2"],
    master_instance_charge_type: "PrePaid",
    master_system_disk_size: 120,
    key_pair: "key",
    login_password: "******",
    ssh_flags: true,
  };
  const shown = toAckCluster(cluster({ request, spec: { kind: "dedicated", members: 3 } }), facts);

  it("has the vendor's type, and its masters where they are asked for", () => {
    expect(shown.cluster_type).toBe("Kubernetes");
    expect(shown).not.toHaveProperty("control_plane_config");
    const billing = { chargeType: "PrePaid", months: 6, autoRenew: true, renewMonths: 1 } as const;
    const masters = newNodePool({ role: "control-plane", keyPair: "key", billing });
    const detail = toAckCluster(cluster({ request, spec: { kind: "dedicated", members: 3 } }), { ...facts, masters });
    expect(detail.control_plane_config).toMatchObject({
      ...{ size: 3, instance_types: ["ecs.c6.large"], key_pair: "key" },
      ...{ charge_type: "PrePaid", period: 6, period_unit: "Month", auto_renew: true, auto_renew_period: 1 },
    });
    expect(JSON.stringify(detail.control_plane_config)).not.toContain("password");
  });

  it("repeats what was sent in the parameters, in the vendor's spelling", () => {
    expect(shown.parameters).toMatchObject({
      MasterCount: "3",
      MasterInstanceTypes: "ecs.c6.large,ecs.c6.large",
      MasterVSwitchIds: "vsw-1,vsw-2",
      MasterInstanceChargeType: "PrePaid",
      MasterSystemDiskSize: "120",
      MasterKeyPair: "key",
      LoginPassword: "******",
      SSHFlags: "true",
    });
  });

  it("repeats names that every object has as any others", () => {
    const odd = cluster({ request: { constructor: "a", to_string: "b", valueOf: "c" }, spec: { kind: "dedicated" } });
    expect(toAckCluster(odd, facts).parameters).toMatchObject({ Constructor: "a", ToString: "b", ValueOf: "c" });
  });

  it("is told from a managed one by its type", () => {
    expect(fromAckClusterType("Kubernetes")).toBe("dedicated");
    expect(fromAckClusterType("ManagedKubernetes")).toBe("managed");
    expect(fromAckClusterType("Ask")).toBeUndefined();
  });
});

describe("RAM roles for service accounts", () => {
  it("are off unless they were asked for", () => {
    expect(toAckCluster(cluster(), facts)).toMatchObject({ enable_rrsa: false, rrsa_config: { enabled: false } });
  });

  it("show where the keys of tokens are", () => {
    const { apiServer } = cluster().spec;
    const rrsa = { issuer: `http://127.0.0.1:7080/oidc/${id}`, audience: "sts.aliyuncs.com" };
    const shown = toAckCluster(cluster({ spec: { apiServer: { ...apiServer, rrsa } } }), facts);
    expect(shown).toMatchObject({
      enable_rrsa: true,
      rrsa_config: {
        enabled: true,
        ...rrsa,
        jwks_url: `${rrsa.issuer}/keys`,
        open_api_configuration_url: `${rrsa.issuer}/.well-known/openid-configuration`,
      },
    });
    expect(JSON.parse(shown.meta_data).RRSAConfig).toMatchObject({ enabled: true, issuer: rrsa.issuer });
  });
});

describe("a task", () => {
  const task: Task = {
    id: "T-0123456789abcdef01234567",
    accountId: "default",
    projectId: null,
    clusterId: id,
    clusterName: "demo",
    placement: "here",
    kind: "cluster-create",
    target: { type: "cluster", id },
    input: {},
    state: "running",
    stages: [
      {
        name: "etcd",
        kind: "etcd",
        title: "Start etcd",
        state: "succeeded",
        startedAt: at.toISOString(),
        endedAt: at.toISOString(),
      },
      {
        name: "nodes",
        kind: "nodes",
        title: "Join the nodes",
        state: "running",
        startedAt: at.toISOString(),
        message: "Waiting.",
      },
    ],
    requested: null,
    rollback: false,
    timeoutMinutes: 60,
    workedMs: 0,
    error: null,
    createdAt: at,
    updatedAt: at,
    startedAt: at,
    endedAt: null,
  };
  const event: ClusterEvent = {
    id: 7,
    clusterId: id,
    taskId: task.id,
    level: "warning",
    reason: "VersionDiffers",
    message: "Another version.",
    at,
  };

  it.each([
    ["queued", "initial"],
    ["running", "running"],
    ["paused", "paused"],
    ["succeeded", "success"],
    ["failed", "fail"],
    ["cancelled", "fail"],
  ] as const)("that is %s shows %s", (state, shown) => {
    expect(toAckTaskSummary({ ...task, state }).state).toBe(shown);
  });

  it("shows its stages, and which one it is at", () => {
    expect(toAckTask(task, [])).toMatchObject({
      task_type: "cluster_create",
      target: { id: `c${id}`, type: "cluster" },
      current_stage: "nodes",
      stages: [
        { state: "success", message: "Start etcd", end_time: at.toISOString() },
        { state: "running", message: "Waiting.", end_time: null },
      ],
      task_result: [{ data: `c${id}`, status: "initial" }],
    });
  });

  it("may be about a part of its cluster", () => {
    const about = (target: Task["target"]) => toAckTask({ ...task, target }, []).target;
    expect(about({ type: "node-pool", id: "np1" })).toEqual({ id: "np1", type: "nodepool" });
    expect(about({ type: "node", id: "i-1" })).toEqual({ id: "i-1", type: "node" });
  });

  it("has an error when it failed, and no such member before", () => {
    expect(toAckTaskSummary(task)).not.toHaveProperty("error");
    expect(toAckTaskSummary({ ...task, state: "failed", error: "No disk." })).toMatchObject({
      error: { code: "TaskFailed", message: "No disk." },
    });
    expect(toAckTaskSummary({ ...task, state: "cancelled", error: "On request." })).toMatchObject({
      error: { code: "TaskCancelled" },
    });
  });

  it("shows its events", () => {
    expect(toAckTask(task, [event]).events).toMatchObject([
      { level: "warning", reason: "VersionDiffers", timestamp: at.toISOString() },
    ]);
  });

  it("leaves a log line of each event", () => {
    expect(toAckLog(event)).toMatchObject({
      ID: 7,
      cluster_id: `c${id}`,
      cluster_log: `c${id} | [WARNING] VersionDiffers: Another version.`,
    });
  });
});

describe("a node", () => {
  const node = keptNode();
  const billing = { chargeType: "PrePaid", months: 1, autoRenew: true, renewMonths: 1 } as const;
  const poolOf = (changes: Partial<NodePoolSpec>) => {
    const spec = newNodePool({ billing, ...changes });
    return { id: "np1", clusterId: id, name: "pool", spec, createdAt: at };
  };
  const pool = poolOf({});

  it.each([
    ["running", true, "Ready", "running"],
    ["running", false, "NotReady", "running"],
    ["running", undefined, "Unknown", "running"],
    ["creating", undefined, "Unknown", "pending"],
    ["creating", true, "Ready", "running"],
  ] as const)("of a cluster that is %s, with readiness %s, is %s and %s", (state, ready, nodeStatus, shown) => {
    expect(toAckNode(cluster({ state }), node, pool, ready)).toMatchObject({ node_status: nodeStatus, state: shown });
  });

  it("has what clients read without a check", () => {
    expect(toAckNode(cluster(), node, pool, true)).toMatchObject({
      ip_address: ["192.168.0.55"],
      instance_role: "Worker",
      instance_charge_type: "PrePaid",
      instance_type_family: "ecs.c6",
      expired_time: "2026-02-02T03:04:05.678Z",
    });
  });

  it("that is paid by use expires when the vendor's do", () => {
    const paidByUse = { chargeType: "PostPaid", months: undefined, autoRenew: false, renewMonths: undefined } as const;
    expect(toAckNode(cluster(), node, poolOf({ billing: paidByUse }), true).expired_time).toBe(
      "2099-12-31T15:59:00.000Z",
    );
  });

  it("that is a member of the control plane is a master, of no node pool", () => {
    expect(toAckNode(cluster(), node, poolOf({ role: "control-plane" }), true)).toMatchObject({
      instance_role: "Master",
      nodepool_id: "",
      instance_name: `master-k8s-for-cs-c${id}-0`,
    });
  });

  it.each([
    [true, "i-1"],
    [false, `worker-k8s-for-cs-c${id}-0`],
  ])("that was there before keeps its name: %s", (keepInstanceNames, name) => {
    const existing = keptNode({ existing: true });
    expect(toAckNode(cluster(), existing, poolOf({ keepInstanceNames }), true).instance_name).toBe(name);
  });
});
