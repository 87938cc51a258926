import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toNewCluster } from "./create-cluster-request.ts";
import { checkCreateCluster } from "./create-cluster-rules.ts";
import type { CreateClusterBody } from "./schemas.ts";

const sample: CreateClusterBody = JSON.parse(
  readFileSync(new URL("../../../examples/ack-managed-cluster.json", import.meta.url), "utf8"),
);

/** The least that makes a cluster: one without workers. */
const smallest: CreateClusterBody = {
  name: "demo",
  region_id: "cn-beijing",
  cluster_type: "ManagedKubernetes",
  vpcid: "vpc-1",
  vswitch_ids: ["vsw-1"],
  container_cidr: "172.20.0.0/16",
  service_cidr: "172.21.0.0/20",
};

const withWorkers: CreateClusterBody = {
  ...smallest,
  num_of_nodes: 2,
  worker_instance_types: ["ecs.c6.large"],
  worker_system_disk_category: "cloud_ssd",
  worker_system_disk_size: 120,
  key_pair: "key",
};

const translate = (body: CreateClusterBody) => toNewCluster("default", body, { ...body });

describe("the documented sample", () => {
  it("breaks no rule", () => {
    expect(checkCreateCluster(sample)).toEqual([]);
  });

  it("says this in the core's words", () => {
    const { spec, nodePools, name, region } = translate(sample);
    expect({ name, region }).toEqual({ name: "ACK托管版", region: "cn-zhangjiakou" });
    expect(spec).toEqual({
      kind: "managed",
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
      },
      timezone: "Asia/Shanghai",
      deletionProtection: true,
      tags: { "tag-k": "tag-v" },
      creation: { timeoutMinutes: 60, rollback: true },
    });
    expect(nodePools).toMatchObject([
      {
        size: 3,
        instances: ["i-dewgagxdfa****", "i-3kjaf9q43l****"],
        instanceTypes: ["ecs.t6-c1m4.large"],
        systemDisk: { category: "cloud_essd", sizeGiB: 120 },
        taints: [{ key: "1", value: "1", effect: "NoSchedule" }],
        runtime: { name: "docker", version: "19.03.5" },
        platform: "AliyunLinux",
        nodeName: { prefix: "aliyun.com", address: 5, suffix: "k8s" },
      },
    ]);
  });

  it("keeps the password apart from what is kept in clear", () => {
    const wanted = translate(sample);
    expect(wanted.secrets).toEqual({ "login-password": "Hello1234" });
    expect(JSON.stringify({ ...wanted, secrets: {} })).not.toContain("Hello1234");
    expect(wanted.request).toMatchObject({ key_pair: "sin-name", vpcid: "vpc-8vbh3b9a2f38urhls****" });
  });
});

describe("what a request leaves out", () => {
  it("has the documented default", () => {
    const { spec, nodePools } = translate(smallest);
    expect(spec).toMatchObject({
      requestedVersion: undefined,
      kubernetesVersion: undefined,
      network: { nodeCidrMask: 25, proxyMode: "ipvs", clusterDomain: "cluster.local" },
      apiServer: {
        serviceAccountIssuer: "https://kubernetes.default.svc",
        apiAudiences: ["https://kubernetes.default.svc"],
      },
      deletionProtection: false,
      creation: { timeoutMinutes: 60, rollback: false },
    });
    expect(nodePools).toMatchObject([
      { size: 0, runtime: { name: "docker" }, chargeType: "PostPaid", platform: "CentOS" },
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

describe("what the user is told", () => {
  it("is which fields have no effect, and which instance types are not known", () => {
    const { remarks } = translate({
      ...withWorkers,
      worker_instance_types: ["ecs.x.large"],
      shoe_size: 43,
    } as CreateClusterBody);
    expect(remarks).toEqual([
      "These fields are not known and have no effect: shoe_size.",
      "Instance type ecs.x.large is not known; a node of it would have 4 CPUs and 8 GiB of memory.",
    ]);
  });
});

describe("rules", () => {
  const refused = (changes: Partial<CreateClusterBody>): string[] =>
    checkCreateCluster({ ...withWorkers, ...changes }).map(({ parameter }) => parameter);

  it.each<[Partial<CreateClusterBody>]>([
    [{}],
    [{ name: "集群-1" }],
    [{ name: "a".repeat(63) }],
    [{ kubernetes_version: "1.20.4" }],
    [{ kubernetes_version: "1.32" }],
    [{ node_cidr_mask: "16" }],
    [{ node_cidr_mask: "30" }],
    [{ timezone: "UTC" }],
    [{ cluster_domain: "a.b-c.d1" }],
    [{ custom_san: "10.0.0.1, *.example.org,fd00::1" }],
    [{ service_account_issuer: "https://issuer.example" }],
    [{ node_name_mode: "customized,aliyun.com,ip,test" }],
    [{ node_name_mode: "aliyun.com00055test" }],
    [{ key_pair: undefined, login_password: "Hello1234" }],
    [{ worker_system_disk_size: 40 }],
    [{ container_cidr: undefined, pod_vswitch_ids: ["vsw-pod"] }],
    [{ container_cidr: undefined, addons: [{ name: "terway-eniip" }], pod_vswitch_ids: ["vsw-pod"] }],
    [{ num_of_nodes: 0, worker_instance_types: undefined, key_pair: undefined }],
  ])("accept %j", (changes) => {
    expect(refused(changes)).toEqual([]);
  });

  it.each<[Partial<CreateClusterBody>, string[]]>([
    [{ name: "" }, ["name"]],
    [{ name: "-demo" }, ["name"]],
    [{ name: "a b" }, ["name"]],
    [{ name: "a".repeat(64) }, ["name"]],
    [{ region_id: "", vpcid: "" }, ["region_id", "vpcid"]],
    [{ cluster_spec: "ack.mega" }, ["cluster_spec"]],
    [{ kubernetes_version: "newest" }, ["kubernetes_version"]],
    [{ kubernetes_version: "1.20.4-aliyun" }, ["kubernetes_version"]],
    [{ timezone: "Mars/Olympus" }, ["timezone"]],
    [{ timezone: "+08:00" }, ["timezone"]],
    [{ cluster_domain: "Cluster.local" }, ["cluster_domain"]],
    [{ cluster_domain: "-a.b" }, ["cluster_domain"]],
    [{ custom_san: "cs.aliyun.com,,x" }, ["custom_san"]],
    [{ service_account_issuer: "a:b c" }, []],
    [{ service_account_issuer: ":nothing" }, ["service_account_issuer"]],
    [{ api_audiences: "a,,b" }, ["api_audiences"]],
    [{ node_name_mode: "customized,aliyun.com,4,test" }, ["node_name_mode"]],
    [{ node_name_mode: "customized,-a,5,test" }, ["node_name_mode"]],
    [{ service_cidr: "172.21.0.0" }, ["service_cidr"]],
    [{ service_cidr: "172.21.0.1/20" }, ["service_cidr"]],
    [{ service_cidr: "172.20.8.0/24" }, ["service_cidr"]],
    [{ container_cidr: undefined }, ["container_cidr"]],
    [{ container_cidr: "everywhere" }, ["container_cidr"]],
    [{ addons: [{ name: "terway-eniip" }] }, ["pod_vswitch_ids"]],
    [{ addons: [{ name: "terway-eniip" }], pod_vswitch_ids: ["vsw-1"] }, ["pod_vswitch_ids"]],
    [{ node_cidr_mask: "15" }, ["node_cidr_mask"]],
    [{ node_cidr_mask: "31" }, ["node_cidr_mask"]],
    [{ node_cidr_mask: "/25" }, ["node_cidr_mask"]],
    [{ key_pair: undefined }, ["key_pair"]],
    [{ worker_instance_types: [] }, ["worker_instance_types"]],
    [
      { worker_system_disk_category: undefined, worker_system_disk_size: 39 },
      ["worker_system_disk_category", "worker_system_disk_size"],
    ],
    [{ instances: ["i-1", "i-2", "i-1"] }, ["instances"]],
  ])("refuse %j, naming %j", (changes, parameters) => {
    expect(refused(changes)).toEqual(parameters);
  });
});
