import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainSettings } from "./fixtures/managed-settings.ts";
import { type ClusterView, runningView } from "./support/cluster-view.ts";
import { installedDistribution } from "./support/distribution.ts";
import { eventually } from "./support/eventually.ts";
import { clusterListeners, componentProcesses } from "./support/processes.ts";
import { type AckClient, sampleBody, sdk } from "./support/sdk.ts";
import { startService, type TestService } from "./support/service.ts";

let service: TestService;
let client: AckClient;
/** The documented sample, sent as it stands. */
let sample: ClusterView;
/** The other one: what the sample has switched on is off here, and the network is Terway. */
let plain: ClusterView;

beforeAll(async () => {
  service = await startService();
  client = service.client;
  [sample, plain] = await Promise.all([runningView(service, sampleBody()), runningView(service, plainSettings)]);
});

afterAll(() => service?.dispose());

describe("Secrets", () => {
  const write = ({ kubectl }: ClusterView) =>
    kubectl.run(["create", "secret", "generic", "at-rest", "--from-literal=text=in-the-clear"]);
  const read = ({ kubectl }: ClusterView) => kubectl.run(["get", "secret", "at-rest", "-o", "jsonpath={.data.text}"]);

  test("are encrypted in etcd with the KMS key of a Pro cluster", async () => {
    await write(sample);
    const stored = await sample.etcd(1).get("/registry/secrets/default/at-rest");
    expect(stored).toMatch(/^k8s:enc:/);
    expect(stored).toContain("8734596c-c0d6-4a63-a76e-fe72c7b0");
    expect(stored).not.toContain("in-the-clear");
    expect(Buffer.from(await read(sample), "base64").toString()).toBe("in-the-clear");
  });

  test("are readable in the etcd of a standard one, which ignores the key", async () => {
    await write(plain);
    const stored = await plain.etcd(1).get("/registry/secrets/default/at-rest");
    expect(stored).toMatch(/^k8s\0/);
    expect(stored).toContain("in-the-clear");
  });
});

describe("the API server's endpoints", () => {
  test("are a public and an inner one, and kubeconfigs name the one that was asked for", async () => {
    const endpoints = await sample.endpoints();
    expect(Object.keys(endpoints).toSorted()).toEqual(["api_server_endpoint", "intranet_api_server_endpoint"]);
    const serverOf = async (privateIpAddress: boolean) => {
      const wish = new sdk.DescribeClusterUserKubeconfigRequest({ privateIpAddress });
      const { body } = await client.describeClusterUserKubeconfig(sample.clusterId, wish);
      return /server: (\S+)/.exec(body?.config ?? "")?.[1];
    };
    expect(await serverOf(false)).toBe(endpoints.api_server_endpoint);
    expect(await serverOf(true)).toBe(endpoints.intranet_api_server_endpoint);
    expect(clusterListeners()).toContain(`${sample.network}.1:6443`);
  });

  test("are the inner one alone without public access", async () => {
    expect(await plain.endpoints()).toEqual({
      api_server_endpoint: "",
      intranet_api_server_endpoint: expect.stringContaining("https://"),
    });
    expect(clusterListeners()).not.toContain(`${plain.network}.1:6443`);
    expect(await plain.kubectl.run(["get", "--raw", "/readyz"])).toBe("ok");
  });
});

describe("the cluster's own configuration", () => {
  test("has the name that was asked for, whatever its letters, and what it was made from", async () => {
    const { version } = await installedDistribution();
    expect(await sample.configMap("cluster-info")).toMatchObject({
      clusterId: sample.clusterId,
      name: "ACK托管版",
      region: "cn-zhangjiakou",
      requestedVersion: "1.18.8-aliyun.1",
      kubernetesVersion: version,
      timezone: "Asia/Shanghai",
    });
  });

  test("has kube-proxy's mode", async () => {
    const modeOf = async (one: ClusterView) => JSON.stringify(await one.configMap("kube-proxy"));
    expect(await modeOf(sample)).toMatch(/mode: \\?"?ipvs/);
    expect(await modeOf(sample)).toMatch(/clusterCIDR: \\?"?172\.20\.0\.0\/16/);
    expect(await modeOf(plain)).toMatch(/mode: \\?"?iptables/);
  });

  test("has the cluster's domain in CoreDNS' and the kubelets' configuration", async () => {
    expect((await plain.configMap("coredns")).Corefile).toContain("kubernetes plain.example ");
    expect((await plain.configMap("kubelet-config")).kubelet).toContain("clusterDomain: plain.example");
    expect((await sample.configMap("coredns")).Corefile).toContain("kubernetes cluster.local ");
  });

  test("has the kubelets' CPU policy", async () => {
    const pool = await plain.kubectl.run([
      ...["get", "nodes", "-o"],
      "jsonpath={.items[0].metadata.labels.alibabacloud\\.com/nodepool-id}",
    ]);
    expect((await plain.configMap(`kubelet-config-${pool}`)).kubelet).toContain("cpuManagerPolicy: static");
    expect((await sample.configMap("kubelet-config")).kubelet).toContain("cpuManagerPolicy: none");
  });

  test("has the script of the nodes, decoded", async () => {
    const { items } = await sample.kubectl.json<{
      items: { metadata: { name: string }; data: Record<string, string> }[];
    }>(["-n", "kube-system", "get", "secrets"]);
    const [script] = items.filter(({ metadata }) => metadata.name.startsWith("user-data-"));
    expect(Buffer.from(script?.data["user-data"] ?? "", "base64").toString()).toContain('echo "Hello ACK!"');
  });
});

describe("add-ons", () => {
  test("of the sample stand in the cluster, and the disabled one does not", async () => {
    const found = await sample.names("daemonsets,deployments,csidrivers,storageclasses,ingressclasses");
    expect(found).toEqual(
      expect.arrayContaining([
        "DaemonSet/kube-flannel-ds",
        "DaemonSet/kube-proxy",
        "Deployment/coredns",
        "Deployment/metrics-server",
        "DaemonSet/csi-plugin",
        "Deployment/csi-provisioner",
        "CSIDriver/diskplugin.csi.alibabacloud.com",
        "DaemonSet/logtail-ds",
        "DaemonSet/ack-node-problem-detector-daemonset",
        "DaemonSet/cloudmonitor-agent",
        "Deployment/arms-prom-ack-arms-prometheus",
      ]),
    );
    expect(found.filter((name) => /nginx/.test(name))).toEqual([]);
  });

  test("have the settings that were asked for", async () => {
    expect(await sample.configMap("alibaba-log-configuration")).toMatchObject({
      "log-project": `k8s-log-${sample.clusterId}`,
      IngressDashboardEnabled: "true",
    });
    expect((await sample.configMap("addon-logtail-ds")).config).toContain('"IngressDashboardEnabled": "true"');
    expect((await sample.configMap("kube-flannel-cfg"))["net-conf.json"]).toContain("172.20.0.0/16");
  });

  test("with Terway are its own, and nodes get no share of a Pod range", async () => {
    const found = await plain.names("daemonsets,deployments,ingressclasses");
    expect(found).toContain("DaemonSet/terway-eniip");
    for (const absent of [/flannel/, /nginx/, /logtail/, /node-problem-detector/, /cloudmonitor/, /arms/])
      expect(found.filter((name) => absent.test(name))).toEqual([]);
    expect(JSON.stringify(await plain.configMap("eni-config"))).toContain("vsw-pods");
    expect(await plain.kubectl.run(["get", "nodes", "-o", "jsonpath={.items[*].spec.podCIDR}"])).toBe("");
  });

  test("come to run: their pods are placed and Ready", async () => {
    await sample.kubectl.run(["-n", "kube-system", "rollout", "status", "daemonset/kube-proxy", "--timeout=200s"]);
    await plain.kubectl.run(["-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=200s"]);
    expect(
      await plain.kubectl.run(["-n", "kube-system", "get", "service", "kube-dns", "-o", "jsonpath={.spec.clusterIP}"]),
    ).toBe("172.21.0.10");
  });
});

describe("the audit log", () => {
  const flagsOf = (one: ClusterView) =>
    componentProcesses(service.home).filter(
      ({ cluster, component }) => cluster === one.clusterId.slice(1) && component === "kube-apiserver",
    );

  test("is written with the log add-on, request by request", async () => {
    await sample.kubectl.run(["get", "configmap", "not-there-but-asked-for", "--ignore-not-found"]);
    const log = join(sample.folder, "member-1/logs/audit.log");
    await eventually(async () => expect(await readFile(log, "utf8")).toContain("not-there-but-asked-for"));
    expect(flagsOf(sample)).toHaveLength(1);
  });

  test("is not written without it", async () => {
    const logs = await readdir(join(plain.folder, "member-1/logs"));
    expect(logs.filter((name) => name.startsWith("audit"))).toEqual([]);
  });
});

describe("nodes", () => {
  test("say in annotations what Kubernetes has no field for", async () => {
    const nodes = await sample.nodes();
    for (const { metadata } of nodes) {
      expect(metadata.annotations).toMatchObject({
        "sampan.dev/vswitch": "vsw-8vbmoffowsztjaawj****",
        "sampan.dev/security-group": "sg-8vb7grbyvlb10j0i****",
        "sampan.dev/image-id": "CentOS-xxx",
        "sampan.dev/key-pair": "sin-name",
        "sampan.dev/charge-type": "PrePaid",
        "sampan.dev/cpu-policy": "none",
        "sampan.dev/user-data-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(JSON.parse(metadata.annotations["sampan.dev/system-disk"] ?? "")).toMatchObject({
        category: "cloud_essd",
        size: 120,
      });
      expect(JSON.parse(metadata.annotations["sampan.dev/data-disks"] ?? "")).toEqual([
        {
          category: "cloud_efficiency",
          size: 40,
          encrypted: true,
          auto_snapshot_policy_id: "sp-8vbajx6y2hk21hco****",
        },
      ]);
      expect(metadata.labels).toMatchObject({ "sampan.dev/cloud-monitor": "true" });
    }
    expect(nodes.map(({ metadata }) => metadata.annotations["sampan.dev/instance-name"])).toEqual([
      "i-dewgagxdfa****",
      "i-3kjaf9q43l****",
      `worker-k8s-for-cs-${sample.clusterId}-2`,
    ]);
  });

  test("take only pods that tolerate their taints", async () => {
    const pod = (name: string, tolerations: object[]) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { tolerations, containers: [{ name: "main", image: "busybox" }] },
    });
    const toleration = { key: "1", operator: "Equal", value: "1", effect: "NoSchedule" };
    for (const one of [pod("intolerant", []), pod("tolerant", [toleration])])
      await eventually(() => sample.kubectl.run(["apply", "-f", "-"], JSON.stringify(one)));
    await sample.kubectl.run(["wait", "--for=condition=Ready", "pod/tolerant", "--timeout=180s"]);
    await eventually(async () => {
      const events = await sample.kubectl.run(["get", "events", "--field-selector=involvedObject.name=intolerant"]);
      expect(events).toMatch(/FailedScheduling.*taint/);
    });
    expect(await sample.kubectl.run(["get", "pod", "intolerant", "-o", "jsonpath={.status.phase}"])).toBe("Pending");
  });

  test("have the disk that the outdated fields describe, and an event says what to use", async () => {
    const [node] = await plain.nodes();
    expect(JSON.parse(node?.metadata.annotations["sampan.dev/data-disks"] ?? "")).toEqual([
      { category: "cloud_ssd", size: 60, encrypted: false },
    ]);
    expect(await plain.log()).toContain("worker_data_disk_size is out of date: use worker_data_disks.");
    expect(await plain.log()).toContain("worker_data_disk_category is out of date: use worker_data_disks.");
  });

  test("have the container runtime that was asked for, with its class where pods have to choose it", async () => {
    const runtimeOf = async (one: ClusterView) => (await one.nodes())[0]?.status.nodeInfo.containerRuntimeVersion;
    expect(await runtimeOf(sample)).toBe("docker://19.03.5");
    expect(await runtimeOf(plain)).toBe("Sandboxed-Container.runv://2.2.0");
    expect(await sample.names("runtimeclasses")).toEqual([]);
    expect(await plain.names("runtimeclasses")).toEqual(["RuntimeClass/runv"]);
  });

  test("are monitored where that was asked for", async () => {
    const monitored = "sampan.dev/cloud-monitor=true";
    expect([(await sample.nodes(monitored)).length, (await plain.nodes(monitored)).length]).toEqual([3, 0]);
  });

  test("end with their subscription, which is renewed as asked", async () => {
    const [instance] = await plain.resources("ECS::Instance");
    expect(instance?.properties).toMatchObject({ Period: 3, PeriodUnit: "Month", AutoRenew: true, AutoRenewPeriod: 6 });
    const [{ creation_time, expired_time } = {}] = await plain.instances();
    const days = (Date.parse(String(expired_time)) - Date.parse(String(creation_time))) / 86_400_000;
    expect(days).toBeGreaterThan(88);
    expect(days).toBeLessThan(93);
  });
});

describe("the describing calls", () => {
  test("repeat every parameter of the request in `parameters`, and show no secret", async () => {
    const { body } = await client.describeClusterDetail(sample.clusterId);
    expect(body?.parameters).toMatchObject({
      CloudMonitorFlags: "true",
      EndpointPublicAccess: "true",
      SnatEntry: "true",
      NumOfNodes: "3",
      WorkerInstanceTypes: "ecs.t6-c1m4.large",
      WorkerPeriodUnit: "Month",
      LoginPassword: "******",
      KeyPair: "sin-name",
      FormatDisk: expect.stringMatching(/^(true|false)$/),
      RdsInstances: expect.stringContaining("rm-"),
      ClusterSpec: "ack.pro.small",
      DisableRollback: "true",
      RollbackOnFailure: "true",
    });
  });

  test("list what a cloud would have made, with states", async () => {
    const { body } = await client.describeClusterResources(
      sample.clusterId,
      new sdk.DescribeClusterResourcesRequest({}),
    );
    const types = body?.map(({ resourceType }) => resourceType);
    expect(types).toEqual(expect.arrayContaining(["ALIYUN::VPC::NatGateway", "ALIYUN::VPC::EIP"]));
    expect(new Set(body?.map(({ state }) => state))).toEqual(new Set(["CREATE_COMPLETE"]));
    expect(await plain.resources("VPC::NatGateway")).toEqual([]);
    expect(await plain.resources("VPC::EIP")).toEqual([]);
  });

  test("list the security group that was there, or the one of the enterprise kind that was made", async () => {
    expect(await sample.resources("ECS::SecurityGroup")).toMatchObject([
      { id: "sg-8vb7grbyvlb10j0i****", existing: true, deletedWithCluster: false },
    ]);
    expect(await sample.log()).toContain("is_enterprise_security_group has no effect");
    expect(await plain.resources("ECS::SecurityGroup")).toMatchObject([
      { existing: false, properties: { SecurityGroupType: "enterprise" }, deletedWithCluster: true },
    ]);
  });

  test("list an RDS instance that was named twice once, with the nodes' addresses", async () => {
    const [list, ...others] = await sample.resources("RDS::DBInstanceSecurityIps");
    expect(others).toEqual([]);
    expect(list).toMatchObject({
      id: "rm-xx",
      properties: { SecurityIps: ["192.168.0.55", "192.168.0.56", "192.168.0.57"] },
    });
  });

  test("list the node pool", async () => {
    const { body } = await client.describeClusterNodePools(
      sample.clusterId,
      new sdk.DescribeClusterNodePoolsRequest({}),
    );
    expect(body?.nodepools).toMatchObject([{ status: { totalNodes: 3, healthyNodes: 3, state: "active" } }]);
  });

  test("tell which versions there are", async () => {
    const query = new sdk.DescribeKubernetesVersionMetadataRequest({
      region: "cn-zhangjiakou",
      clusterType: "ManagedKubernetes",
    });
    const { body } = await client.describeKubernetesVersionMetadata(query);
    expect(body?.map(({ version }) => version)).toContain("1.18.8-aliyun.1");
    for (const { runtimes } of body ?? []) expect(runtimes?.[0]).toMatchObject({ name: /./, version: /./ });
  });
});
