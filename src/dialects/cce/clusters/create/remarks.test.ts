import { describe, expect, it } from "vitest";
import type { Body } from "../../../common/parameters/testing/places.ts";
import { sampleOf, smallest, terraforms, turbo, withProxy, withSpec } from "./testing/bodies.ts";
import { packed, pems } from "./testing/certificates.ts";
import { remarksOn } from "./testing/validate.ts";

const router = (members: Body, more: Body = {}) =>
  withSpec({ containerNetwork: { mode: "vpc-router", ...members }, ...more });

describe("what the user is told of an accepted body", () => {
  it.each<[string, Body]>([
    ["the documents' sample of virtual machines", sampleOf("VirtualMachine")],
    ["the documents' sample of bare-metal machines", sampleOf("BareMetal")],
    ["the least", smallest],
    ["one with pods on network interfaces", turbo],
    ["terraform's, with its empty placeholders", terraforms],
    ["what is turned off", withSpec({ enableDistMgt: false, enableAutopilot: false, publicAccess: { cidrs: [] } })],
  ])("is nothing of %s", (_what, body) => {
    expect(remarksOn(body)).toEqual([]);
  });

  it.each<[string, Body, string[]]>([
    [
      "which fields are unknown",
      { ...withSpec({ shoeSize: 43, masters: [{ colour: "red" }], extendParam: { foo: "bar" } }), extra: 1 },
      ["These fields are not known and have no effect: spec.shoeSize, spec.masters[0].colour, extra."],
    ],
    [
      "which fields are the service's to say",
      {
        ...withSpec({ az: "a", extendParam: { orderID: "1" } }),
        metadata: { name: "demo", uid: "x" },
        status: { phase: "x" },
      },
      [
        "These fields are the service's to say and are not taken: metadata.uid, status, spec.az, spec.extendParam.orderID.",
      ],
    ],
    [
      "which fields ask for what is not done",
      withSpec({
        enableDistMgt: true,
        configurationsOverride: [{ name: "etcd", configurations: [{ name: "a" }] }],
        publicAccess: { cidrs: ["10.0.0.0/8"] },
        extendParam: { dockerUmaskMode: "secure" },
      }),
      [
        "These fields are kept and shown, and what they ask for is not done: spec.enableDistMgt, spec.configurationsOverride, spec.publicAccess, spec.extendParam.dockerUmaskMode.",
      ],
    ],
    [
      "that an annotation installs nothing",
      { ...smallest, metadata: { name: "demo", annotations: { "cluster.install.addons/install": "[]" } } },
      ["The annotation cluster.install.addons/install is kept and shown, and installs no add-ons."],
    ],
    [
      "which type a flavor is meant for",
      withSpec({ flavor: "cce.t1.small" }),
      ["Flavor cce.t1.small is meant for BareMetal clusters, and this one is of type VirtualMachine."],
    ],
    [
      "how many nodes the Pod range has room for",
      router({ cidr: "172.16.0.0/16" }, { flavor: "cce.s2.large" }),
      [
        "Flavor cce.s2.large is for 1000 nodes, and the Pod range 172.16.0.0/16 has room for 256, with a share of /24 each.",
      ],
    ],
    [
      "the same of narrower shares",
      router({ cidr: "172.16.0.0/24" }, { extendParam: { "alpha.cce/fixPoolMask": "28" } }),
      [
        "Flavor cce.s1.small is for 50 nodes, and the Pod range 172.16.0.0/24 has room for 16, with a share of /28 each.",
      ],
    ],
    [
      "what becomes of further Pod ranges",
      router({ cidrs: [{ cidr: "10.0.0.0/16" }, { cidr: "10.1.0.0/16" }] }),
      ["Nodes have no share of the further Pod ranges 10.1.0.0/16 yet; they are kept free for the cluster."],
    ],
    [
      "that a high-speed subnet is for bare-metal nodes",
      withSpec({ hostNetwork: { vpc: "a", subnet: "b", highwaySubnet: "c" } }),
      ["spec.hostNetwork.highwaySubnet is for BareMetal clusters; it is kept and registered."],
    ],
    [
      "that eni has no Pod range",
      withSpec({ containerNetwork: { mode: "eni", cidr: "10.0.0.0/16" } }, turbo),
      ["The Pod range has no effect with eni."],
    ],
    [
      "what goes with eni only",
      withSpec({ category: "Turbo", eniNetwork: { eniSubnetId: "a" } }),
      [
        "spec.eniNetwork has no effect without the container network eni.",
        "spec.category Turbo has no effect without the container network eni.",
      ],
    ],
    [
      "that IPv6 is off",
      withSpec({ serviceNetwork: { IPv6CIDR: "fc00::/112" } }),
      ["spec.serviceNetwork.IPv6CIDR has no effect without spec.ipv6enable."],
    ],
    [
      "that there is no proxy",
      withSpec({ authentication: { mode: "x509", authenticatingProxy: { ca: packed(pems.ca) } } }),
      ["spec.authentication.authenticatingProxy has no effect without the mode authenticating_proxy."],
    ],
    [
      "that a proxy's certificate is not needed",
      withProxy,
      [
        "The API server needs no certificate and key of the proxy: spec.authentication.authenticatingProxy.ca alone has an effect.",
      ],
    ],
    [
      "that a KMS key is not used",
      withSpec({ encryptionConfig: { mode: "Default", kmsKeyID: "key" } }),
      ["spec.encryptionConfig.kmsKeyID has no effect with the mode Default."],
    ],
    [
      "which zones win",
      withSpec({ masters: [{ availabilityZone: "a" }], extendParam: { clusterAZ: "b" } }),
      ["spec.extendParam.clusterAZ has no effect beside the zones in spec.masters."],
    ],
  ])("is %s", (_what, body, remarks) => {
    expect(remarksOn(body)).toEqual(remarks);
  });

  it.each<[string, Body]>([
    ["a zone beside members that name none", withSpec({ masters: [{}], extendParam: { clusterAZ: "b" } })],
    ["a KMS key without a mode", withSpec({ encryptionConfig: { kmsKeyID: "key" } })],
    [
      "an IPv6 range in a cluster with IPv6",
      withSpec({ ipv6enable: true, serviceNetwork: { IPv6CIDR: "fc00::/112" } }),
    ],
  ])("is nothing of %s", (_what, body) => {
    expect(remarksOn(body)).toEqual([]);
  });
});
