import { describe, expect, it } from "vitest";
import { keptCluster } from "../../../test/support/new-cluster.ts";
import { checkUpdate, toClusterChange, type UpdateClusterBody } from "./update-cluster.ts";

const { network } = keptCluster().spec;
const routed = keptCluster({
  dialect: "cce",
  request: { spec: { flavor: "cce.s1.small" } },
  spec: { network: { ...network, plugin: "vpc-router", podCidr: "10.0.0.0/16", morePodCidrs: ["10.1.0.0/16"] } },
});
const onVpc = keptCluster({
  dialect: "cce",
  spec: { network: { ...network, plugin: "eni", podCidr: undefined, podVswitchIds: ["subnet-a"] } },
});

const cidrs = (...list: string[]): UpdateClusterBody => ({
  spec: { containerNetwork: { cidrs: list.map((cidr) => ({ cidr })) } },
});
const subnets = (...list: string[]): UpdateClusterBody => ({
  spec: { eniNetwork: { subnets: list.map((subnetID) => ({ subnetID })) } },
});

describe("an update", () => {
  it.each<[string, UpdateClusterBody, object]>([
    ["nothing", {}, {}],
    ["an empty description clears it", { spec: { description: "" } }, { description: "" }],
    ["an alias", { metadata: { alias: "b" } }, { alias: "b" }],
    ["all names of the certificate", { spec: { customSan: ["a.test"] } }, { extraSans: ["a.test"] }],
    ["protection", { spec: { deletionProtection: false } }, { deletionProtection: false }],
    ["a security group", { spec: { hostNetwork: { SecurityGroup: "sg" } } }, { securityGroupId: "sg" }],
    [
      "ranges beside the first",
      cidrs("10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"),
      { morePodCidrs: ["10.1.0.0/16", "10.2.0.0/16"] },
    ],
    ["subnets", subnets("subnet-a", "subnet-b"), { podVswitchIds: ["subnet-a", "subnet-b"] }],
    [
      "what is only kept",
      { spec: { agencyName: "x" } } as UpdateClusterBody,
      { request: { spec: { flavor: "cce.s1.small", agencyName: "x" } } },
    ],
  ])("may ask for %s", (_name, body, change) => {
    const given = Object.entries(toClusterChange(routed, body)).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual(change);
  });
});

describe("the check of an update", () => {
  it.each<[string, typeof routed, UpdateClusterBody]>([
    ["ranges are added", routed, cidrs("10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16")],
    ["subnets are added", onVpc, subnets("subnet-b", "subnet-a")],
    ["names are DNS names or addresses", routed, { spec: { customSan: ["*.a.test", "10.0.0.1"] } }],
  ])("accepts that %s", (_name, cluster, body) => {
    expect(checkUpdate(cluster, body)).toEqual([]);
  });

  it.each<[string, typeof routed, object, string[]]>([
    [
      "what cannot be changed",
      routed,
      { spec: { flavor: "cce.s2.small", version: "v1.9" } },
      ["spec.flavor", "spec.version"],
    ],
    ["names that are none", routed, { spec: { customSan: ["a.test", "a b"] } }, ["spec.customSan[1]"]],
    ["a range that is taken away", routed, cidrs("10.0.0.0/16"), ["spec.containerNetwork.cidrs"]],
    [
      "a range that is none, one in use, and one of the Services",
      routed,
      cidrs("10.0.0.0/16", "10.1.0.0/16", "x", "10.1.128.0/17", network.serviceCidr),
      [2, 3, 4].map((index) => `spec.containerNetwork.cidrs[${index}].cidr`),
    ],
    ["ranges in a mode without", onVpc, cidrs("10.0.0.0/16"), ["spec.containerNetwork.cidrs"]],
    ["a subnet that is taken away", onVpc, subnets("subnet-b"), ["spec.eniNetwork.subnets"]],
    ["subnets in a mode without", routed, subnets("subnet-b"), ["spec.eniNetwork.subnets"]],
  ])("refuses %s", (_name, cluster, body, parameters) => {
    expect(checkUpdate(cluster, body as UpdateClusterBody).map(({ parameter }) => parameter)).toEqual(parameters);
  });
});
