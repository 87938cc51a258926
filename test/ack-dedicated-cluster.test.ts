import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClusterView, type NodeObject, runningView } from "./support/cluster-view.ts";
import { eventually } from "./support/eventually.ts";
import { kubectlFor } from "./support/kubectl.ts";
import { clusterListeners, componentProcesses, environmentOf } from "./support/processes.ts";
import { sendRaw } from "./support/raw-client.ts";
import { type AckBody, type AckClient, createCluster, deleteCluster, sdk, successOf } from "./support/sdk.ts";
import { startService, type TestService } from "./support/service.ts";
import { subjectNames } from "./support/tls.ts";
import { claimsOf, headerOf, isAuthenticated, makeToken } from "./support/tokens.ts";

const readSample = (path: string): AckBody => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

let service: TestService;
let client: AckClient;
/** The Chinese sample, sent as it stands by plain HTTP. */
let cluster: ClusterView;

beforeAll(async () => {
  service = await startService();
  client = service.client;
  cluster = await runningView(service, readSample("../examples/ack-dedicated-cluster.json"));
});

afterAll(() => service?.dispose());

const members = "node-role.kubernetes.io/control-plane";

describe("the masters", () => {
  test("are nodes with role, taint, instance type, disk and vSwitch", async () => {
    const masters = await cluster.nodes(members);
    expect(masters.map(({ metadata }) => metadata.name)).toEqual([
      expect.stringMatching(/^aliyun\d{5}test$/),
      expect.stringMatching(/^aliyun\d{5}test$/),
      expect.stringMatching(/^aliyun\d{5}test$/),
    ]);
    for (const { metadata, spec, status } of masters) {
      expect(metadata.labels).toMatchObject({ "node.kubernetes.io/instance-type": "ecs.c6.large" });
      expect(spec.taints).toContainEqual({ key: "node-role.kubernetes.io/master", effect: "NoSchedule" });
      expect(status.capacity).toMatchObject({ cpu: "2", memory: "4Gi", "ephemeral-storage": "120Gi" });
      expect(JSON.parse(metadata.annotations["sampan.dev/system-disk"] ?? "")).toEqual({
        category: "cloud_essd",
        size: 120,
        performance_level: "PL1",
        auto_snapshot_policy_id: "sp-2zej1nogjvovnz4z****",
      });
      expect(metadata.annotations).toMatchObject({
        "sampan.dev/vswitch": "vsw-8vbmoffowsztjaawjtyzo",
        "sampan.dev/key-pair": "sin-name",
        "sampan.dev/ssh-public": "true",
        "sampan.dev/charge-type": "PrePaid",
      });
      expect(status.nodeInfo.osImage).toMatch(/^CentOS/);
    }
  });

  test("are an etcd quorum with an API server, a controller manager and a scheduler each", async () => {
    expect((await cluster.etcd(1).members()).toSorted()).toEqual(["member-1", "member-2", "member-3"]);
    const running = componentProcesses(service.home).map(({ component }) => component);
    for (const component of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"])
      expect(running.filter((name) => name === component)).toHaveLength(3);
    for (const member of [11, 12, 13]) expect(clusterListeners()).toContain(`${cluster.network}.${member}:6443`);
    const addresses = "jsonpath={.subsets[*].addresses[*].ip}";
    const shown = await eventually(async () => {
      const found = (await cluster.kubectl.run(["get", "endpoints", "kubernetes", "-o", addresses])).split(" ");
      expect(found).toHaveLength(3);
      return found;
    });
    const masters = await cluster.kubectl.run([
      ...["get", "nodes", "-l", members, "-o"],
      'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}',
    ]);
    expect(shown.toSorted()).toEqual(masters.split(" ").toSorted());
  });

  test("have the time zone that was asked for", () => {
    const running = componentProcesses(service.home).filter(({ member }) => member.startsWith("member-"));
    expect(running).toHaveLength(12);
    for (const { pid, component } of running) expect(environmentOf(pid), component).toContain("TZ=Asia/Shanghai");
  });

  test("have one leader among their controller managers, and one among their schedulers", async () => {
    for (const lease of ["kube-controller-manager", "kube-scheduler"])
      expect(
        await cluster.kubectl.run([
          "-n",
          "kube-system",
          "get",
          "lease",
          lease,
          "-o",
          "jsonpath={.spec.holderIdentity}",
        ]),
      ).not.toBe("");
  });

  test("stand behind one endpoint, whose names their certificates all have", async () => {
    const endpoint = new URL((await cluster.endpoints()).api_server_endpoint ?? "");
    expect(clusterListeners()).toContain(endpoint.host);
    for (const host of [endpoint.hostname, `${cluster.network}.11`, `${cluster.network}.12`, `${cluster.network}.13`])
      expect(await subjectNames(new URL(`https://${host}:6443`))).toEqual(
        expect.arrayContaining(["DNS:cs.aliyuncs.com", "IP Address:172.21.0.1", `IP Address:${endpoint.hostname}`]),
      );
  });

  test("lose one, and writes go on; it comes back by itself", async () => {
    const victims = componentProcesses(service.home).filter(({ member }) => member === "member-2");
    expect(victims.map(({ component }) => component).toSorted()).toEqual([
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
    ]);
    for (const { pid } of victims) process.kill(pid, "SIGKILL");
    await eventually(() => cluster.kubectl.run(["create", "configmap", "written-meanwhile"]));
    await eventually(async () => {
      const back = componentProcesses(service.home).filter(({ member }) => member === "member-2");
      expect(back.map(({ component }) => component)).toHaveLength(victims.length);
      expect(await cluster.etcd(2).get("/registry/configmaps/default/written-meanwhile")).toBeDefined();
    });
    expect(componentProcesses(service.home).map(({ pid }) => pid)).not.toContain(victims[0]?.pid);
  });
});

describe("the node pool", () => {
  test("has one node with everything that its entry says", async () => {
    const found = await eventually(async () => {
      const workers = await cluster.nodes(`!${members}`);
      expect(workers).toHaveLength(1);
      // The controller manager gives it a moment after it appeared.
      expect(workers[0]?.spec.podCIDR).toBeDefined();
      return workers;
    });
    const [{ metadata, spec, status }] = found as [NodeObject];
    expect(metadata.name).toMatch(/^aliyun\.com\d{5}test$/);
    expect(metadata.labels).toMatchObject({
      env: "prod",
      "tag-k": "tag-v",
      "node.kubernetes.io/instance-type": "ecs.d1ne.2xlarge",
      "sampan.dev/cloud-monitor": "true",
      "sampan.dev/tee": "true",
      "alibabacloud.com/nodepool-id": expect.stringMatching(/^np[0-9a-f]{32}$/),
    });
    expect(spec.taints).toContainEqual({ key: "key", value: "value", effect: "NoSchedule" });
    expect(spec.podCIDR).toMatch(/^172\.20\.\d+\.\d+\/26$/);
    expect(status.capacity).toMatchObject({ cpu: "8", memory: "32Gi", "ephemeral-storage": "120Gi" });
    expect(status.nodeInfo).toMatchObject({
      containerRuntimeVersion: "docker://19.03.5",
      osImage: expect.stringMatching(/^Alibaba Cloud Linux.*aliyun_2_1903_x64_20G_alibase_20200529\.vhd$/),
    });
    expect(status.addresses).toContainEqual({ type: "ExternalIP", address: expect.stringMatching(/^198\.18\./) });
    expect(metadata.annotations).toMatchObject({
      "sampan.dev/nodepool-name": "cluster-demo",
      "sampan.dev/vswitch": "vsw-wz9mfnhmssud6eicu****",
      "sampan.dev/security-group": "sg-wz9a8g2mt6x5llu0****",
      "sampan.dev/key-pair": "np-key-name",
      "sampan.dev/deploymentset": "ds-bp1d19mmbsv3jf6xxxxx",
      "sampan.dev/instance-tags": '{"node-k-1":"node-v-1"}',
      "sampan.dev/image-id": "aliyun_2_1903_x64_20G_alibase_20200529.vhd",
    });
  });

  test("is described as it was asked for, without its password", async () => {
    const { text } = await sendRaw(service, { path: `/clusters/${cluster.clusterId}/nodepools` });
    expect(text).not.toContain("Hello1234");
    expect(JSON.parse(text).nodepools).toMatchObject([
      {
        nodepool_info: { name: "cluster-demo", type: "ess", resource_group_id: "rg-acfmyvw3wjmb****" },
        status: { total_nodes: 1 },
        auto_scaling: { enable: true, min_instances: 1, max_instances: 10, type: "cpu" },
        kubernetes_config: { cpu_policy: "none", labels: [{ key: "env", value: "prod" }], runtime: "docker" },
        scaling_group: {
          instance_types: ["ecs.d1ne.2xlarge"],
          spot_strategy: "NoSpot",
          spot_price_limit: [{ instance_type: "ecs.c6.large", price_limit: "0.39" }],
          multi_az_policy: "COST_OPTIMIZED",
          on_demand_percentage_above_base_capacity: 20,
        },
        tee_config: { tee_enable: true },
        management: { enable: false, auto_repair: false, upgrade_config: { max_unavailable: 1 } },
        interconnect_mode: "basic",
        interconnect_config: { cen_id: "cen-ey9k9nfhz0f*******", bandwidth: 10 },
        max_nodes: 10,
      },
    ]);
  });
});

describe("the describing calls", () => {
  test("show a dedicated cluster with what was asked for", async () => {
    const { body } = await client.describeClusterDetail(cluster.clusterId);
    expect(body).toMatchObject({
      clusterType: "Kubernetes",
      name: "ACK专有版",
      size: 4,
      resourceGroupId: "rg-acfm3mkrure****",
      deletionProtection: true,
      parameters: {
        MasterCount: "3",
        MasterInstanceTypes: "ecs.c6.large,ecs.c6.large,ecs.c6.large",
        MasterInstanceChargeType: "PrePaid",
        MasterPeriod: "1",
        MasterAutoRenew: "true",
        SSHFlags: "true",
        LoadBalancerSpec: "slb.s2.small",
        RollbackOnFailure: "true",
        LoginPassword: "******",
      },
    });
    const { text } = await sendRaw(service, { path: `/clusters/${cluster.clusterId}` });
    expect(text).not.toContain("Hello1234");
  });

  test("show masters as masters, with the end of their subscription", async () => {
    const instances = await eventually(async () => {
      const found = await cluster.instances();
      // One whose cluster does not answer in time, because a member is coming back, is Unknown.
      for (const { node_status } of found) expect(node_status).toBe("Ready");
      return found;
    });
    expect(instances.map(({ instance_role }) => instance_role)).toEqual(["Master", "Master", "Master", "Worker"]);
    expect(instances[0]).toMatchObject({
      instance_charge_type: "PrePaid",
      expired_time: expect.stringMatching(/^20\d\d-/),
    });
    const [pool] = await eventually(async () => {
      const pools = await cluster.nodePools();
      expect(pools).toMatchObject([{ status: { healthy_nodes: 1 } }]);
      return pools;
    });
    expect(pool?.status).toMatchObject({ total_nodes: 1, serving_nodes: 1 });
  });

  test("list what a cloud would have made, and what was there", async () => {
    const [balancer] = await cluster.resources("SLB::LoadBalancer");
    expect(balancer?.properties).toMatchObject({ LoadBalancerSpec: "slb.s2.small" });
    expect(await cluster.resources("VPC::NatGateway")).toHaveLength(1);
    expect(await cluster.resources("ESS::ScalingGroup")).toHaveLength(1);
    expect(await cluster.resources("ECS::Instance")).toHaveLength(4);
    expect(await cluster.resources("ECS::VPC")).toMatchObject([{ id: "vpc-8vbh3b9a2f38urhls****", existing: true }]);
    const groups = await cluster.resources("ECS::SecurityGroup");
    expect(groups.map(({ id, existing }) => [id, existing])).toEqual([
      ["sg-8vb7grbyvlb10j0i****", true],
      ["sg-wz9a8g2mt6x5llu0****", true],
    ]);
    const { text } = await sendRaw(service, { path: `/clusters/${cluster.clusterId}/resources` });
    expect(text).not.toContain("Hello1234");
  });

  test("list the rule that lets SSH in to the masters", async () => {
    expect(await cluster.resources("ECS::SecurityGroupIngress")).toMatchObject([
      { properties: { PortRange: "22/22" }, needs: ["sg-8vb7grbyvlb10j0i****"] },
    ]);
  });

  test("find it by its resource group, and not by another", async () => {
    const found = async (resourceGroupId: string) =>
      (await sendRaw(service, { path: "/clusters", query: { resource_group_id: resourceGroupId } })).text.includes(
        cluster.clusterId,
      );
    expect([await found("rg-acfm3mkrure****"), await found("rg-other")]).toEqual([true, false]);
  });
});

describe("add-ons", () => {
  test("have the ingress controller with its load balancer", async () => {
    const service = await cluster.kubectl.json<{ metadata: { annotations: object }; spec: { type: string } }>([
      ...["-n", "kube-system", "get", "service", "nginx-ingress-lb"],
    ]);
    expect(service.spec.type).toBe("LoadBalancer");
    expect(service.metadata.annotations).toMatchObject({
      "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": "internet",
    });
    expect(await cluster.kubectl.run(["get", "ingressclass", "nginx", "-o", "name"])).toContain("nginx");
  });
});

describe("RAM roles for service accounts", () => {
  const publish = async (path: string) => {
    const { body } = await client.describeClusterDetail(cluster.clusterId);
    const answer = await fetch(`${body?.rrsaConfig?.issuer}${path}`);
    expect(answer.status).toBe(200);
    return answer.json() as Promise<Record<string, unknown>>;
  };

  test("let anybody verify a token with the published keys, and the token service's audience is accepted", async () => {
    const discovery = await publish("/.well-known/openid-configuration");
    const { keys } = (await (await fetch(String(discovery.jwks_uri))).json()) as { keys: Record<string, string>[] };
    const token = await makeToken(cluster.kubectl, { audiences: ["sts.aliyuncs.com"] });
    const [header = "", claims = "", signature = ""] = token.split(".");
    const { kid, alg } = headerOf(token);
    const key = keys.find((one) => one.kid === kid);
    expect(key).toMatchObject({ alg, use: "sig" });
    const signed = verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      { key: createPublicKey({ key: key ?? {}, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
    expect(signed).toBe(true);
    // The issuer that was asked for stays in the tokens.
    expect(claimsOf(token)).toMatchObject({ iss: "kubernetes.default.svc" });
    expect(await isAuthenticated(cluster.kubectl, token, ["sts.aliyuncs.com"])).toBe(true);
    expect(await isAuthenticated(cluster.kubectl, token, ["somebody.else"])).toBe(false);
  });
});

describe("the English sample through the official SDK", () => {
  test("gives a running cluster beside the first, and a warning that their ranges overlap", async () => {
    const english = await createCluster(client, readSample("./fixtures/ack-dedicated-cluster-en.json"));
    await successOf(client, english);
    const own = await kubectlFor(client, english.clusterId, service.folder);
    expect((await own.run(["get", "nodes", "--no-headers"])).trim().split("\n")).toHaveLength(4);
    const { body } = await client.describeClusterLogs(english.clusterId);
    expect(body?.map(({ clusterLog }) => clusterLog)).toContainEqual(expect.stringContaining("NetworkOverlaps"));
    await remove(english.clusterId);
  });
});

/** Switches the protection off, which the samples switch on, and deletes. */
async function remove(clusterId: string): Promise<void> {
  const { body } = await client.modifyCluster(clusterId, new sdk.ModifyClusterRequest({ deletionProtection: false }));
  await successOf(client, { taskId: body?.taskId ?? "" });
  await successOf(client, await deleteCluster(client, clusterId));
}

describe("the end", () => {
  test("does not come while the cluster is protected", async () => {
    await expect(deleteCluster(client, cluster.clusterId)).rejects.toMatchObject({ code: "ErrorDeletionProtection" });
    expect(await cluster.kubectl.run(["get", "--raw", "/readyz"])).toBe("ok");
  });

  test("leaves neither process, nor folder, nor resource", async () => {
    await remove(cluster.clusterId);
    expect(componentProcesses(service.home)).toEqual([]);
    expect(await readdir(join(service.home, "clusters"))).toEqual([]);
    expect(clusterListeners().filter((listener) => listener.startsWith(`${cluster.network}.`))).toEqual([]);
    expect((await sendRaw(service, { path: `/clusters/${cluster.clusterId}/resources` })).status).toBe(404);
  });
});
