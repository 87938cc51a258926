import { describe, expect, it } from "vitest";
import { keptCluster } from "../../../../../test/support/new-cluster.ts";
import type { Cluster } from "../../../../core/clusters/cluster.ts";
import type { Body } from "../../../common/parameters/testing/places.ts";
import { bodyReader } from "../../../common/parameters/testing/read-body.ts";
import { toUuid } from "../../ids.ts";
import { updateClusterBody } from "./body.ts";
import { concernsProtectionAlone, toClusterChange } from "./to-core.ts";

const read = await bodyReader(updateClusterBody);
const changeOf = (cluster: Cluster, body: Body) => toClusterChange(cluster, read(body, { subject: cluster }).given);
const refused = (cluster: Cluster, body: Body) =>
  read(body, { subject: cluster }).violations.map(({ parameter }) => parameter);

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

const cidrs = (...list: string[]): Body => ({
  spec: { containerNetwork: { cidrs: list.map((cidr) => ({ cidr })) } },
});
const subnets = (...list: string[]): Body => ({
  spec: { eniNetwork: { subnets: list.map((subnetID) => ({ subnetID })) } },
});

describe("an update", () => {
  it.each<[string, Body, object]>([
    ["nothing", {}, {}],
    ["an empty description clears it", { spec: { description: "" } }, { description: "" }],
    ["an alias", { metadata: { alias: "b" } }, { alias: "b" }],
    ["all names of the certificate", { spec: { customSan: ["a.test"] } }, { apiServer: { extraSans: ["a.test"] } }],
    ["protection", { spec: { deletionProtection: false } }, { deletionProtection: false }],
    ["a security group", { spec: { hostNetwork: { SecurityGroup: "sg" } } }, { network: { securityGroupId: "sg" } }],
    [
      "ranges beside the first",
      cidrs("10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"),
      { network: { morePodCidrs: ["10.1.0.0/16", "10.2.0.0/16"] } },
    ],
    [
      "one more range, of which it names that alone",
      cidrs("10.2.0.0/16"),
      { network: { morePodCidrs: ["10.1.0.0/16", "10.2.0.0/16"] } },
    ],
    ["no ranges and no subnets", { spec: { containerNetwork: { cidrs: [] }, eniNetwork: { subnets: [] } } }, {}],
    ["subnets, each once", subnets("subnet-a", "b", "subnet-a"), { network: { podVswitchIds: ["subnet-a", "b"] } }],
  ])("may ask for %s", (_name, body, change) => {
    expect(changeOf(routed, body)).toEqual({ spec: { apiServer: {}, network: {}, ...change } });
  });

  it("may ask for what is only kept, beside what is kept by then", () => {
    const { request } = changeOf(routed, { spec: { agencyName: "x" } });
    const current = { more: 1, spec: { flavor: "cce.s1.small", enableAutoResizing: true } };
    expect(request?.(current)).toEqual({ more: 1, spec: { ...current.spec, agencyName: "x" } });
  });

  it.each<[Body, boolean]>([
    [{ spec: { deletionProtection: false } }, true],
    [{ metadata: {}, spec: { deletionProtection: true } }, true],
    [{ spec: { deletionProtection: false, description: "" } }, false],
    [{ spec: { deletionProtection: false, agencyName: "x" } }, false],
    [{ metadata: { alias: "b" }, spec: { deletionProtection: false } }, false],
    [{ metadata: { alias: "b" } }, false],
    [{}, false],
  ])("%j is of the protection alone: %s", (body, alone) => {
    expect(concernsProtectionAlone(changeOf(routed, body))).toBe(alone);
  });
});

const many = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);
const ranges = (length: number) => cidrs(...Array.from({ length }, (_, n) => `10.${n}.0.0/16`));
const longName = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`;

describe("the limits of an update, which are those of a creation", () => {
  it.each<[string, Cluster, Body]>([
    ["20 ranges", routed, ranges(20)],
    ["20 subnets", onVpc, subnets("subnet-a", ...many(19, "x".repeat(128)))],
    ["100 names", routed, { spec: { customSan: many(100, longName) } }],
  ])("let %s through", (_name, cluster, body) => {
    expect(refused(cluster, body)).toEqual([]);
  });

  it.each<[string, Cluster, Body, string]>([
    ["21 ranges", routed, ranges(21), "spec.containerNetwork.cidrs"],
    ["21 subnets", onVpc, subnets("subnet-a", ...many(20, "b")), "spec.eniNetwork.subnets"],
    [
      "69,000 subnets without an id",
      onVpc,
      { spec: { eniNetwork: { subnets: many(69_000, {}) } } },
      "spec.eniNetwork.subnets",
    ],
    ["a subnet with a long id", onVpc, subnets("subnet-a", "x".repeat(129)), "spec.eniNetwork.subnets[1].subnetID"],
    ["a subnet with an empty id", onVpc, subnets("subnet-a", ""), "spec.eniNetwork.subnets[1].subnetID"],
    ["101 names", routed, { spec: { customSan: many(101, "a.test") } }, "spec.customSan"],
    ["a long name", routed, { spec: { customSan: ["x".repeat(254)] } }, "spec.customSan[0]"],
    ["a long agency", routed, { spec: { agencyName: "x".repeat(1025) } }, "spec.agencyName"],
  ])("refuse %s", (_name, cluster, body, parameter) => {
    expect(refused(cluster, body)).toEqual([parameter]);
  });
});

describe("the check of an update", () => {
  it.each<[string, Cluster, Body]>([
    ["ranges are added", routed, cidrs("10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16")],
    ["a range is added, of which it names that alone", routed, cidrs("10.2.0.0/16")],
    [
      "members that nobody set are sent all the same",
      onVpc,
      {
        metadata: { labels: {} },
        spec: {
          ...{ type: "", billingMode: 0, ipv6enable: false, masters: [], publicAccess: { cidrs: [] } },
          ...{ containerNetwork: { mode: "", cidrs: [] }, eniNetwork: { subnets: [] }, hostNetwork: { vpc: "" } },
        },
      },
    ],
    ["subnets are added", onVpc, subnets("subnet-b", "subnet-a")],
    ["it is named", routed, { metadata: { name: routed.name, uid: toUuid(routed.id), alias: "b" } }],
    ["names are DNS names or addresses", routed, { spec: { customSan: ["*.a.test", "10.0.0.1"] } }],
  ])("accepts that %s", (_name, cluster, body) => {
    expect(refused(cluster, body)).toEqual([]);
  });

  it.each<[string, Cluster, Body, string[]]>([
    [
      "what cannot be changed",
      routed,
      { spec: { flavor: "cce.s2.small", version: "v1.9" } },
      ["spec.flavor", "spec.version"],
    ],
    [
      "what cannot be changed within what can be",
      onVpc,
      {
        metadata: { alias: "b", labels: { a: "b" } },
        spec: {
          hostNetwork: { SecurityGroup: "sg", vpc: "v" },
          containerNetwork: { mode: "x" },
          eniNetwork: { eniSubnetId: "s" },
        },
      },
      ["metadata.labels", "spec.containerNetwork.mode", "spec.eniNetwork.eniSubnetId", "spec.hostNetwork.vpc"],
    ],
    [
      "what an entry cannot have",
      onVpc,
      { spec: { eniNetwork: { subnets: [{ subnetID: "subnet-a" }, { subnetID: "b", cidr: "10.0.0.0/16" }] } } },
      ["spec.eniNetwork.subnets[1].cidr"],
    ],
    ["another name", routed, { metadata: { name: "other", uid: "other" } }, ["metadata.name", "metadata.uid"]],
    ["names that are none", routed, { spec: { customSan: ["a.test", "a b"] } }, ["spec.customSan[1]"]],
    ["a range that is taken away", routed, cidrs("10.0.0.0/16"), ["spec.containerNetwork.cidrs"]],
    [
      "one that is taken away for another",
      routed,
      cidrs("10.1.0.0/16", "10.2.0.0/16"),
      ["spec.containerNetwork.cidrs"],
    ],
    [
      "a new range alone that is in use, or of the Services",
      routed,
      cidrs("10.1.128.0/17", network.serviceCidr),
      [0, 1].map((index) => `spec.containerNetwork.cidrs[${index}].cidr`),
    ],
    [
      "more ranges than there may be",
      routed,
      cidrs(...Array.from({ length: 19 }, (_, index) => `10.${index + 2}.0.0/16`)),
      ["spec.containerNetwork.cidrs"],
    ],
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
    expect(refused(cluster, body).toSorted()).toEqual(parameters.toSorted());
  });
});
