import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCreateCluster } from "./testing/validate.ts";
import { toNewCluster } from "./to-core.ts";

/** A body as the wire has it. */
type Body = Record<string, unknown>;

const readSample = (path: string): Body =>
  JSON.parse(readFileSync(new URL(`../../../../../${path}`, import.meta.url), "utf8"));
const managedSample = readSample("examples/ack-managed-cluster.json");
const dedicatedSample = readSample("examples/ack-dedicated-cluster.json");

/** The least that makes a cluster: one without workers. */
const smallest: Body = {
  name: "demo",
  region_id: "cn-beijing",
  cluster_type: "ManagedKubernetes",
  vpcid: "vpc-1",
  vswitch_ids: ["vsw-1"],
  container_cidr: "172.20.0.0/16",
  service_cidr: "172.21.0.0/20",
};

const translate = (body: Body, disableRollbackMeaning: "text" | "name" = "text") =>
  toNewCluster("default", readCreateCluster(body), { disableRollbackMeaning, inventory: "implicit" });
const specOf = (changes: Body) => translate({ ...smallest, ...changes }).spec;
const dedicated = (changes: Body = {}) => translate({ ...smallest, cluster_type: "Kubernetes", ...changes });
/** The pool that a request of one node pool makes. */
const poolOf = (pool: Body, changes: Body = {}) =>
  translate({ ...smallest, ...changes, nodepools: [pool] }).nodePools[0];

describe("the documented sample of a managed cluster", () => {
  const { spec, nodePools, name, region, secrets, request } = translate(managedSample);

  it("says this in the core's words", () => {
    expect({ name, region }).toEqual({ name: "ACK托管版", region: "cn-zhangjiakou" });
    expect(spec).toMatchObject({
      kind: "managed",
      members: 1,
      requestedVersion: "1.18.8-aliyun.1",
      kubernetesVersion: "1.18.8",
      network: {
        vpcId: "vpc-8vbh3b9a2f38urhls****",
        vswitchIds: ["vsw-8vbmoffowsztjaawj****"],
        podVswitchIds: [],
        plugin: "flannel",
        podCidr: "172.20.0.0/16",
        nodeCidrMask: 26,
        serviceCidr: "172.21.0.0/20",
        proxyMode: "ipvs",
        clusterDomain: "cluster.local",
        securityGroupId: "sg-8vb7grbyvlb10j0i****",
      },
      apiServer: {
        extraSans: ["cs.aliyuncs.com"],
        serviceAccountIssuer: "kubernetes.default.svc",
        apiAudiences: ["kubernetes.default.svc"],
        publicEndpoint: true,
        rrsa: undefined,
      },
      secretEncryptionKeyId: "8734596c-c0d6-4a63-a76e-fe72c7b0****",
      cloud: { snat: true, monitoring: true, publicSsh: false },
      timezone: "Asia/Shanghai",
      deletionProtection: true,
      tags: { "tag-k": "tag-v" },
      creation: { timeoutMinutes: 60, rollback: true },
    });
  });

  it("has one pool of workers", () => {
    expect(nodePools).toMatchObject([
      {
        role: "worker",
        size: 3,
        instances: ["i-dewgagxdfa****", "i-3kjaf9q43l****"],
        instanceTypes: ["ecs.t6-c1m4.large"],
        vswitchPolicy: "balance",
        systemDisk: { category: "cloud_essd", sizeGiB: 120 },
        taints: [{ key: "1", value: "1", effect: "NoSchedule" }],
        runtime: { name: "docker", version: "19.03.5" },
        platform: "AliyunLinux",
        nodeName: { prefix: "aliyun.com", address: 5, suffix: "k8s" },
        billing: { chargeType: "PrePaid", months: 1, autoRenew: true, renewMonths: 1 },
        monitoring: true,
      },
    ]);
  });

  it("keeps the password apart from what is kept in clear, where only its being there is told", () => {
    expect(secrets).toEqual({ "login-password": "Hello1234" });
    expect(JSON.stringify({ spec, nodePools, request })).not.toContain("Hello1234");
    expect(request).toMatchObject({ key_pair: "sin-name", login_password: "******" });
  });
});

describe("the documented sample of a dedicated cluster", () => {
  const { spec, nodePools, secrets, request } = translate(dedicatedSample);
  const [masters, pool] = nodePools;

  it("says this in the core's words", () => {
    expect(nodePools).toHaveLength(2);
    expect(spec).toMatchObject({
      kind: "dedicated",
      members: 3,
      network: { vswitchIds: ["vsw-wz9mfnhmssud6eicu****"], nodeCidrMask: 26 },
      secretEncryptionKeyId: undefined,
      cloud: { snat: true, loadBalancerSpec: "slb.s2.small", publicSsh: true, resourceGroupId: "rg-acfm3mkrure****" },
      apiServer: { rrsa: { audience: "sts.aliyuncs.com" }, serviceAccountIssuer: "kubernetes.default.svc" },
      creation: { rollback: true },
    });
  });

  it("has three masters", () => {
    expect(masters).toMatchObject({
      role: "control-plane",
      size: 3,
      instanceTypes: ["ecs.c6.large", "ecs.c6.large", "ecs.c6.large"],
      vswitchIds: ["vsw-8vbmoffowsztjaawjtyzo", "vsw-8vbmoffowsztjaawjtyzo", "vsw-8vbmoffowsztjaawjtyzo"],
      systemDisk: {
        category: "cloud_essd",
        sizeGiB: 120,
        performanceLevel: "PL1",
        snapshotPolicyId: "sp-2zej1nogjvovnz4z****",
      },
      billing: { chargeType: "PrePaid", months: 1, autoRenew: true, renewMonths: 1 },
      keyPair: "sin-name",
      platform: "CentOS",
      imageId: "m-bp16z7xko3vvv8gt****",
    });
    expect(masters?.labels).toEqual({
      "node-role.kubernetes.io/control-plane": "",
      "node-role.kubernetes.io/master": "",
    });
    expect(masters?.taints).toContainEqual({
      key: "node-role.kubernetes.io/master",
      value: "",
      effect: "NoSchedule",
    });
  });

  it("has a pool of one worker with a mind of its own", () => {
    expect(pool).toMatchObject({
      name: "cluster-demo",
      role: "worker",
      size: 1,
      instanceTypes: ["ecs.d1ne.2xlarge"],
      vswitchIds: ["vsw-wz9mfnhmssud6eicu****"],
      labels: { env: "prod" },
      taints: [{ key: "key", value: "value", effect: "NoSchedule" }],
      nodeName: { prefix: "aliyun.com", address: 5, suffix: "test" },
      userData: "this is a example",
      systemDisk: { category: "cloud_efficiency", sizeGiB: 120 },
      dataDisks: [{ category: "cloud_ssd", sizeGiB: 40, encrypted: true, snapshotPolicyId: "sp-2zej1nogjvovnz4z****" }],
      platform: "AliyunLinux",
      imageId: "aliyun_2_1903_x64_20G_alibase_20200529.vhd",
      keyPair: "np-key-name",
      securityGroupIds: ["sg-wz9a8g2mt6x5llu0****"],
      rdsInstances: ["rm-xx", "rds-****"],
      instanceTags: { "node-k-1": "node-v-1" },
      autoScaling: { min: 1, max: 10 },
      publicAddress: true,
      monitoring: true,
      confidential: true,
      deploymentSetId: "ds-bp1d19mmbsv3jf6xxxxx",
    });
    // Levels are of ESSD disks alone.
    expect(pool?.systemDisk).not.toHaveProperty("performanceLevel");
  });

  it("keeps every password apart", () => {
    expect(secrets).toEqual({ "login-password": "Hello1234", "node-pool/0/login-password": "Hello1234" });
    expect(JSON.stringify({ spec, nodePools, request })).not.toContain("Hello1234");
  });
});

describe("what a request leaves out", () => {
  it("has the documented default of managed clusters", () => {
    const { spec, nodePools } = translate(smallest);
    expect(spec).toMatchObject({
      requestedVersion: undefined,
      kubernetesVersion: undefined,
      network: { nodeCidrMask: 25, proxyMode: "ipvs", clusterDomain: "cluster.local", enterpriseSecurityGroup: false },
      apiServer: {
        serviceAccountIssuer: "https://kubernetes.default.svc",
        apiAudiences: ["https://kubernetes.default.svc"],
        publicEndpoint: true,
      },
      cloud: { snat: false, publicSsh: false, monitoring: false },
      deletionProtection: false,
      creation: { timeoutMinutes: 60, rollback: false },
    });
    expect(nodePools).toMatchObject([
      {
        size: 0,
        runtime: { name: "docker", version: "19.03.5" },
        billing: { chargeType: "PostPaid" },
        platform: "CentOS",
        systemDisk: { category: "cloud_ssd", sizeGiB: 120 },
        dataDisks: [],
        cpuPolicy: "none",
        keepInstanceNames: true,
        operatingSystem: "linux",
      },
    ]);
  });

  it("has that of dedicated clusters", () => {
    const { spec, nodePools } = dedicated();
    expect(spec).toMatchObject({
      members: 3,
      network: { nodeCidrMask: 26, enterpriseSecurityGroup: true },
      cloud: { snat: true, loadBalancerSpec: "slb.s2.small", publicSsh: false },
      creation: { rollback: true },
    });
    expect(nodePools).toMatchObject([
      {
        role: "control-plane",
        size: 3,
        vswitchIds: ["vsw-1"],
        instanceTypes: ["ecs.c6.xlarge"],
        systemDisk: { category: "cloud_ssd", sizeGiB: 120 },
      },
    ]);
  });

  it("and so has what an old client sends with an empty value", () => {
    const empty = {
      kubernetes_version: "",
      node_cidr_mask: "",
      proxy_mode: "",
      timeout_mins: 0,
      runtime: { name: "", version: "" },
    };
    expect(translate({ ...smallest, ...empty })).toEqual({
      ...translate(smallest),
      request: { ...smallest, ...empty },
    });
  });
});

describe("disable_rollback", () => {
  it.each([
    // As the documents' text has it.
    ["ManagedKubernetes", "text", undefined, false],
    ["ManagedKubernetes", "text", true, true],
    ["ManagedKubernetes", "text", false, false],
    ["Kubernetes", "text", undefined, true],
    // As its name says.
    ["ManagedKubernetes", "name", undefined, true],
    ["ManagedKubernetes", "name", true, false],
    ["Kubernetes", "name", undefined, false],
    ["Kubernetes", "name", false, true],
  ] as const)("of %s, read by its %s: %j rolls back: %s", (clusterType, meaning, disableRollback, rollback) => {
    const { spec } = translate({ ...smallest, cluster_type: clusterType, disable_rollback: disableRollback }, meaning);
    expect(spec.creation.rollback).toBe(rollback);
  });
});

describe("the API server", () => {
  it.each([
    [{ custom_san: "a.example, 10.0.0.1,a.example" }, ["a.example", "10.0.0.1"]],
    [{ extra_sans: ["b.example", "10.0.0.1", "b.example"] }, ["b.example", "10.0.0.1"]],
    [{ custom_san: "a.example,10.0.0.1", extra_sans: ["10.0.0.1", "a.example"] }, ["a.example", "10.0.0.1"]],
  ])("gets the names of %j, each once", (names, extraSans) => {
    expect(specOf(names).apiServer.extraSans).toEqual(extraSans);
  });

  it.each([
    [{}, false, "https://kubernetes.default.svc"],
    [{ enable_rrsa: true }, true, undefined],
    [{ enable_rrsa: true, service_account_issuer: "https://a.test" }, true, "https://a.test"],
    [{ enable_rrsa: false, rrsa_config: { enabled: false } }, false, "https://kubernetes.default.svc"],
  ])("of %j gives service accounts RAM roles: %s, and their tokens the issuer %s", (changes, hasRoles, issuer) => {
    const { rrsa, serviceAccountIssuer } = specOf(changes).apiServer;
    expect([rrsa !== undefined, serviceAccountIssuer]).toEqual([hasRoles, issuer]);
  });

  it("has tokens that the service publishes the keys of, where RAM roles are asked for and no issuer is", () => {
    expect(specOf({ rrsa_config: { enabled: true } }).apiServer).toMatchObject({
      serviceAccountIssuer: undefined,
      rrsa: { audience: "sts.aliyuncs.com" },
    });
  });
});

describe("Secrets", () => {
  it.each([
    ["ack.pro.small", "key-1"],
    ["ack.pro.xlarge", "key-1"],
    ["ack.standard", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("of a cluster of tier %j are encrypted with %j", (clusterSpec, keyId) => {
    expect(specOf({ cluster_spec: clusterSpec, encryption_provider_key: "key-1" }).secretEncryptionKeyId).toBe(keyId);
  });
});

describe("workers by the cluster's own fields", () => {
  it.each([
    [3, 2, 3],
    [1, 2, 2],
    [0, 2, 2],
    [2, 0, 2],
  ])("num_of_nodes %i with %i instances makes %i", (numOfNodes, named, size) => {
    const instances = Array.from({ length: named }, (_, n) => `i-${n}`);
    expect(translate({ ...smallest, num_of_nodes: numOfNodes, instances }).nodePools[0]?.size).toBe(size);
  });

  it("take the outdated fields of a data disk for a disk, unless there is a list", () => {
    const outdated = { num_of_nodes: 1, worker_data_disk_category: "cloud", worker_data_disk_size: 50 };
    const disksOf = (changes: Body) => translate({ ...smallest, ...outdated, ...changes }).nodePools[0]?.dataDisks;
    expect(disksOf({})).toEqual([{ category: "cloud", sizeGiB: 50, encrypted: false }]);
    expect(disksOf({ worker_data_disks: [{ size: 40 }] })).toEqual([
      { category: "cloud_efficiency", sizeGiB: 40, encrypted: false },
    ]);
  });

  it("are the same as those of node pools, but for instances that join", () => {
    const both = { ...smallest, num_of_nodes: 2, nodepools: [{ count: 2 }] };
    expect(translate(both).nodePools.map(({ size }) => size)).toEqual([2]);
    expect(translate({ ...both, instances: ["i-1"] }).nodePools.map(({ size }) => size)).toEqual([1, 2]);
  });

  it("are not there where only node pools were asked for", () => {
    expect(translate({ ...smallest, nodepools: [{ count: 2 }] }).nodePools).toHaveLength(1);
  });
});

describe("a node pool", () => {
  it.each([
    [{ count: 2, scaling_group: { desired_size: 5 } }, 2],
    [{ scaling_group: { desired_size: 5 } }, 5],
    [{ count: 0, scaling_group: { desired_size: 5 } }, 0],
    [{}, 0],
    [{ count: 1, auto_scaling: { enable: true, min_instances: 2, max_instances: 4 } }, 2],
    [{ count: 9, auto_scaling: { enable: true, min_instances: 2, max_instances: 4 } }, 4],
    [{ count: 9, auto_scaling: { enable: false, min_instances: 2, max_instances: 4 } }, 9],
  ])("of %j has %i nodes", (pool, size) => {
    expect(poolOf(pool)?.size).toBe(size);
  });

  it("takes from the cluster what it does not say", () => {
    const cluster = {
      key_pair: "key",
      runtime: { name: "containerd", version: "1.6.20" },
      image_id: "m-1",
      node_name_mode: "customized,node,ip,x",
      cloud_monitor_flags: true,
      rds_instances: ["rm-1"],
    };
    expect(poolOf({ count: 1 }, cluster)).toMatchObject({
      name: "nodepool-1",
      keyPair: "key",
      runtime: { name: "containerd", version: "1.6.20" },
      imageId: "m-1",
      nodeName: { prefix: "node", address: "ip", suffix: "x" },
      vswitchIds: ["vsw-1"],
      monitoring: true,
      rdsInstances: ["rm-1"],
    });
  });

  it.each([
    [{ security_group_id: "sg-1" }, ["sg-1"]],
    [{ security_group_id: "sg-1", security_group_ids: ["sg-2", "sg-3"] }, ["sg-2", "sg-3"]],
    [{}, []],
  ])("with %j has the security groups %j", (scalingGroup, groups) => {
    expect(poolOf({ scaling_group: scalingGroup })?.securityGroupIds).toEqual(groups);
  });

  it.each([
    ["PRIORITY", "priority"],
    ["BALANCE", "balance"],
    ["COST_OPTIMIZED", "balance"],
    [undefined, "balance"],
  ])("with the policy %j spreads its nodes by %s", (multiAzPolicy, policy) => {
    expect(poolOf({ scaling_group: { multi_az_policy: multiAzPolicy } })?.vswitchPolicy).toBe(policy);
  });

  it.each([
    [{ image_type: "AliyunLinux3Arm64" }, "linux", "arm64"],
    [{ image_type: "WindowsCore" }, "windows", "amd64"],
    [{ platform: "AliyunLinux" }, "linux", "amd64"],
  ])("of the image %j runs %s on %s", (scalingGroup, operatingSystem, architecture) => {
    expect(poolOf({ scaling_group: scalingGroup })).toMatchObject({ operatingSystem, architecture });
  });
});

describe("masters", () => {
  it("run Linux, whatever the workers do", () => {
    const { nodePools } = dedicated({ os_type: "Windows", nodepools: [{ count: 1 }] });
    expect(nodePools.map(({ operatingSystem }) => operatingSystem)).toEqual(["linux", "windows"]);
  });
});

describe("masters as newer clients ask for them", () => {
  it("mean the same", () => {
    const newer = {
      control_plane_config: {
        size: 5,
        instance_types: ["ecs.g6.large"],
        system_disk_category: "cloud_ssd",
        system_disk_size: 60,
        charge_type: "PrePaid",
        period: 3,
        key_pair: "key",
        login_password: "Hello1234",
      },
    };
    const { spec, nodePools, secrets, request } = dedicated(newer);
    expect(spec.members).toBe(5);
    expect(nodePools).toMatchObject([
      {
        size: 5,
        instanceTypes: ["ecs.g6.large"],
        systemDisk: { category: "cloud_ssd", sizeGiB: 60 },
        billing: { chargeType: "PrePaid", months: 3 },
        keyPair: "key",
      },
    ]);
    expect(secrets).toEqual({ "login-password": "Hello1234" });
    expect(JSON.stringify(request)).not.toContain("Hello1234");
  });
});

describe("the distribution of the nodes", () => {
  it.each([
    [{}, "CentOS"],
    [{ platform: "AliyunLinux" }, "AliyunLinux"],
    [{ image_type: "ContainerOS" }, "ContainerOS"],
    [{ platform: "AliyunLinux", image_type: "ContainerOS" }, "ContainerOS"],
  ])("of %j is %s", (asked, platform) => {
    expect(translate({ ...smallest, ...asked }).nodePools[0]?.platform).toBe(platform);
  });
});

describe("the audit log", () => {
  const logAddon = (changes: Body) => specOf(changes).addons.find(({ name }) => name === "logtail-ds");

  it("comes with its add-on, or with the field of newer clients", () => {
    expect(logAddon({ addons: [{ name: "flannel" }, { name: "logtail-ds" }] })?.disabled).toBe(false);
    const newer = { audit_log_config: { enabled: true, sls_project_name: "logs" } };
    expect(logAddon(newer)?.config).toBe('{"sls_project_name":"logs"}');
    expect(logAddon({})).toBeUndefined();
  });
});
