import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { managedSettings } from "./fixtures/managed-settings.ts";
import { type ClusterView, runningView } from "./support/cluster-view.ts";
import { runDailyJob } from "./support/cron-job.ts";
import { eventually } from "./support/eventually.ts";
import { startService, type TestService } from "./support/service.ts";
import { isTrustedAs, subjectNames } from "./support/tls.ts";
import { claimsOf, isAuthenticated, makeToken, withClaims } from "./support/tokens.ts";

let service: TestService;
let cluster: ClusterView;

beforeAll(async () => {
  service = await startService();
  cluster = await runningView(service, managedSettings);
});

afterAll(() => service?.dispose());

describe("the control plane", () => {
  test("has a certificate by which clients trust it under each name and address that was asked for", async () => {
    const { api_server_endpoint: url = "" } = await cluster.endpoints();
    expect(await subjectNames(new URL(url))).toEqual(
      expect.arrayContaining([
        "DNS:api.own.example",
        "IP Address:10.9.8.7",
        "DNS:kubernetes.default.svc.own.example",
        "IP Address:10.96.0.1",
        `IP Address:${new URL(url).hostname}`,
      ]),
    );
    const ca = await readFile(join(cluster.folder, "member-1/pki/ca.crt"), "utf8");
    for (const name of ["api.own.example", "10.9.8.7", "kubernetes.default.svc.own.example"])
      expect(await isTrustedAs(name, new URL(url), ca), name).toBe(true);
    expect(await isTrustedAs("api.other.example", new URL(url), ca)).toBe(false);
  });

  test("issues tokens with the issuer and the audiences that were asked for", async () => {
    expect(claimsOf(await makeToken(cluster.kubectl))).toMatchObject({
      iss: "https://issuer.own.example",
      aud: ["one.own.example", "two.own.example"],
    });
  });

  test("refuses tokens of another issuer and for another audience", async () => {
    const token = await makeToken(cluster.kubectl);
    const key = await readFile(join(cluster.folder, "member-1/pki/sa.key"), "utf8");
    const signedAnew = (iss: string) => withClaims(token, { iss }, key);
    expect(await isAuthenticated(cluster.kubectl, signedAnew("https://issuer.own.example"))).toBe(true);
    expect(await isAuthenticated(cluster.kubectl, signedAnew("https://issuer.other.example"))).toBe(false);
    expect(await isAuthenticated(cluster.kubectl, token, ["two.own.example"])).toBe(true);
    expect(await isAuthenticated(cluster.kubectl, token, ["three.own.example"])).toBe(false);
  });

  test("gives Services addresses of the range that was asked for, and refuses others", async () => {
    const address = (name: string, namespace: string) =>
      cluster.kubectl.run(["-n", namespace, "get", "service", name, "-o", "jsonpath={.spec.clusterIP}"]);
    expect(await address("kubernetes", "default")).toBe("10.96.0.1");
    expect(await address("kube-dns", "kube-system")).toBe("10.96.0.10");
    const outside = cluster.kubectl.run([
      "create",
      "service",
      "clusterip",
      "outside",
      "--tcp=80",
      "--clusterip=10.97.0.1",
    ]);
    // What else is said of it differs from version to version.
    await expect(outside).rejects.toThrow(/failed to allocate.*10\.97\.0\.1/);
  });

  test("starts CronJobs by the time zone that was asked for", async () => {
    expect(await runDailyJob(cluster.kubectl, "by-the-zone", "Asia/Kolkata")).toMatch(/^by-the-zone-/);
  });
});

describe("the nodes", () => {
  test("are named as asked for, by their addresses", async () => {
    for (const { metadata, status } of await cluster.nodes()) {
      const { address } = status.addresses.find(({ type }) => type === "InternalIP") ?? {};
      expect(metadata.name).toBe(`win${address}own`);
    }
  });

  test("are of the region, and of nobody but the workers: the control plane has none", async () => {
    const nodes = await cluster.nodes();
    expect(nodes).toHaveLength(4);
    for (const { metadata, spec } of nodes) {
      expect(metadata.labels["topology.kubernetes.io/region"]).toBe("cn-beijing");
      expect(spec.providerID).toMatch(/^cn-beijing\.i-/);
    }
    expect(await cluster.nodes("node-role.kubernetes.io/control-plane")).toEqual([]);
  });

  test("have shares of the Pod range, of the size that was asked for", async () => {
    const ranges = await eventually(async () => {
      const found = (await cluster.nodes()).map(({ spec }) => spec.podCIDR);
      for (const range of found) expect(range).toMatch(/^10\.20\.\d+\.\d+\/28$/);
      return found;
    });
    expect(new Set(ranges).size).toBe(4);
    expect((await cluster.configMap("kube-flannel-cfg"))["net-conf.json"]).toContain("10.20.0.0/16");
  });

  test("are laid over the vSwitches in turn, with addresses of theirs, in their zones", async () => {
    const vswitches = await cluster.resources("ECS::VSwitch");
    const nodes = await cluster.nodes();
    const places = nodes.map(({ metadata }) => metadata.annotations["sampan.dev/vswitch"]);
    expect(places.toSorted()).toEqual(["vsw-one", "vsw-one", "vsw-two", "vsw-two"]);
    for (const { metadata, status } of nodes) {
      const vswitch = vswitches.find(({ id }) => id === metadata.annotations["sampan.dev/vswitch"]);
      expect(metadata.labels["topology.kubernetes.io/zone"]).toBe(vswitch?.properties.ZoneId);
      const { address = "" } = status.addresses[0] ?? {};
      expect(isWithin(address, String(vswitch?.properties.CidrBlock)), address).toBe(true);
    }
    expect(new Set(vswitches.map(({ properties }) => properties.ZoneId)).size).toBe(2);
    expect(await cluster.resources("ECS::VPC")).toMatchObject([{ id: "vpc-own", existing: true }]);
  });

  test("are of the first instance type that is known", async () => {
    for (const { metadata, status } of await cluster.nodes()) {
      expect(metadata.labels["node.kubernetes.io/instance-type"]).toBe("ecs.n4.xlarge");
      expect(status.capacity).toMatchObject({ cpu: "4", memory: "8Gi" });
    }
  });

  test("run the operating system, the distribution and the container runtime that were asked for", async () => {
    for (const { metadata, status } of await cluster.nodes()) {
      expect(metadata.labels["kubernetes.io/os"]).toBe("windows");
      expect(status.nodeInfo).toMatchObject({
        operatingSystem: "windows",
        osImage: "Windows Server Core",
        containerRuntimeVersion: "containerd://1.4.8",
      });
      expect(metadata.annotations).not.toHaveProperty(["sampan.dev/image-id"]);
    }
  });

  test("have the taints that were asked for", async () => {
    await eventually(async () => {
      for (const { spec } of await cluster.nodes())
        expect(spec.taints).toEqual([
          { key: "for", value: "gpu", effect: "NoExecute" },
          { key: "soft", effect: "PreferNoSchedule" },
        ]);
    });
  });

  test("have the cluster's tags as labels, and as annotations where they cannot be labels", async () => {
    for (const { metadata } of await cluster.nodes("stage=test")) {
      expect(metadata.annotations).toMatchObject({
        "tag.sampan.dev/owner": "the platform team",
        "tag.sampan.dev/long": "v".repeat(100),
        "sampan.dev/tags": '{"成本":"研发"}',
      });
    }
    expect(await cluster.nodes("stage=test")).toHaveLength(4);
    const [gateway] = await cluster.resources("VPC::NatGateway");
    expect(gateway?.properties.Tags).toContainEqual({ Key: "成本", Value: "研发" });
    expect((await cluster.detail()).tags).toContainEqual({ key: "owner", value: "the platform team" });
  });
});

/** Whether an address is of a range. Of IPv4, both. */
function isWithin(address: string, cidr: string): boolean {
  const [base = "", prefix = ""] = cidr.split("/");
  const number = (text: string) => text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return (
    Math.floor(number(address) / 2 ** (32 - Number(prefix))) === Math.floor(number(base) / 2 ** (32 - Number(prefix)))
  );
}

describe("the instances", () => {
  test("that were there join first, lose their names as asked, and stay when the cluster goes", async () => {
    const nodes = await cluster.nodes();
    const ids = nodes.map(({ spec }) => spec.providerID.replace("cn-beijing.", ""));
    expect(ids.filter((id) => id.startsWith("i-own")).toSorted()).toEqual(["i-own1", "i-own2"]);
    expect(new Set(ids).size).toBe(4);
    for (const { metadata } of nodes)
      expect(metadata.annotations["sampan.dev/instance-name"]).toMatch(/^worker-k8s-for-cs-c[0-9a-f]{32}-\d$/);
    for (const { id, existing, deletedWithCluster } of await cluster.resources("ECS::Instance"))
      expect([existing, deletedWithCluster]).toEqual(id.startsWith("i-own") ? [true, false] : [false, true]);
  });

  test("that were there have containers on their last data disk, which is formatted", async () => {
    for (const { metadata, spec, status } of await cluster.nodes()) {
      const wasThere = spec.providerID.includes("i-own");
      expect(status.capacity["ephemeral-storage"]).toBe(wasThere ? "200Gi" : "80Gi");
      const storage = metadata.annotations["sampan.dev/container-storage"];
      if (!wasThere) expect(storage).toBeUndefined();
      else expect(JSON.parse(storage ?? "").paths).toEqual(["/var/lib/docker", "/var/lib/kubelet"]);
    }
  });

  test("have the disks that were asked for", async () => {
    for (const { metadata } of await cluster.nodes()) {
      const disks = (name: string) => JSON.parse(metadata.annotations[`sampan.dev/${name}`] ?? "");
      expect(disks("system-disk")).toEqual({ category: "cloud_efficiency", size: 80 });
      expect(disks("data-disks")).toEqual([
        { category: "cloud_ssd", size: 100, encrypted: true, auto_snapshot_policy_id: "sp-own" },
        { category: "cloud_essd", size: 200, encrypted: false },
      ]);
    }
    const disks = (await cluster.resources("ECS::Disk")).map(({ properties }) => properties);
    expect(disks).toHaveLength(12);
    expect(disks.filter(({ Encrypted }) => Encrypted === true)).toMatchObject(
      Array(4).fill({ Type: "data", Category: "cloud_ssd", Size: 100, AutoSnapshotPolicyId: "sp-own" }),
    );
    expect(disks.filter(({ Type }) => Type === "system")).toMatchObject(
      Array(4).fill({ Category: "cloud_efficiency", Size: 80 }),
    );
  });

  test("are paid for as asked, and their subscription's end is shown", async () => {
    for (const { creation_time, expired_time, instance_charge_type } of await cluster.instances()) {
      expect(instance_charge_type).toBe("PrePaid");
      const end = new Date(String(creation_time));
      end.setUTCFullYear(end.getUTCFullYear() + 1);
      expect(new Date(String(expired_time))).toEqual(end);
    }
    const made = (await cluster.resources("ECS::Instance")).filter(({ existing }) => !existing);
    for (const { properties } of made)
      expect(properties).toMatchObject({ Period: 12, PeriodUnit: "Month", AutoRenew: false, KeyPairName: "own-key" });
  });

  test("have their addresses on the allow-list of each RDS instance", async () => {
    const addresses = (await cluster.nodes()).map(({ status }) => status.addresses[0]?.address);
    const lists = await cluster.resources("RDS::DBInstanceSecurityIps");
    expect(lists.map(({ id }) => id)).toEqual(["rm-one", "rm-two"]);
    for (const { properties } of lists)
      expect((properties.SecurityIps as string[]).toSorted()).toEqual(addresses.toSorted());
  });
});

describe("what a cloud would have made", () => {
  test("is a NAT gateway with an address, and an SNAT entry for each vSwitch", async () => {
    expect(await cluster.resources("VPC::NatGateway")).toHaveLength(1);
    const entries = await cluster.resources("VPC::SnatEntry");
    expect(entries.map(({ properties }) => properties.SourceVSwitchId)).toEqual(["vsw-one", "vsw-two"]);
    const [gateway] = await cluster.resources("VPC::NatGateway");
    const eips = await cluster.resources("VPC::EIP");
    expect(eips.filter(({ needs }) => needs.includes(gateway?.id ?? ""))).toHaveLength(1);
  });

  test("is a security group of the usual kind, which the nodes are in", async () => {
    const [group] = await cluster.resources("ECS::SecurityGroup");
    expect(group).toMatchObject({ existing: false, properties: { SecurityGroupType: "normal" } });
    for (const { metadata } of await cluster.nodes())
      expect(metadata.annotations["sampan.dev/security-group"]).toBe(group?.id);
  });

  test("is what the add-ons' settings ask for", async () => {
    const balancers = await cluster.resources("SLB::LoadBalancer");
    expect(balancers.map(({ properties }) => properties.AddressType)).toEqual(["intranet", "intranet"]);
    const projects = await cluster.resources("SLS::Project");
    expect(projects).toContainEqual(expect.objectContaining({ id: "my-logs", existing: true }));
    const ingress = await cluster.kubectl.json<{ metadata: { annotations: object } }>([
      ...["-n", "kube-system", "get", "service", "nginx-ingress-lb"],
    ]);
    expect(ingress.metadata.annotations).toMatchObject({
      "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": "intranet",
    });
    expect((await cluster.configMap("alibaba-log-configuration"))["log-project"]).toBe("my-logs");
  });
});
