import { describe, expect, it } from "vitest";
import { plan, planned, references, type Wanted } from "../../../test/support/resource-plan.ts";
import { changedResources, type ResourceChange } from "./change-resources.ts";
import { plannedResources } from "./plan-resources.ts";
import type { ClusterResource } from "./resource.ts";

const at = new Date("2026-02-01T00:00:00.000Z");
const podVswitch = { id: "vsw-pods", vpcId: "vpc-1", zone: "cn-beijing-b", cidr: "192.168.8.0/22" };

/** The resources of a cluster after it has become another one. */
function changed(before: Wanted, after: Wanted, addedVswitches: ResourceChange["addedVswitches"] = []) {
  const { cluster } = plan(after);
  return changedResources(planned(before), {
    dialect: "ack",
    cluster,
    addedVswitches,
    at,
    newId: (prefix) => `${prefix}-new`,
  });
}

const inner = { apiServer: { publicEndpoint: false } };

describe("changed resources", () => {
  it("are as before where nothing of them has changed", () => {
    const wanted = { ...inner, cloud: { snat: true }, tags: { team: "blue" } };
    expect(changed(wanted, wanted)).toEqual(planned(wanted));
  });

  it("have a named group in the place of the one that was made, also among what others need", () => {
    const named = { ...inner, network: { securityGroupId: "sg-named" } };
    const resources = changed(inner, named);
    expect(references(resources)).toEqual(references(planned(named)));
    expect(resources.flatMap(({ dependencies }) => dependencies)).not.toContainEqual({
      kind: "security-group",
      id: "sg-1",
    });
    expect(resources).toEqual(ofSameAge(planned(named), "sg-named"));
  });

  it("have a named group once, also where a pool named it before", () => {
    const pools = [{ securityGroupIds: ["sg-named"] }];
    const resources = changed({ ...inner, pools }, { ...inner, pools, network: { securityGroupId: "sg-named" } });
    expect(references(resources).filter((reference) => reference === "security-group sg-named")).toHaveLength(1);
    expect(resources.map(({ ordinal }) => ordinal)).toEqual(resources.map((_, index) => index));
  });

  it("have vSwitches that are added, each once", () => {
    const resources = changed(inner, inner, [podVswitch, { ...podVswitch, id: "vsw-1" }]);
    expect(references(resources)).toEqual([...references(planned(inner)), "vswitch vsw-pods"]);
    expect(resources.at(-1)).toMatchObject({
      ...{ existing: true, creator: "user", createdAt: at },
      details: { vpcId: "vpc-1", zoneId: "cn-beijing-b", cidrBlock: "192.168.8.0/22" },
    });
  });

  it("have a public address that leads to the load balancer, with the cluster's tags", () => {
    const tags = { team: "blue" };
    const resources = changed({ ...inner, tags }, { apiServer: { publicEndpoint: true }, tags });
    expect(resources.at(-1)).toMatchObject({
      ...{ kind: "eip", id: "eip-new", name: "k8s_master_slb_eip", existing: false, creator: "system" },
      ...{ details: { tags }, dependencies: [{ kind: "load-balancer", id: "lb-1" }] },
    });
  });

  it("have another public address where another one is named", () => {
    const named = { apiServer: { publicEndpoint: true }, cloud: { eipId: "eip-named" } };
    const resources = changed({ apiServer: { publicEndpoint: true } }, named);
    expect(references(resources).filter((reference) => reference.startsWith("eip"))).toEqual(["eip eip-named"]);
    expect(resources.at(-1)).toMatchObject({ name: "k8s_master_slb_eip", existing: true, creator: "user" });
  });

  it("lose the public address, and no other one", () => {
    const before = { apiServer: { publicEndpoint: true }, cloud: { snat: true } };
    const resources = changed(before, { ...before, ...inner });
    const eips = (list: readonly ClusterResource[]) =>
      list.filter(({ kind }) => kind === "eip").map(({ name }) => name);
    expect(eips(planned(before))).toEqual(["k8s_master_slb_eip", "k8s_NAT_Gateway_eip"]);
    expect(eips(resources)).toEqual(["k8s_NAT_Gateway_eip"]);
  });

  it("lose the public address of a control plane of CCE", () => {
    const ofCce = { ...plan(inner), dialect: "cce" } as const;
    const before = plannedResources({ ...plan({ pools: [] }), dialect: "cce" });
    expect(references(before)).toContain("eip eip-1");
    expect(references(changedResources(before, { ...ofCce, addedVswitches: [] }))).not.toContain("eip eip-1");
  });
});

/** The resources, one of them made at the time of the change. */
const ofSameAge = (resources: readonly ClusterResource[], id: string): ClusterResource[] =>
  resources.map((resource) => (resource.id === id ? { ...resource, createdAt: at } : resource));
