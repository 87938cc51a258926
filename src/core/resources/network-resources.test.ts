import { describe, expect, it } from "vitest";
import { clusterId, ofKind, plan, planned, references, type Wanted } from "../../../test/support/resource-plan.ts";
import { plannedResources } from "./plan-resources.ts";
import type { ClusterResource } from "./resource.ts";

describe("the resources of a cluster", () => {
  it("are, at the least, its network, its group, its balancer, and those of its pool", () => {
    const resources = planned({ apiServer: { publicEndpoint: false } });
    expect(references(resources)).toEqual([
      ...["stack stack-1", "vpc vpc-1", "vswitch vsw-1", "security-group sg-1", "load-balancer lb-1"],
      ...["scaling-group asg-1", "scaling-configuration asc-1", "instance i-np1-0", "disk d-1"],
    ]);
    expect(resources.filter(({ existing }) => existing).map(({ kind }) => kind)).toEqual(["vpc", "vswitch"]);
    expect(resources.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("need only what comes before them", () => {
    const addons = [{ name: "nginx-ingress-controller", version: undefined, config: "", disabled: false }];
    const resources = planned({
      ...{ kind: "dedicated", addons, cloud: { snat: true, publicSsh: true } },
      pools: [
        { role: "control-plane", size: 3 },
        { size: 2, rdsInstances: ["rm-1"], securityGroupIds: ["sg-x"] },
      ],
    });
    const seen = new Set<string>();
    for (const { kind, id, dependencies } of resources) {
      for (const needed of dependencies) expect(seen).toContain(`${needed.kind} ${needed.id}`);
      seen.add(`${kind} ${id}`);
    }
    expect(seen.size).toBe(resources.length);
  });

  it.each<[string, Wanted, string[]]>([
    ["no SNAT, public endpoint", { cloud: { snat: false } }, ["eip eip-1 k8s_master_slb_eip"]],
    ["no SNAT, inner endpoint", { cloud: { snat: false }, apiServer: { publicEndpoint: false } }, []],
    [
      "SNAT, inner endpoint",
      { cloud: { snat: true }, apiServer: { publicEndpoint: false } },
      [
        "nat-gateway ngw-1 k8s_NAT_Gateway",
        "eip eip-1 k8s_NAT_Gateway_eip",
        "snat-entry snat-1 k8s_NAT_Gateway_SNATEntry",
      ],
    ],
    [
      "SNAT of two vSwitches, public endpoint",
      { cloud: { snat: true }, pools: [{}, { vswitchIds: ["vsw-2"] }] },
      [
        ...["eip eip-1 k8s_master_slb_eip", "nat-gateway ngw-1 k8s_NAT_Gateway", "eip eip-2 k8s_NAT_Gateway_eip"],
        ...["snat-entry snat-1 k8s_NAT_Gateway_SNATEntry", "snat-entry snat-2 k8s_NAT_Gateway_SNATEntry"],
      ],
    ],
  ])("have the ways to the public network: %s", (_, wanted, expected) => {
    const found = planned(wanted).filter(({ kind }) => ["eip", "nat-gateway", "snat-entry"].includes(kind));
    expect(found.map(({ kind, id, name }) => `${kind} ${id} ${name}`)).toEqual(expected);
  });

  it("have a load balancer of the size that was asked for, in the inner network", () => {
    expect(ofKind(planned({ cloud: { loadBalancerSpec: "slb.s3.large" } }), "load-balancer")).toMatchObject([
      {
        ...{ id: "lb-1", name: "k8s_master_slb", existing: false, creator: "system" },
        details: { loadBalancerSpec: "slb.s3.large", addressType: "intranet", vswitchId: "vsw-1", listenerPort: 6443 },
        dependencies: [{ kind: "vswitch", id: "vsw-1" }],
      },
    ]);
  });

  it.each<[string, Wanted, Partial<ClusterResource>[]]>([
    ["basic", {}, [{ id: "sg-1", existing: false, details: { vpcId: "vpc-1", securityGroupType: "normal" } }]],
    [
      "enterprise",
      { network: { enterpriseSecurityGroup: true } },
      [{ id: "sg-1", existing: false, details: { vpcId: "vpc-1", securityGroupType: "enterprise" } }],
    ],
    [
      "named, which wins",
      { network: { enterpriseSecurityGroup: true, securityGroupId: "sg-own" } },
      [{ id: "sg-own", existing: true, creator: "user", details: { vpcId: "vpc-1" } }],
    ],
    [
      "of pools, each once",
      {
        network: { securityGroupId: "sg-own" },
        pools: [{ securityGroupIds: ["sg-own", "sg-a"] }, { securityGroupIds: ["sg-a", "sg-b"] }],
      },
      [
        { id: "sg-own", nodePoolId: null },
        { id: "sg-a", nodePoolId: "np1", existing: true },
        { id: "sg-b", nodePoolId: "np2", existing: true },
      ],
    ],
  ])("have security groups: %s", (_, wanted, expected) => {
    expect(ofKind(planned(wanted), "security-group")).toMatchObject(expected);
  });

  it.each<[string, Wanted, number]>([
    ["dedicated and asked for", { kind: "dedicated", cloud: { publicSsh: true } }, 1],
    ["dedicated and not asked for", { kind: "dedicated", cloud: { publicSsh: false } }, 0],
    ["managed, where there is nothing to log in to", { kind: "managed", cloud: { publicSsh: true } }, 0],
  ])("admit public SSH: %s", (_, wanted, count) => {
    const rules = ofKind(planned(wanted), "security-group-rule");
    expect(rules).toHaveLength(count);
    for (const rule of rules)
      expect(rule).toMatchObject({
        details: { portRange: "22/22", ipProtocol: "tcp", sourceCidrIp: "0.0.0.0/0" },
        dependencies: [{ kind: "security-group", id: "sg-1" }],
      });
  });

  it("have members without a scaling group", () => {
    const resources = planned({
      ...{ kind: "dedicated", apiServer: { publicEndpoint: false } },
      pools: [
        {
          role: "control-plane",
          size: 3,
          systemDisk: { category: "cloud_essd", sizeGiB: 120, performanceLevel: "PL1" },
        },
      ],
    });
    expect(ofKind(resources, "scaling-group")).toEqual([]);
    expect(ofKind(resources, "instance").map(({ name, details }) => [name, details.role])).toEqual([
      [`master-k8s-for-cs-c${clusterId}-0`, "Master"],
      [`master-k8s-for-cs-c${clusterId}-1`, "Master"],
      [`master-k8s-for-cs-c${clusterId}-2`, "Master"],
    ]);
    expect(ofKind(resources, "disk").map(({ details }) => details)).toEqual(
      Array(3).fill({ type: "system", category: "cloud_essd", size: 120, performanceLevel: "PL1" }),
    );
  });

  it.each<[string, Wanted["cloud"], boolean]>([
    ["made", {}, false],
    ["named", { eipId: "eip-1" }, true],
  ])("have a public address that is %s", (_, cloud, existing) => {
    expect(ofKind(planned({ cloud }), "eip")).toMatchObject([
      { id: "eip-1", name: "k8s_master_slb_eip", existing, dependencies: [{ kind: "load-balancer", id: "lb-1" }] },
    ]);
  });
});

describe("the resources of a cluster of CCE", () => {
  const plannedByCce = (wanted: Wanted) => plannedResources({ ...plan(wanted), dialect: "cce" });

  it("are its network, its group and the public address of its control plane", () => {
    const wanted = { pools: [], cloud: { snat: false, loadBalancerSpec: "" } };
    const resources = plannedByCce(wanted);
    expect(references(resources)).toEqual(["vpc vpc-1", "vswitch vsw-1", "security-group sg-1", "eip eip-1"]);
    expect(resources.at(-1)).toMatchObject({ name: "k8s_master_eip", existing: false, dependencies: [] });
    expect(references(plannedByCce({ ...wanted, apiServer: { publicEndpoint: false } }))).not.toContain("eip eip-1");
  });

  it("need only what comes before them", () => {
    const resources = plannedByCce({ pools: [{ size: 2, securityGroupIds: ["sg-x"] }] });
    const seen = new Set<string>();
    for (const { kind, id, dependencies } of resources) {
      for (const needed of dependencies) expect(seen).toContain(`${needed.kind} ${needed.id}`);
      seen.add(`${kind} ${id}`);
    }
    expect(seen.size).toBe(resources.length);
  });
});
