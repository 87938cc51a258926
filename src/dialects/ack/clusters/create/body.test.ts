import { describe, expect, it } from "vitest";
import { addonCatalogue } from "../../../../core/clouds/alibaba/add-ons.ts";
import { describeViolation } from "../../../common/errors/violations.ts";
import type { Body } from "../../../common/parameters/testing/places.ts";
import { invalidParameters } from "../../invalid-parameters.ts";
import {
  dedicated,
  englishSample,
  sampleOf,
  smallest,
  withControlPlaneConfig,
  withNodePool,
  without,
  withWorkers,
} from "./testing/bodies.ts";
import { refused, violationsOf } from "./testing/validate.ts";

const terway = { addons: [{ name: "terway-eniip" }], pod_vswitch_ids: ["vsw-pod"], is_enterprise_security_group: true };
const prePaidWorkers = { ...withWorkers, worker_instance_charge_type: "PrePaid" };
const prePaidMasters = { ...dedicated, master_instance_charge_type: "PrePaid" };
const pool = (member: Body): Body => ({ nodepools: [member] });
const group = (member: Body): Body => pool({ scaling_group: member });

describe("a list with many more entries than it may have", () => {
  it("is refused as a whole", () => {
    const addons = Array.from({ length: 30_000 }, () => ({ name: "x" }));
    expect(refused({ ...smallest, addons })).toEqual(["addons"]);
  });
});

describe("what all groups of nodes have together", () => {
  /** As many pools of 100 nodes, and of one node. */
  const pools = (full: number, single = 0, group: Body = {}): Body => ({
    container_cidr: "10.0.0.0/8",
    node_cidr_mask: "24",
    nodepools: Array.from({ length: full + single }, (_, n) => ({ count: n < full ? 100 : 1, scaling_group: group })),
  });
  const disks = (length: number) => ({ data_disks: Array.from({ length }, () => ({ size: 40 })) });
  const rds = (length: number) => ({ rds_instances: Array.from({ length }, (_, n) => `rm-${n}`) });
  const tooManyNodes = (asked: number) =>
    `nodepools must ask for at most 1000 nodes in all, and ${asked} are asked for: make several clusters, or ask for fewer nodes`;

  it.each<[string, Body, unknown[]]>([
    ["1000 nodes", { ...smallest, ...pools(10) }, []],
    ["1001 nodes", { ...smallest, ...pools(10, 1) }, [tooManyNodes(1001)]],
    ["1000 nodes, and an instance that joins", { ...smallest, ...pools(10), instances: ["i-1"] }, [tooManyNodes(1001)]],
    ["10,000 nodes", { ...smallest, ...pools(100) }, [tooManyNodes(10_000)]],
    [
      "more pools than there may be",
      { ...smallest, ...pools(0, 101) },
      [expect.stringMatching(/^nodepools .* more than 100 items: make several clusters$/)],
    ],
    [
      "996 nodes and 5 masters",
      { ...dedicated, master_count: 5, ...pools(9, 91), instances: ["1", "2", "3", "4", "5"] },
      [tooManyNodes(1001)],
    ],
    ["a system disk and three others each", { ...smallest, ...pools(10, 0, disks(3)) }, []],
    [
      "a system disk and four others each",
      { ...smallest, ...pools(10, 0, disks(4)) },
      ["nodepools must ask for at most 4000 disks in all, and 5000 are asked for: ask for fewer disks or nodes"],
    ],
    ["20 RDS instances, the same for each pool", { ...smallest, ...pools(3, 0, rds(20)) }, []],
    [
      "21 RDS instances",
      { ...smallest, ...rds(21) },
      ["rds_instances must ask for at most 20 RDS instances in all, and 21 are asked for: name fewer of them"],
    ],
  ])("%s", (_what, body, told) => {
    expect(violationsOf(body).map(describeViolation)).toEqual(told);
  });

  it.each([
    ["num_of_nodes", { ...withWorkers, num_of_nodes: 101 }],
    ["nodepools[0].count", { ...smallest, ...pool({ count: 101 }) }],
    ["nodepools[0].scaling_group.desired_size", { ...smallest, ...group({ desired_size: 101 }) }],
  ])("a group of more than a hundred nodes is refused with the way to more of them: %s", (parameter, body) => {
    expect(violationsOf(body).map(describeViolation)).toEqual([
      `${parameter} 101 must be <= 100: ask for several node pools of at most 100 nodes each, in vSwitches that are large enough`,
    ]);
  });
});

describe("bodies that are accepted as they stand", () => {
  it.each([
    ["the documents' managed sample", sampleOf("managed")],
    ["the documents' dedicated sample", sampleOf("dedicated")],
    ["the English document's dedicated sample", englishSample()],
    ["a managed cluster without workers", smallest],
    ["a managed cluster with the documents' workers", withWorkers],
    ["a managed cluster with a node pool", withNodePool],
    ["a dedicated cluster", dedicated],
    ["a dedicated cluster as newer clients ask for it", withControlPlaneConfig],
  ])("%s", (_what, body) => {
    expect(refused(body, { strict: true })).toEqual([]);
  });

  it("Terraform's managed cluster, which sends a few empty members", () => {
    const body = {
      ...smallest,
      profile: "Default",
      tags: [],
      addons: [],
      node_cidr_mask: "24",
      snat_entry: true,
      endpoint_public_access: true,
      cluster_domain: "cluster.local",
      proxy_mode: "ipvs",
    };
    expect(refused(body)).toEqual([]);
  });

  it("an old client's dedicated cluster, which sends every member with an empty value", () => {
    const empty = {
      kubernetes_version: "",
      timeout_mins: 0,
      rds_instances: null,
      addons: null,
      runtime: { name: "", version: "" },
      maintenance_window: { enable: false, maintenance_time: "", duration: "", weekly_period: "" },
      master_instance_charge_type: "",
      master_period: 0,
      master_period_unit: "",
      master_auto_renew: false,
      worker_instance_types: null,
      worker_system_disk_category: "",
      worker_system_disk_size: 0,
      num_of_nodes: 0,
      taints: null,
      node_name_mode: "",
      cpu_policy: "",
      load_balancer_spec: "",
    };
    expect(refused({ ...dedicated, ...empty })).toEqual([]);
  });
});

describe("parameters that are mandatory", () => {
  it.each<[string, Body, string[]]>([
    ["in every request", {}, ["name", "region_id", "cluster_type"]],
    [
      "where the networks are there",
      { ...without(smallest, "vpcid"), service_cidr: "", vswitch_ids: [] },
      ["vpcid", "vswitch_ids", "service_cidr"],
    ],
    [
      "where vSwitches are named beside zones",
      { ...without(smallest, "vpcid"), zone_ids: ["cn-beijing-i"] },
      ["vpcid"],
    ],
    ["without the kind", without(smallest, "cluster_type"), ["cluster_type"]],
    ["with null", { ...smallest, name: null, vpcid: null }, ["name", "vpcid"]],
    ["with empty texts", { ...smallest, name: "", region_id: "" }, ["name", "region_id"]],
    ["with Flannel", without(smallest, "container_cidr"), ["container_cidr"]],
    ["with Terway", { ...smallest, ...terway, pod_vswitch_ids: [] }, ["pod_vswitch_ids"]],
    ["in a managed cluster", without(smallest, "vswitch_ids"), ["vswitch_ids"]],
    [
      "where workers are asked for by their number",
      { ...smallest, num_of_nodes: 1 },
      ["worker_instance_types", "worker_system_disk_category", "worker_system_disk_size", "key_pair"],
    ],
    [
      "where existing instances are workers",
      { ...withWorkers, num_of_nodes: undefined, instances: ["i-1"] },
      ["num_of_nodes"],
    ],
    [
      "where anything is said of workers",
      { ...smallest, worker_system_disk_size: 40 },
      ["num_of_nodes", "worker_instance_types", "worker_system_disk_category", "key_pair"],
    ],
    ["to log in to workers", without(withWorkers, "key_pair"), ["key_pair"]],
    [
      "in a dedicated cluster",
      without(dedicated, /^master_/, "key_pair"),
      ["master_system_disk_category", "master_system_disk_size", "key_pair"],
    ],
    [
      "in a dedicated cluster, for a client that sends control_plane_config",
      { ...withControlPlaneConfig, control_plane_config: { size: 3 } },
      [
        "control_plane_config.system_disk_category",
        "control_plane_config.system_disk_size",
        "control_plane_config.key_pair",
      ],
    ],
    ["of a runtime", { ...smallest, runtime: { name: "docker" } }, ["runtime.version"]],
    [
      "of a tag, a taint and an add-on",
      { ...smallest, tags: [{}], taints: [{}], addons: [{ name: "flannel" }, {}] },
      ["tags[0].key", "addons[1].name", "taints[0].key", "taints[0].effect"],
    ],
  ])("%s", (_what, body, names) => {
    expect(refused(body).toSorted()).toEqual(names.toSorted());
  });

  it.each<[string, Body]>([
    ["workers, where none are asked for", { ...smallest, num_of_nodes: 0 }],
    ["a key pair, where there is a password", { ...without(withWorkers, "key_pair"), login_password: "Hello1234" }],
    ["either, where node pools have the workers", { ...withNodePool, num_of_nodes: 2 }],
    ["vSwitches, where node pools name them", without(withNodePool, "vswitch_ids")],
    ["vSwitches by their documented name", { ...without(smallest, "vswitch_ids"), worker_vswitch_ids: ["vsw-1"] }],
    ["a password beside a key pair", { ...withWorkers, login_password: "Hello1234" }],
  ])("but not %s", (_what, body) => {
    expect(refused(body)).toEqual([]);
  });

  it("are named with the gateway's code where one is all that is wrong", () => {
    const [first, ...others] = violationsOf(without(sampleOf("managed"), "worker_instance_types"));
    expect(others).toEqual([]);
    expect(first && invalidParameters([first])).toMatchObject({ code: "MissingWorkerInstanceTypes" });
  });

  it("are said to be so with their usual value", () => {
    const said = violationsOf(without(dedicated, "master_system_disk_size")).map(describeViolation);
    expect(said).toEqual(["master_system_disk_size is mandatory: the usual value is 120"]);
  });
});

describe("the kind of cluster", () => {
  it("that is registered is refused in a whole sentence", () => {
    expect(violationsOf({ ...smallest, cluster_type: "ExternalKubernetes" }).map(describeViolation)).toEqual([
      'cluster_type "ExternalKubernetes" cannot be made here: registered clusters are not supported; ask for ManagedKubernetes or Kubernetes',
    ]);
  });

  it("says which document's rules hold", () => {
    const name = { name: "two words" };
    expect(refused({ ...smallest, ...name })).toEqual(["name"]);
    expect(refused({ ...dedicated, ...name })).toEqual([]);
  });
});

/** Without what is in a VPC that is there. */
const made: Body = { vpcid: "", vswitch_ids: [], service_cidr: "", container_cidr: "" };

describe("networks", () => {
  it.each<[string, Body, string[]]>([
    ["Service and Pod ranges overlap", { service_cidr: "172.20.16.0/20" }, ["service_cidr"]],
    ["they do so with Terway", { ...terway, service_cidr: "172.20.16.0/20" }, ["service_cidr"]],
    ["a share is wider than the Pod range", { node_cidr_mask: "15" }, ["node_cidr_mask"]],
    ["a share is too narrow", { node_cidr_mask: "31" }, ["node_cidr_mask"]],
    ["a share is 17 bits narrower", { container_cidr: "10.0.0.0/8", node_cidr_mask: "25" }, ["node_cidr_mask"]],
    ["the default share does not fit", { container_cidr: "172.20.0.0/26" }, ["container_cidr"]],
    ["no share is possible", { container_cidr: "172.20.0.0/31" }, ["container_cidr"]],
    [
      "there are fewer shares than nodes",
      { ...withWorkers, num_of_nodes: 5, node_cidr_mask: "18" },
      ["node_cidr_mask"],
    ],
    [
      "there are fewer default shares than nodes",
      { ...withWorkers, num_of_nodes: 5, container_cidr: "172.20.0.0/23" },
      ["container_cidr"],
    ],
  ])("are refused where %s", (_what, changes, names) => {
    expect(refused({ ...smallest, ...changes })).toEqual(names);
  });

  it.each<[string, Body]>([
    ["a share has room for every node", { ...withWorkers, num_of_nodes: 4, node_cidr_mask: "18" }],
    ["Terway has a group that exists", { ...terway, is_enterprise_security_group: false, security_group_id: "sg-1" }],
    ["Terway has no Pod range", { ...terway, container_cidr: undefined, node_cidr_mask: "24" }],
    ["only Pod vSwitches say that it is Terway", { ...terway, addons: undefined, container_cidr: undefined }],
    ["a Pod vSwitch is one of the nodes", { ...terway, pod_vswitch_ids: ["vsw-pod", "vsw-1"] }],
    ["Terway has no enterprise group", { ...terway, is_enterprise_security_group: false }],
    ["only the members' vSwitches are named", { vswitch_ids: [], master_vswitch_ids: ["a", "b", "c", "d"] }],
    ["networks are made in zones", { ...made, zone_ids: ["cn-beijing-i"] }],
    ["networks are made in one zone, as older clients name it", { ...made, zone_id: "cn-beijing-i" }],
    ["both kinds of security group are given", { security_group_id: "sg-1", is_enterprise_security_group: true }],
  ])("are accepted where %s", (_what, changes) => {
    expect(refused({ ...smallest, ...changes })).toEqual([]);
  });

  it("of a dedicated cluster take the masters for nodes", () => {
    expect(refused({ ...dedicated, node_cidr_mask: "17" })).toEqual(["node_cidr_mask"]);
  });

  it("of a dedicated cluster with Terway need no enterprise group", () => {
    expect(refused({ ...dedicated, ...terway, is_enterprise_security_group: false })).toEqual([]);
  });
});

describe("add-ons", () => {
  const addons = (...named: (string | Body)[]): Body => ({
    ...smallest,
    addons: named.map((addon) => (typeof addon === "string" ? { name: addon } : addon)),
  });

  it.each<[string, Body, string[]]>([
    ["two make the network", addons("flannel", "terway-eniip"), ["addons[1].name"]],
    ["the network's is disabled", addons({ name: "flannel", disabled: true }), ["addons[0].disabled"]],
    ["one is named twice", addons("flannel", "logtail-ds", "logtail-ds"), ["addons[2].name"]],
    ["one is named by two of its names", addons("flannel", "coredns", "managed-coredns"), ["addons[2].name"]],
    ["there is CSI beside flexvolume", addons("flannel", "csi-plugin", "flexvolume"), ["addons[2].name"]],
    ["one has a name that no object can have", addons("flannel", "no such"), ["addons[1].name"]],
    ["two that are unknown have one name of objects", addons("flannel", "a_b", "A-b"), ["addons[2].name"]],
  ])("are refused where %s", (_what, body, names) => {
    const found = refused({ ...body, pod_vswitch_ids: ["vsw-pod"], is_enterprise_security_group: true });
    expect(found).toEqual(names);
  });

  it("that are unknown are refused with the list of known ones where validation is strict", () => {
    expect(refused(addons("flannel", "no-such"))).toEqual([]);
    const [said = ""] = violationsOf(addons("flannel", "no-such"), { strict: true }).map(describeViolation);
    expect(said).toMatch(/^addons\[1\]\.name "no-such" must be one of /);
    for (const { name } of addonCatalogue.addons) expect(said).toContain(name);
  });

  it("may be named while they are disabled, beside what they exclude", () => {
    expect(refused(addons("flannel", "flexvolume", { name: "csi-plugin", disabled: true }))).toEqual([]);
  });
});

describe("subscriptions", () => {
  it.each<[string, Body, string[]]>([
    ["workers have no unit", { ...prePaidWorkers, worker_auto_renew_period: 1 }, ["worker_period_unit"]],
    ["workers have no renewal", { ...prePaidWorkers, worker_period_unit: "Month" }, ["worker_auto_renew_period"]],
    ["masters have no unit", prePaidMasters, ["master_period_unit"]],
    [
      "masters in the newer way have no unit",
      {
        ...withControlPlaneConfig,
        control_plane_config: { ...(withControlPlaneConfig.control_plane_config as Body), charge_type: "PrePaid" },
      },
      ["control_plane_config.period_unit"],
    ],
  ])("are refused where %s", (_what, body, names) => {
    expect(refused(body)).toEqual(names);
  });

  it.each<[string, Body]>([
    ["workers are not renewed", { ...prePaidWorkers, worker_period_unit: "Month", worker_auto_renew: false }],
    ["masters leave out what has a default", { ...prePaidMasters, master_period_unit: "Month" }],
    ["node pools leave everything out", { ...withNodePool, ...group({ instance_charge_type: "PrePaid" }) }],
    ["nothing is subscribed to", { ...withWorkers, worker_period: 12 }],
  ])("are accepted where %s", (_what, body) => {
    expect(refused(body)).toEqual([]);
  });
});

describe("nodes", () => {
  it.each<[string, Body, string[]]>([
    ["an instance joins twice", { ...withWorkers, instances: ["i-1", "i-2", "i-1"] }, ["instances[2]"]],
    ["a tag is given twice", { ...smallest, tags: [{ key: "a" }, { key: "b" }, { key: "a" }] }, ["tags[2].key"]],
    [
      "a pool's tag is given twice",
      { ...withNodePool, ...group({ tags: [{ key: "a" }, { key: "a" }] }) },
      ["nodepools[0].scaling_group.tags[1].key"],
    ],
    [
      "a taint is given twice",
      {
        ...smallest,
        taints: [
          { key: "a", effect: "NoSchedule" },
          { key: "a", value: "x", effect: "NoSchedule" },
        ],
      },
      ["taints[1].key"],
    ],
    [
      "there are more kinds of masters than masters",
      { ...dedicated, master_instance_types: ["a", "b", "c", "d"] },
      ["master_instance_types"],
    ],
    [
      "the same in the newer way",
      {
        ...withControlPlaneConfig,
        control_plane_config: {
          ...(withControlPlaneConfig.control_plane_config as Body),
          instance_types: ["a", "b", "c", "d"],
        },
      },
      ["control_plane_config.instance_types"],
    ],
    [
      "a pool's bounds are out of order",
      { ...withNodePool, ...pool({ auto_scaling: { enable: true, min_instances: 2, max_instances: 1 } }) },
      ["nodepools[0].auto_scaling.min_instances"],
    ],
  ])("are refused where %s", (_what, body, names) => {
    expect(refused(body)).toEqual(names);
  });

  it("may be as many kinds of masters as there are masters", () => {
    const types = ["a", "b", "c", "d"];
    expect(refused({ ...dedicated, master_count: 5, master_instance_types: types })).toEqual([]);
  });

  it("have no bounds in a pool that is not scaled and sends none", () => {
    const body = { ...withNodePool, ...pool({ auto_scaling: { enable: false, min_instances: 1, max_instances: 0 } }) };
    expect(refused(body)).toEqual([]);
  });
});

describe("what a body says in two ways", () => {
  const twice = (parameter: string, newer: string, body: Body) => {
    const said = violationsOf(body).map(describeViolation);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(parameter);
    expect(said[0]).toContain(newer);
  };

  it.each<[string, unknown, string, unknown]>([
    ["master_count", 3, "size", 5],
    ["master_instance_types", ["ecs.c6.large"], "instance_types", ["ecs.g6.large"]],
    ["master_system_disk_category", "cloud_ssd", "system_disk_category", "cloud_essd"],
    ["master_system_disk_size", 120, "system_disk_size", 40],
    ["master_system_disk_performance_level", "PL1", "system_disk_performance_level", "PL2"],
    ["master_system_disk_snapshot_policy_id", "sp-1", "system_disk_snapshot_policy_id", "sp-2"],
    ["master_instance_charge_type", "PostPaid", "charge_type", "PrePaid"],
    ["master_period_unit", "Month", "period_unit", undefined],
    ["master_period", 1, "period", 2],
    ["master_auto_renew", true, "auto_renew", false],
    ["master_auto_renew_period", 1, "auto_renew_period", 2],
    ["key_pair", "one", "key_pair", "two"],
    ["login_password", "Hello1234", "login_password", "Hello5678"],
  ])("is refused with both names where it differs: %s", (flat, value, member, other) => {
    const body = { ...dedicated, [flat]: value, control_plane_config: { [member]: value } };
    expect(refused(body)).toEqual([]);
    if (other !== undefined)
      twice(flat, `control_plane_config.${member}`, { ...body, control_plane_config: { [member]: other } });
  });

  it("does not count in a managed cluster, whose own login is to the workers", () => {
    expect(refused({ ...withWorkers, control_plane_config: { key_pair: "other", size: 5 } })).toEqual([]);
  });

  it.each<[string, unknown, Body, Body, string]>([
    [
      "enable_rrsa",
      true,
      { rrsa_config: { enabled: true } },
      { rrsa_config: { enabled: false } },
      "rrsa_config.enabled",
    ],
    ["custom_san", "a.org,10.0.0.1", { extra_sans: ["10.0.0.1", "a.org"] }, { extra_sans: ["a.org"] }, "extra_sans"],
    [
      "vswitch_ids",
      ["vsw-1"],
      { worker_vswitch_ids: ["vsw-1"] },
      { worker_vswitch_ids: ["vsw-2"] },
      "worker_vswitch_ids",
    ],
  ])("is refused with both names where it differs: %s", (flat, value, same, other, newer) => {
    const body = { ...smallest, [flat]: value };
    expect(refused({ ...body, ...same })).toEqual([]);
    twice(flat, newer, { ...body, ...other });
  });

  it.each<[string, unknown, string, unknown]>([
    ["worker_instance_types", ["ecs.c6.large"], "instance_types", ["ecs.g6.large"]],
    ["worker_system_disk_category", "cloud_ssd", "system_disk_category", "cloud_essd"],
    ["worker_system_disk_size", 120, "system_disk_size", 40],
    ["worker_system_disk_performance_level", "PL1", "system_disk_performance_level", "PL2"],
    ["worker_system_disk_snapshot_policy_id", "sp-1", "system_disk_snapshot_policy_id", "sp-2"],
    ["worker_data_disks", [{ size: "40" }], "data_disks", [{ size: 41 }]],
    ["worker_instance_charge_type", "PostPaid", "instance_charge_type", "PrePaid"],
    ["worker_period", 1, "period", 2],
    ["worker_auto_renew", true, "auto_renew", false],
    ["worker_auto_renew_period", 1, "auto_renew_period", 2],
  ])("is refused with both names where a node pool differs: %s", (flat, value, member, other) => {
    const body = { ...smallest, [flat]: value };
    expect(refused({ ...body, ...group({ [member]: value }) })).toEqual([]);
    twice(flat, `nodepools[0].scaling_group.${member}`, { ...body, ...group({ [member]: other }) });
  });

  it("is refused where the number of nodes differs", () => {
    const pools = { nodepools: [{ count: 1 }, { scaling_group: { desired_size: 2 } }] };
    expect(refused({ ...smallest, ...pools, num_of_nodes: 3 })).toEqual([]);
    twice("num_of_nodes", "nodepools[0] and nodepools[1]", { ...smallest, ...pools, num_of_nodes: 2 });
  });
});

describe("unknown fields", () => {
  const body = {
    ...smallest,
    shoe_size: 43,
    tags: [{ key: "a", colour: "red" }],
    control_plane_endpoints_config: { internal_dns_config: { bind_vpcs: [] } },
  };

  it("are accepted", () => {
    expect(refused(body)).toEqual([]);
  });

  it("are refused by the strict check, at any depth", () => {
    expect(refused(body, { strict: true })).toEqual(["shoe_size", "tags[0].colour"]);
  });
});

describe("messages", () => {
  it("never have a password or a script in them", () => {
    const secret = "hunter2";
    const body = {
      ...sampleOf("dedicated"),
      login_password: secret,
      user_data: `${secret}!`,
      control_plane_config: { login_password: `${secret}${secret}` },
      nodepools: [{ scaling_group: { login_password: secret }, kubernetes_config: { user_data: `${secret}?` } }],
    };
    const said = violationsOf(body).map(describeViolation);
    expect(said.map((text) => text.split(" ")[0])).toEqual(
      expect.arrayContaining([
        "login_password",
        "user_data",
        "control_plane_config.login_password",
        "nodepools[0].scaling_group.login_password",
        "nodepools[0].kubernetes_config.user_data",
      ]),
    );
    expect(said.join("\n")).not.toContain(secret);
  });

  it("tell everything at once, what the schema finds and what the other rules find", () => {
    const body = {
      ...withWorkers,
      num_of_nodes: "many",
      timezone: "Mars",
      service_cidr: "172.20.0.0/16",
      key_pair: "",
    };
    expect(refused(body)).toEqual(["num_of_nodes", "timezone", "service_cidr", "key_pair"]);
  });
});
