import { describe, expect, it } from "vitest";
import { keptCluster } from "../../../../../test/support/new-cluster.ts";
import { schemaViolations } from "../../../common/parameters/testing/schema-violations.fixture.ts";
import { toUuid } from "../../ids.ts";
import { updateClusterBody } from "../../schemas.ts";
import { checkUpdate, concernsProtectionAlone, toClusterChange, type UpdateClusterBody } from "./to-core.ts";

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
    ["no ranges and no subnets", { spec: { ...cidrs().spec, ...subnets().spec } }, {}],
    ["subnets, each once", subnets("subnet-a", "b", "subnet-a"), { network: { podVswitchIds: ["subnet-a", "b"] } }],
  ])("may ask for %s", (_name, body, change) => {
    expect(toClusterChange(routed, body)).toEqual({ spec: { apiServer: {}, network: {}, ...change } });
  });

  it("may ask for what is only kept, beside what is kept by then", () => {
    const { request } = toClusterChange(routed, { spec: { agencyName: "x" } } as UpdateClusterBody);
    const current = { more: 1, spec: { flavor: "cce.s1.small", enableAutoResizing: true } };
    expect(request?.(current)).toEqual({ more: 1, spec: { ...current.spec, agencyName: "x" } });
  });

  it.each<[object, boolean]>([
    [{ spec: { deletionProtection: false } }, true],
    [{ metadata: {}, spec: { deletionProtection: true } }, true],
    [{ spec: { deletionProtection: false, description: "" } }, false],
    [{ spec: { deletionProtection: false, agencyName: "x" } }, false],
    [{ metadata: { alias: "b" }, spec: { deletionProtection: false } }, false],
    [{ metadata: { alias: "b" } }, false],
    [{}, false],
  ])("%j is of the protection alone: %s", (body, alone) => {
    expect(concernsProtectionAlone(toClusterChange(routed, body))).toBe(alone);
  });
});

const ofSchema = await schemaViolations(updateClusterBody);
const many = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);

describe("the schema of an update", () => {
  it.each<[string, object]>([
    ["20 ranges", cidrs(...many(20, "255.255.255.255/32"))],
    ["20 subnets", subnets(...many(20, "x".repeat(128)))],
    ["100 names", { spec: { customSan: many(100, "x".repeat(253)) } }],
  ])("takes %s", (_name, body) => {
    expect(ofSchema(structuredClone(body))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["21 ranges", cidrs(...many(21, "10.0.0.0/16")), "spec.containerNetwork.cidrs"],
    ["a long range", cidrs("10.0.0.0/16".padEnd(19)), "spec.containerNetwork.cidrs[0].cidr"],
    ["21 subnets", subnets(...many(21, "a")), "spec.eniNetwork.subnets"],
    [
      "69,000 subnets without an id",
      { spec: { eniNetwork: { subnets: many(69_000, {}) } } },
      "spec.eniNetwork.subnets",
    ],
    ["a subnet with a long id", subnets("x".repeat(129)), "spec.eniNetwork.subnets[0].subnetID"],
    ["a subnet with an empty id", subnets(""), "spec.eniNetwork.subnets[0].subnetID"],
    ["101 names", { spec: { customSan: many(101, "a.test") } }, "spec.customSan"],
    ["a long name", { spec: { customSan: ["x".repeat(254)] } }, "spec.customSan[0]"],
  ])("refuses %s", (_name, body, parameter) => {
    expect(ofSchema(structuredClone(body)).map((violation) => violation.parameter)).toEqual([parameter]);
  });
});

describe("the check of an update", () => {
  it.each<[string, typeof routed, UpdateClusterBody]>([
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
      } as UpdateClusterBody,
    ],
    ["subnets are added", onVpc, subnets("subnet-b", "subnet-a")],
    [
      "it is named",
      routed,
      { metadata: { name: routed.name, uid: toUuid(routed.id), alias: "b" } } as UpdateClusterBody,
    ],
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
      ["spec.eniNetwork.subnets[].cidr"],
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
    expect(checkUpdate(cluster, body as UpdateClusterBody).map(({ parameter }) => parameter)).toEqual(parameters);
  });
});
