import { describe, expect, it } from "vitest";
import { describeViolation } from "../../../common/errors/violations.ts";
import type { Body } from "../../../common/parameters/testing/places.ts";
import { sampleOf, smallest, terraforms, turbo, withProxy, withSpec } from "./testing/bodies.ts";
import { packed, pems, unusual } from "./testing/certificates.ts";
import { refused, violationsOf } from "./testing/validate.ts";

const said = (body: unknown): string[] => violationsOf(body).map(describeViolation);
const proxy = (authenticatingProxy: Body, mode = "authenticating_proxy"): Body =>
  withSpec({ authentication: { mode, authenticatingProxy } });
const place = "spec.authentication.authenticatingProxy";
const containers = (containerNetwork: Body, more: Body = {}): Body => withSpec({ containerNetwork, ...more });

describe("bodies that are accepted as they stand", () => {
  it.each([
    ["the documents' sample of virtual machines", sampleOf("VirtualMachine")],
    ["the documents' sample of bare-metal machines", sampleOf("BareMetal")],
    ["the least", smallest],
    ["terraform's, with its empty placeholders", terraforms],
    ["one with pods on network interfaces", turbo],
    ["one behind a proxy", withProxy],
    ["one behind a proxy of which only the authority is given", proxy({ ca: packed(pems.ca) })],
    ["one of Windows nodes", withSpec({ type: "Windows" })],
    ["one whose kind is in lower case", { ...smallest, kind: "cluster" }],
    [
      "one that leaves its type open, as Cluster API sends it",
      withSpec({ type: undefined, category: "CCE", billingMode: 0, publicAccess: {}, agencyName: "" }),
    ],
    ["one whose flavor is meant for another type", withSpec({ flavor: "cce.t1.small" })],
  ])("%s", (_what, body) => {
    expect(refused(body, { strict: true })).toEqual([]);
  });

  it("the documents' sample with hostNetwork misspelt, as the documents' tables have it", () => {
    const { hostNetwork, ...spec } = sampleOf("VirtualMachine").spec as Body;
    expect(refused({ ...sampleOf("VirtualMachine"), spec: { ...spec, hostNetwok: hostNetwork } })).toEqual([]);
  });
});

describe("what is mandatory", () => {
  it("is named with what to give, once each", () => {
    expect(said({})).toEqual([
      "kind is mandatory: Cluster",
      "apiVersion is mandatory: v3",
      "metadata is mandatory: it has the cluster's name",
      "spec is mandatory: it has what is wanted of the cluster",
    ]);
    expect(said({ ...smallest, metadata: { name: "" }, spec: {} })).toEqual([
      "spec.flavor is mandatory: e.g. cce.s1.small, or cce.s2.small for three control-plane members",
      "spec.hostNetwork is mandatory: it has the VPC and the subnet of the nodes",
      "spec.containerNetwork is mandatory: it has the mode of the container network",
      "metadata.name is mandatory: name the cluster",
    ]);
  });

  it.each<[string, Body, string[]]>([
    [
      "for bare-metal clusters, the high-speed subnet",
      withSpec({ type: "BareMetal", flavor: "cce.t1.small" }),
      ["spec.hostNetwork.highwaySubnet"],
    ],
    ["with eni, subnets of the pods", containers({ mode: "eni" }), ["spec.eniNetwork.subnets"]],
    ["with a proxy, its authority", proxy({}), [`${place}.ca`]],
    [
      "with a proxy, its authority beside its certificate",
      proxy({ cert: packed(pems.cert), privateKey: packed(pems.key) }),
      [`${place}.ca`],
    ],
    [
      "with a proxy's certificate, its key",
      proxy({ ca: packed(pems.ca), cert: packed(pems.cert) }),
      [`${place}.privateKey`],
    ],
    [
      "with a proxy's key, its certificate",
      proxy({ ca: packed(pems.ca), privateKey: packed(pems.key) }),
      [`${place}.cert`],
    ],
    ["with KMS, the key", withSpec({ encryptionConfig: { mode: "KMS" } }), ["spec.encryptionConfig.kmsKeyID"]],
  ])("is, %s", (_when, body, names) => {
    expect(refused(body)).toEqual(names);
  });
});

describe("the control plane", () => {
  it.each([
    ["cce.s1.small", 1],
    ["cce.t1.large", 1],
    ["cce.s2.small", 3],
    ["cce.t2.medium", 3],
  ])("of flavor %s has %i members, and as many entries in masters", (flavor, members) => {
    const masters = (length: number) => withSpec({ flavor, masters: Array.from({ length }, () => ({})) });
    for (const length of [1, 2, 3, 4])
      expect(refused(masters(length))).toEqual(length === members ? [] : ["spec.masters"]);
  });

  it.each([
    ["cce.s1.small", ["spec.extendParam.clusterAZ"]],
    ["cce.t1.small", ["spec.extendParam.clusterAZ"]],
    ["cce.s2.small", []],
    ["cce.t2.small", []],
  ])("of flavor %s in several zones names %j", (flavor, names) => {
    expect(refused(withSpec({ flavor, extendParam: { clusterAZ: "multi_az" } }))).toEqual(names);
  });

  it("of an unknown flavor is refused with the list of known ones, and so is an unknown version where validation is strict", () => {
    expect(said(withSpec({ version: "v1.8.0-r1" }))).toEqual([]);
    const body = withSpec({ flavor: "cce.s9.tiny", version: "v1.8.0-r1" });
    const [flavor = "", version = "", ...others] = violationsOf(body, { strict: true }).map(describeViolation);
    expect(others).toEqual([]);
    expect(flavor).toMatch(
      /^spec\.flavor "cce\.s9\.tiny" is not a known flavor: the known ones are cce\.s1\.small, .*cce\.s1\.xlarge, .*cce\.s3\.medium, .*cce\.t2\.xlarge, and the same with cce\.dec/,
    );
    expect(version).toMatch(
      /^spec\.version "v1\.8\.0-r1" is not a known version: the known versions are .*v1\.9, v1\.7$/,
    );
  });
});

describe("networks", () => {
  const two = { cidrs: [{ cidr: "10.0.0.0/16" }, { cidr: "10.1.0.0/16" }] };

  it.each<[string, Body, string[]]>([
    ["several Pod ranges with tunnels", containers({ mode: "overlay_l2", ...two }), ["spec.containerNetwork.cidrs"]],
    ["several Pod ranges with routes", containers({ mode: "vpc-router", ...two }), []],
    [
      "Pod ranges that overlap",
      containers({
        mode: "vpc-router",
        cidrs: [{ cidr: "10.0.0.0/14" }, { cidr: "10.4.0.0/16" }, { cidr: "10.1.0.0/16" }],
      }),
      ["spec.containerNetwork.cidrs[2].cidr"],
    ],
    [
      "a first Pod range that differs",
      containers({ mode: "vpc-router", cidr: "10.1.0.0/16", ...two }),
      ["spec.containerNetwork.cidr"],
    ],
    ["a first Pod range that is the same", containers({ mode: "vpc-router", cidr: "10.0.0.0/16", ...two }), []],
    [
      "a Pod range and a Service range that overlap",
      containers({ mode: "overlay_l2", cidr: "10.247.0.0/16" }, { kubernetesSvcIpRange: "10.247.0.0/16" }),
      [],
    ],
    [
      "two Service ranges that differ",
      withSpec({ kubernetesSvcIpRange: "10.96.0.0/16", serviceNetwork: { IPv4CIDR: "10.97.0.0/16" } }),
      ["spec.kubernetesSvcIpRange"],
    ],
    [
      "two Service ranges that are the same",
      withSpec({ kubernetesSvcIpRange: "10.96.0.0/16", serviceNetwork: { IPv4CIDR: "10.96.0.0/16" } }),
      [],
    ],
    [
      "two modes of kube-proxy",
      withSpec({ kubeProxyMode: "ipvs", extendParam: { kubeProxyMode: "iptables" } }),
      ["spec.extendParam.kubeProxyMode"],
    ],
    ["one mode of kube-proxy twice", withSpec({ kubeProxyMode: "ipvs", extendParam: { kubeProxyMode: "ipvs" } }), []],
    ["eni in a cluster of the plain category", withSpec({ category: "CCE" }, turbo), ["spec.category"]],
    ["eni in a cluster of no category", withSpec({ category: "" }, turbo), []],
    ["the older subnet of eni alone", withSpec({ eniNetwork: { eniSubnetId: "subnet-2" } }, turbo), []],
    [
      "the older subnet of eni, and others",
      withSpec({ eniNetwork: { eniSubnetId: "a", subnets: [{ subnetID: "b" }] } }, turbo),
      ["spec.eniNetwork.eniSubnetId"],
    ],
    [
      "the older subnet of eni among others",
      withSpec({ eniNetwork: { eniSubnetId: "a", subnets: [{ subnetID: "b" }, { subnetID: "a" }] } }, turbo),
      [],
    ],
    ["a high-speed subnet in a bare-metal cluster", sampleOf("BareMetal"), []],
  ])("with %s: %j", (_what, body, names) => {
    expect(refused(body)).toEqual(names);
  });

  it.each([
    ["10.0.0.0/8", "24", []],
    ["10.0.0.0/8", "25", ["spec.extendParam.alpha.cce/fixPoolMask"]],
    ["10.0.0.0/12", "28", []],
    ["172.16.0.0/24", "24", []],
    ["172.16.0.0/25", "24", ["spec.extendParam.alpha.cce/fixPoolMask"]],
    ["172.16.0.0/25", "", []],
    ["172.16.0.0/28", "28", []],
    ["172.16.0.0/29", "28", ["spec.containerNetwork.cidr"]],
    ["172.16.0.0/29", "", ["spec.containerNetwork.cidr"]],
  ])("with the Pod range %s and shares of /%s name %j", (cidr, mask, names) => {
    const extendParam = { "alpha.cce/fixPoolMask": mask };
    expect(refused(containers({ mode: "vpc-router", cidr }, { extendParam }))).toEqual(names);
  });

  it("have no shares with eni", () => {
    expect(refused(withSpec({ containerNetwork: { mode: "eni", cidr: "172.16.0.0/29" } }, turbo))).toEqual([]);
  });

  it("tell where each bound comes from", () => {
    const extendParam = { "alpha.cce/fixPoolMask": "28" };
    expect(said(containers({ mode: "vpc-router", cidr: "10.0.0.0/10" }, { extendParam }))).toEqual([
      'spec.extendParam.alpha.cce/fixPoolMask "28" must be from 24 to 26, because of spec.containerNetwork.cidr 10.0.0.0/10',
    ]);
  });
});

describe("the proxy", () => {
  const [ca, cert, privateKey] = [packed(pems.ca), packed(pems.cert), packed(pems.key)];

  it.each<[string, Body, string[]]>([
    ["its certificate is of another authority", { ca: packed(pems.otherCa), cert, privateKey }, ["cert"]],
    [
      "its certificate is of an authority of the same name",
      { ca: packed(pems.impostorCa), cert, privateKey },
      ["cert"],
    ],
    ["its key is another one's", { ca, cert, privateKey: packed(pems.otherKey) }, ["privateKey"]],
    ["its key is of another sort", { ca, cert, privateKey: packed(pems.rsaKey) }, ["privateKey"]],
    ["its key has a password", { ca, cert, privateKey: packed(pems.lockedKey) }, ["privateKey"]],
    ["nothing is what it should be", { ca: "%%%", cert: "YQ==", privateKey: "YQ==" }, ["ca", "cert", "privateKey"]],
    ["it has no authority, whatever the mode", { cert, privateKey }, ["ca"]],
  ])("is refused where %s", (_when, members, names) => {
    expect(refused(proxy(members))).toEqual(names.map((name) => `${place}.${name}`));
  });

  it.each<[string, Body]>([
    ["its authority is one of several", { ca: packed(pems.otherCa, pems.ca), cert, privateKey }],
    [
      "its certificate is followed by the one between",
      { ca, cert: packed(pems.chain), privateKey: packed(pems.chainKey) },
    ],
    ["its authority has the same name as another one", { ca: packed(pems.impostorCa, pems.ca), cert, privateKey }],
  ])("is accepted where %s", (_when, members) => {
    expect(refused(proxy(members))).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ["on a curve that it cannot read", unusual.koblitz, ["ca"]],
    ["with a curve by its numbers", unusual.explicitCurve, ["ca"]],
    ["that is compressed", unusual.compressed, ["ca"]],
    ["of RSA that is too short", unusual.weakRsa, ["ca"]],
    ["of a kind that it cannot read", unusual.ed448, ["ca"]],
    ["of Ed25519", unusual.ed25519, []],
  ])("has an authority that the API server starts with; a key %s is refused or not", (_what, pem, names) => {
    for (const ca of [packed(pem), packed(pems.ca, pem)])
      expect(refused(proxy({ ca }))).toEqual(names.map((name) => `${place}.${name}`));
  });

  it("is checked in every mode", () => {
    expect(refused(proxy({ ca: "%%%" }, "x509"))).toEqual([`${place}.ca`]);
    expect(refused(proxy({ ca }, "x509"))).toEqual([]);
  });

  it("is in no message, whatever is wrong with it", () => {
    const members = { ca: packed(pems.ca, pems.key), cert: packed(pems.otherCa), privateKey: packed(pems.otherKey) };
    const bodies = [
      proxy(members),
      proxy({ ...members, ca }),
      proxy({ ca: [ca], cert: { cert }, privateKey: [privateKey] }),
    ];
    for (const body of bodies) {
      const text = said(body).join("\n");
      expect(text).toContain(place);
      for (const value of [members.privateKey, privateKey]) expect(text).not.toContain(value.slice(0, 40));
    }
  });
});

describe("what is paid in advance", () => {
  it.each([1, "1", 2])("is refused: billingMode %j", (billingMode) => {
    expect(said(withSpec({ billingMode }))).toEqual([
      `spec.billingMode ${billingMode} must be 0 (on demand): or leave it out`,
    ]);
  });
});

describe("unknown fields", () => {
  const body = {
    ...withSpec({ shoeSize: 43, extendParam: { foo: "bar" }, masters: [{ colour: "red" }], clusterOps: { alarm: {} } }),
    extra: 1,
    status: { phase: "Available" },
  };

  it("are accepted", () => {
    expect(refused(body)).toEqual([]);
  });

  it("are refused by the strict check at any depth, but for free settings and labels", () => {
    expect(refused(body, { strict: true })).toEqual(["spec.shoeSize", "spec.masters[0].colour", "extra"]);
  });

  it("are not those that are known in another spelling", () => {
    const twice = withSpec({ hostNetwok: { vpc: "other", subnet: "other" } });
    expect(refused(twice, { strict: true })).toEqual(["spec.hostNetwok"]);
  });
});

describe("a list with many more entries than it may have", () => {
  it.each([{}, { key: "" }, { key: 1 }, 5, null])("of %j is refused as a whole", (entry) => {
    const clusterTags = Array.from({ length: 60_000 }, () => entry);
    expect(refused(withSpec({ clusterTags }), { strict: true })).toEqual(["spec.clusterTags"]);
  });
});

describe("messages", () => {
  it("tell everything at once, what the schema finds and what the other rules find", () => {
    const body = {
      ...withSpec({ type: "Container", billingMode: 1, version: "abc", clusterTags: "env", customSan: ["a b"] }),
      kind: "Node",
      metadata: { name: "", labels: { a: 1 } },
    };
    expect(refused(body)).toEqual([
      "kind",
      "spec.type",
      "spec.clusterTags",
      "metadata.name",
      "spec.version",
      "spec.customSan[0]",
      "metadata.labels.a",
      "spec.billingMode",
    ]);
  });
});
