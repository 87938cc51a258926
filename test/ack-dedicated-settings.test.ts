import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dedicatedSettings, scaledPool } from "./fixtures/dedicated-settings.ts";
import { type ClusterView, type NodeObject, runningView } from "./support/cluster-view.ts";
import { runDailyJob } from "./support/cron-job.ts";
import { eventually } from "./support/eventually.ts";
import { clusterListeners, componentProcesses } from "./support/processes.ts";
import { sendRaw } from "./support/raw-client.ts";
import { startService, type TestService } from "./support/service.ts";
import { subjectNames } from "./support/tls.ts";
import { claimsOf, isAuthenticated, makeToken } from "./support/tokens.ts";

const members = "node-role.kubernetes.io/control-plane";

let service: TestService;
let cluster: ClusterView;

beforeAll(async () => {
  service = await startService();
  cluster = await runningView(service, dedicatedSettings);
});

afterAll(() => service?.dispose());

/** The nodes of a pool, by its name. */
async function nodesOf(pool: string): Promise<NodeObject[]> {
  const found = (await cluster.nodePools()).find(({ nodepool_info }) => nodepool_info?.name === pool);
  return cluster.nodes(`alibabacloud.com/nodepool-id=${found?.nodepool_info?.nodepool_id}`);
}

const annotation = ({ metadata }: NodeObject, name: string) => metadata.annotations[`sampan.dev/${name}`];

const notes = (nodes: readonly NodeObject[], name: string) => nodes.map((node) => annotation(node, name));

describe("the masters", () => {
  test("are five members, each with etcd, an API server, a controller manager and a scheduler", async () => {
    expect(await cluster.etcd(1).members()).toHaveLength(5);
    const running = componentProcesses(service.home).map(({ component }) => component);
    for (const component of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"])
      expect(running.filter((name) => name === component)).toHaveLength(5);
    expect(await cluster.nodes(members)).toHaveLength(5);
  });

  test("are each of the instance type and in the vSwitch that is named for it, or of the last one", async () => {
    const masters = await cluster.nodes(members);
    const capacities = masters.map(({ status: { capacity } }) => `${capacity.cpu} ${capacity.memory}`);
    expect(capacities.toSorted()).toEqual(["2 8Gi", "8 16Gi", "8 16Gi", "8 16Gi", "8 16Gi"]);
    expect(notes(masters, "vswitch").toSorted()).toEqual(["vsw-one", "vsw-two", "vsw-two", "vsw-two", "vsw-two"]);
    for (const { metadata } of masters)
      expect(metadata.labels["topology.kubernetes.io/zone"]).toMatch(/^cn-beijing-[ab]$/);
  });

  test("have the disk, the image and the name that were asked for, and no SSH from outside", async () => {
    for (const master of await cluster.nodes(members)) {
      expect(master.metadata.name).toMatch(/^own\d{12}x$/);
      expect(JSON.parse(annotation(master, "system-disk") ?? "")).toEqual({ category: "cloud_efficiency", size: 80 });
      expect(master.status.capacity["ephemeral-storage"]).toBe("80Gi");
      expect(master.metadata.labels).toMatchObject({ "kubernetes.io/arch": "arm64", "kubernetes.io/os": "linux" });
      expect(master.status.nodeInfo).toMatchObject({
        osImage: "Alibaba Cloud Linux 3 (Soaring Falcon), image m-own",
        containerRuntimeVersion: "containerd://1.4.8",
      });
      expect(annotation(master, "image-id")).toBe("m-own");
      expect(annotation(master, "key-pair")).toBe("own-key");
      expect(annotation(master, "ssh-public")).toBe("false");
      expect(master.metadata.labels).not.toHaveProperty(["sampan.dev/cloud-monitor"]);
    }
    expect(await cluster.resources("ECS::SecurityGroupIngress")).toEqual([]);
  });

  test("are paid for as asked, and their subscription's end is shown", async () => {
    const masters = (await cluster.instances()).filter(({ instance_role }) => instance_role === "Master");
    expect(masters).toHaveLength(5);
    for (const { creation_time, expired_time } of masters) {
      const end = new Date(String(creation_time));
      end.setUTCFullYear(end.getUTCFullYear() + 1);
      expect(new Date(String(expired_time))).toEqual(end);
    }
    const made = await cluster.resources("ECS::Instance");
    expect(
      made.filter(({ properties }) => properties.Role === "Master").map(({ properties }) => properties),
    ).toMatchObject(
      Array(5).fill({ InstanceChargeType: "PrePaid", Period: 12, PeriodUnit: "Month", AutoRenew: false }),
    );
    expect((await cluster.detail()).parameters).toMatchObject({
      MasterAutoRenewPeriod: "6",
      MasterPeriodUnit: "Month",
    });
  });
});

describe("the control plane", () => {
  test("stands behind the inner endpoint alone, and every certificate has the names that were asked for", async () => {
    const endpoints = await cluster.endpoints();
    expect(endpoints).toEqual({
      api_server_endpoint: "",
      intranet_api_server_endpoint: expect.stringContaining("https://"),
    });
    expect(clusterListeners()).not.toContain(`${cluster.network}.1:6443`);
    for (const member of [11, 12, 13, 14, 15])
      expect(await subjectNames(new URL(`https://${cluster.network}.${member}:6443`))).toEqual(
        expect.arrayContaining([
          "DNS:api.own.example",
          "IP Address:10.9.8.7",
          "DNS:kubernetes.default.svc.own.example",
          "IP Address:10.96.0.1",
        ]),
      );
  });

  test("issues tokens with the issuer and the audiences that were asked for, and refuses others", async () => {
    const token = await makeToken(cluster.kubectl);
    expect(claimsOf(token)).toMatchObject({
      iss: "https://issuer.own.example",
      aud: ["one.own.example", "two.own.example"],
    });
    expect(await isAuthenticated(cluster.kubectl, token, ["two.own.example"])).toBe(true);
    expect(await isAuthenticated(cluster.kubectl, token, ["three.own.example"])).toBe(false);
  });

  test("gives Services and nodes addresses of the ranges that were asked for", async () => {
    const service = ["get", "service", "kubernetes", "-o", "jsonpath={.spec.clusterIP}"];
    expect(await cluster.kubectl.run(service)).toBe("10.96.0.1");
    const outside = ["create", "service", "clusterip", "outside", "--tcp=80", "--clusterip=10.97.0.1"];
    // What else is said of it differs from version to version.
    await expect(cluster.kubectl.run(outside)).rejects.toThrow(/failed to allocate.*10\.97\.0\.1/);
    const ranges = await eventually(async () => {
      const found = (await cluster.nodes()).map(({ spec }) => spec.podCIDR);
      for (const range of found) expect(range).toMatch(/^10\.20\.\d+\.\d+\/28$/);
      return found;
    });
    expect(new Set(ranges).size).toBe(11);
  });

  test("starts CronJobs by the time zone that was asked for", async () => {
    expect(await runDailyJob(cluster.kubectl, "by-the-zone", "Asia/Kolkata")).toMatch(/^by-the-zone-/);
  });

  test("has its configuration in the cluster", async () => {
    expect(await cluster.configMap("cluster-info")).toMatchObject({
      name: "own_cluster 集群 2",
      region: "cn-beijing",
      requestedVersion: "1.20.4-aliyun.1",
    });
    expect((await cluster.configMap("kube-proxy"))["config.conf"]).toContain("mode: iptables");
    expect((await cluster.configMap("coredns")).Corefile).toContain("kubernetes own.example ");
  });
});

describe("a node pool with everything", () => {
  test("has as many nodes as its lower bound says, laid over its vSwitches", async () => {
    const nodes = await nodesOf("池 scaled");
    expect(notes(nodes, "vswitch").toSorted()).toEqual(["vsw-one", "vsw-two"]);
    const zones = nodes.map(({ metadata }) => metadata.labels["topology.kubernetes.io/zone"]);
    expect(zones.toSorted()).toEqual(["cn-beijing-a", "cn-beijing-b"]);
  });

  test("has nodes that are what its entry says", async () => {
    for (const node of await nodesOf("池 scaled")) {
      expect(node.metadata.name).toMatch(/^pool\d{5}own$/);
      expect(node.metadata.labels).toMatchObject({
        "own.example/team": "one",
        "node.kubernetes.io/instance-type": "ecs.g6.xlarge",
        "kubernetes.io/os": "windows",
        "sampan.dev/cloud-monitor": "true",
        "sampan.dev/tee": "true",
        stage: "test",
      });
      expect(node.spec.taints).toContainEqual({ key: "for", value: "gpu", effect: "NoExecute" });
      expect(node.status.capacity).toMatchObject({ cpu: "4", memory: "16Gi", "ephemeral-storage": "200Gi" });
      expect(node.status.nodeInfo).toMatchObject({
        containerRuntimeVersion: "Sandboxed-Container.runv://2.2.0",
        operatingSystem: "windows",
        osImage: "Windows Server Core, image m-own",
      });
      expect(node.status.addresses.map(({ type }) => type)).toContain("ExternalIP");
      expect(node.metadata.annotations).toMatchObject({
        "sampan.dev/nodepool-name": "池 scaled",
        "sampan.dev/security-group": "sg-pool",
        "sampan.dev/deploymentset": "ds-pool",
        "sampan.dev/instance-tags": '{"cost centre":"17"}',
        "sampan.dev/charge-type": "PrePaid",
        "sampan.dev/cpu-policy": "static",
        "tag.sampan.dev/owner": "the platform team",
      });
      // It has a password of its own in the place of a key pair.
      expect(annotation(node, "key-pair")).toBeUndefined();
    }
  });

  test("has the disks that its entry says", async () => {
    for (const node of await nodesOf("池 scaled")) {
      expect(JSON.parse(annotation(node, "system-disk") ?? "")).toEqual({
        category: "cloud_essd",
        size: 200,
        performance_level: "PL2",
      });
      expect(JSON.parse(annotation(node, "data-disks") ?? "")).toEqual([
        {
          category: "cloud_essd",
          size: 100,
          performance_level: "PL3",
          encrypted: true,
          auto_snapshot_policy_id: "sp-pool",
        },
      ]);
    }
    const data = (await cluster.resources("ECS::Disk")).filter(({ properties }) => properties.Type === "data");
    expect(data.map(({ properties }) => properties)).toMatchObject(
      Array(2).fill({ Category: "cloud_essd", Size: 100, Encrypted: true, AutoSnapshotPolicyId: "sp-pool" }),
    );
  });

  test("has a kubelet configuration, a script and a container runtime of its own in the cluster", async () => {
    const [node] = await nodesOf("池 scaled");
    const pool = node?.metadata.labels["alibabacloud.com/nodepool-id"];
    expect((await cluster.configMap(`kubelet-config-${pool}`)).kubelet).toContain("cpuManagerPolicy: static");
    const script = ["-n", "kube-system", "get", "secret", `user-data-${pool}`, "-o", "jsonpath={.data.user-data}"];
    expect(Buffer.from(await cluster.kubectl.run(script), "base64").toString()).toBe("#!/bin/sh\necho own");
    expect(await cluster.names("runtimeclasses")).toEqual(["RuntimeClass/runv"]);
    expect(await cluster.names("daemonsets")).toContain("DaemonSet/cloudmonitor-agent");
  });

  test("is paid for as its entry says", async () => {
    const nodes = (await nodesOf("池 scaled")).map(({ spec }) => spec.providerID.replace("cn-beijing.", ""));
    const instances = (await cluster.resources("ECS::Instance")).filter(({ id }) => nodes.includes(id));
    expect(instances.map(({ properties }) => properties)).toMatchObject(
      Array(2).fill({ InstanceChargeType: "PrePaid", Period: 6, PeriodUnit: "Month", AutoRenew: false }),
    );
    for (const { creation_time, expired_time, instance_id, spot_strategy } of await cluster.instances()) {
      const isOfPool = nodes.includes(String(instance_id));
      expect(spot_strategy).toBe(isOfPool ? "SpotWithPriceLimit" : "NoSpot");
      if (!isOfPool) continue;
      const days = (Date.parse(String(expired_time)) - Date.parse(String(creation_time))) / 86_400_000;
      expect(days).toBeGreaterThan(180);
      expect(days).toBeLessThan(185);
    }
  });

  test("is described with every word of its entry but the password", async () => {
    const { login_password: _, ...group } = scaledPool.scaling_group;
    const described = (await cluster.nodePools()).find(({ nodepool_info }) => nodepool_info?.name === "池 scaled");
    const { count: __, ...entry } = { ...scaledPool, scaling_group: group };
    expect(described).toMatchObject({ ...entry, status: { total_nodes: 2 } });
    for (const path of ["", "/nodepools", "/resources", "/nodes", "/logs"])
      expect((await sendRaw(service, { path: `/clusters/${cluster.clusterId}${path}` })).text).not.toContain(
        "Own-Secret",
      );
  });
});

describe("a node pool of which little is asked", () => {
  test("has as many nodes as were wanted, all in the vSwitch that comes first", async () => {
    expect(notes(await nodesOf("plain"), "vswitch")).toEqual(["vsw-one", "vsw-one"]);
  });

  test("has nodes with its own image, key pair and security groups, and without a public address", async () => {
    for (const node of await nodesOf("plain")) {
      expect(annotation(node, "security-group")).toBe("sg-pool1,sg-pool2");
      expect(annotation(node, "key-pair")).toBe("pool-key");
      expect(annotation(node, "image-id")).toBe("m-pool");
      expect(annotation(node, "charge-type")).toBe("PostPaid");
      expect(node.status.nodeInfo.osImage).toMatch(/^Alibaba Cloud Linux .*Qboot, image m-pool$/);
      expect(node.status.nodeInfo.containerRuntimeVersion).toBe("containerd://1.4.8");
      expect(node.status.addresses.map(({ type }) => type)).not.toContain("ExternalIP");
      expect(node.metadata.labels).not.toHaveProperty(["sampan.dev/cloud-monitor"]);
      expect(node.metadata.labels).not.toHaveProperty(["sampan.dev/tee"]);
      expect(node.metadata.name).toMatch(/^own\d{12}x$/);
    }
  });

  test("has no end of a subscription", async () => {
    const names = (await nodesOf("plain")).map(({ metadata }) => metadata.name);
    const own = (await cluster.instances()).filter(({ node_name }) => names.includes(String(node_name)));
    expect(own).toMatchObject(
      Array(2).fill({ instance_charge_type: "PostPaid", expired_time: "2099-12-31T15:59:00.000Z" }),
    );
  });
});

describe("a node pool of which more is asked than its bound allows", () => {
  test("has as many nodes as the bound", async () => {
    expect(await nodesOf("capped")).toHaveLength(1);
  });
});

describe("an instance that was there", () => {
  test("joins under a new name, as asked", async () => {
    const joined = (await cluster.nodes()).filter(({ spec }) => spec.providerID === "cn-beijing.i-own1");
    expect(notes(joined, "instance-name")).toEqual([expect.stringMatching(/^worker-k8s-for-cs-c[0-9a-f]{32}-\d$/)]);
  });
});

describe("what a cloud would have made", () => {
  test("is a load balancer of the size that was asked for, without a public address", async () => {
    const [balancer] = await cluster.resources("SLB::LoadBalancer");
    expect(balancer?.properties).toMatchObject({ LoadBalancerSpec: "slb.s3.large", ResourceGroupId: "rg-own" });
    expect(await cluster.resources("VPC::EIP")).toEqual([]);
  });

  test("is no NAT gateway without SNAT", async () => {
    expect(await cluster.resources("VPC::NatGateway")).toEqual([]);
    expect(await cluster.resources("VPC::SnatEntry")).toEqual([]);
  });

  test("is a security group of the usual kind for the cluster", async () => {
    const [group] = (await cluster.resources("ECS::SecurityGroup")).filter(({ existing }) => !existing);
    expect(group?.properties).toMatchObject({ SecurityGroupType: "normal" });
    for (const master of await cluster.nodes(members)) expect(annotation(master, "security-group")).toBe(group?.id);
  });

  test("is an entry for each RDS instance, with the addresses of all nodes or of its pool's", async () => {
    const lists = await cluster.resources("RDS::DBInstanceSecurityIps");
    const sizes = lists.map(({ id, properties }) => [id, (properties.SecurityIps as string[]).length]);
    expect(Object.fromEntries(sizes)).toEqual({ "rm-own": 11, "rm-pool": 2 });
    const own = (await nodesOf("池 scaled")).map(({ status }) => status.addresses[0]?.address);
    const ofPool = lists.find(({ id }) => id === "rm-pool")?.properties.SecurityIps;
    expect(new Set(ofPool as string[])).toEqual(new Set(own));
  });
});

describe("add-ons", () => {
  test("have their settings, and a disabled one is not there", async () => {
    expect((await cluster.configMap("alibaba-log-configuration"))["log-project"]).toBe("my-logs");
    const found = await cluster.names("daemonsets,deployments,ingressclasses");
    expect(found).toContain("DaemonSet/kube-flannel-ds");
    expect(found.filter((name) => /nginx/.test(name))).toEqual([]);
  });
});

describe("the describing calls", () => {
  test("show what was asked for", async () => {
    expect(await cluster.detail()).toMatchObject({
      name: "own_cluster 集群 2",
      cluster_type: "Kubernetes",
      resource_group_id: "rg-own",
      deletion_protection: false,
      parameters: { TimeoutMins: "45", RollbackOnFailure: "false", MasterCount: "5" },
    });
    expect((await sendRaw(service, { path: "/clusters" })).text).toContain("own_cluster 集群 2");
  });
});
