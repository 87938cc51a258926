import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptCluster } from "../../../../../test/support/new-cluster.ts";
import { cceAddons } from "../../../../core/clouds/huawei/add-ons.ts";
import type { ClusterSpec } from "../../../../core/clusters/cluster.ts";
import { packed, pems } from "../create/testing/certificates.ts";
import { type CceWords, fromCceObject, fromWords, restAnnotation, toCceObject } from "./index.ts";

/** PEM as programs write it: lines of 64 characters, and one more end of line. */
const lines = (pem: string): string => {
  const [begin, end] = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];
  const body = pem.replace(begin, "").replace(end, "").replace(/\s/g, "");
  return `${begin}\n${body.replace(/.{1,64}/g, "$&\n")}${end}\n`;
};

/** What is kept as JSON has no undefined members. */
const asJson = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value));

const sample: CceWords = {
  metadata: { name: "mycluster", labels: { foo: "bar" }, annotations: { foo2: "bar2" } },
  spec: {
    type: "VirtualMachine",
    flavor: "cce.s1.small",
    version: "v1.7.3-r13",
    description: "this is a demo cluster",
    hostNetwork: { vpc: "vpc-1", subnet: "subnet-1" },
    containerNetwork: { mode: "overlay_l2", cidr: "172.16.0.0/16" },
  },
};
const sampleWith = (spec: Partial<CceWords["spec"]>): CceWords => ({ ...sample, spec: { ...sample.spec, ...spec } });

/** A cluster made of those words: what the core settles by itself filled in. */
function madeOf(words: CceWords) {
  const { name, spec } = fromWords(words);
  const settled = {
    ...spec,
    vendorId: "01234567-89ab-cdef-0123-456789abcdef",
    memberAddresses: ["192.168.0.11"],
    memberZones: Array.isArray(spec.memberZones) ? spec.memberZones : ["cn-north-4a"],
    network: { ...spec.network, serviceCidr: spec.network.serviceCidr ?? "10.247.0.0/16" },
  } as ClusterSpec;
  return keptCluster({ name, dialect: "cce", spec: settled, request: { spec: words.spec } });
}

describe("what CCE's words mean", () => {
  it("is the documented sample's cluster, with the documents' defaults", () => {
    expect(fromWords(sample)).toMatchObject({
      name: "mycluster",
      spec: {
        kind: "managed",
        requestedVersion: "v1.7.3-r13",
        kubernetesVersion: "1.7.3",
        members: 1,
        memberZones: "any",
        workerKind: "virtual-machine",
        nodeLimit: 50,
        description: "this is a demo cluster",
        labels: { foo: "bar" },
        annotations: { foo2: "bar2" },
        network: {
          vpcId: "vpc-1",
          vswitchIds: ["subnet-1"],
          plugin: "overlay_l2",
          podCidr: "172.16.0.0/16",
          nodeCidrMask: 24,
          serviceCidr: undefined,
          proxyMode: "iptables",
          clusterDomain: "cluster.local",
        },
        apiServer: { publicEndpoint: false, authenticatingProxyCa: undefined },
        addons: cceAddons("overlay_l2"),
        deletionProtection: false,
        creation: { rollback: false },
      },
    });
  });

  it.each<[string, Partial<CceWords["spec"]>, object]>([
    ["an HA flavor has three members", { flavor: "cce.s2.medium" }, { members: 3, nodeLimit: 200 }],
    ["multi_az spreads them", { extendParam: { clusterAZ: "multi_az" } }, { memberZones: "spread" }],
    ["a zone is taken", { extendParam: { clusterAZ: "cn-north-4b" } }, { memberZones: ["cn-north-4b"] }],
    [
      "masters name zones",
      { masters: [{ availabilityZone: "a" }, { availabilityZone: "b" }, { availabilityZone: "c" }] },
      { memberZones: ["a", "b", "c"] },
    ],
    ["no type", { type: undefined }, { workerKind: "virtual-machine" }],
    ["bare metal", { type: "BareMetal" }, { workerKind: "bare-metal" }],
    ["Windows", { type: "Windows" }, { workerKind: "windows" }],
    [
      "the newer place of the Service range counts first",
      { serviceNetwork: { IPv4CIDR: "10.1.0.0/16" }, kubernetesSvcIpRange: "10.1.0.0/16" },
      { network: { serviceCidr: "10.1.0.0/16" } },
    ],
    [
      "the older one does as well",
      { kubernetesSvcIpRange: "10.2.0.0/16" },
      { network: { serviceCidr: "10.2.0.0/16" } },
    ],
    [
      "cidrs takes precedence, and its further ranges are kept",
      { containerNetwork: { mode: "vpc-router", cidrs: [{ cidr: "10.3.0.0/16" }, { cidr: "10.4.0.0/16" }] } },
      { network: { podCidr: "10.3.0.0/16", morePodCidrs: ["10.4.0.0/16"] } },
    ],
    [
      "eni takes the pods' addresses from subnets",
      { containerNetwork: { mode: "eni" }, eniNetwork: { subnets: [{ subnetID: "a" }, { subnetID: "b" }] } },
      { network: { podCidr: undefined, podVswitchIds: ["a", "b"] } },
    ],
    ["a node's share", { extendParam: { "alpha.cce/fixPoolMask": "26" } }, { network: { nodeCidrMask: 26 } }],
    [
      "a small Pod range has smaller shares",
      { containerNetwork: { mode: "vpc-router", cidr: "10.0.0.0/22" } },
      { network: { nodeCidrMask: 26 } },
    ],
    [
      "kube-proxy's mode has an older place",
      { extendParam: { kubeProxyMode: "ipvs" } },
      { network: { proxyMode: "ipvs" } },
    ],
    [
      "an EIP opens the public endpoint",
      { extendParam: { clusterExternalIP: "1.2.3.4" } },
      { cloud: { eipId: "1.2.3.4" }, apiServer: { publicEndpoint: true } },
    ],
    ["a KMS key", { encryptionConfig: { mode: "KMS", kmsKeyID: "k-1" } }, { secretEncryptionKeyId: "k-1" }],
    [
      "encryption by the service's own key",
      { encryptionConfig: { mode: "Default" } },
      { secretEncryptionKeyId: "default" },
    ],
    [
      "the CA of an authenticating proxy is decoded",
      {
        authentication: {
          mode: "authenticating_proxy",
          authenticatingProxy: { ca: packed(pems.ca, pems.otherCa) },
        },
      },
      { apiServer: { authenticatingProxyCa: `${lines(pems.ca)}${lines(pems.otherCa)}` } },
    ],
    [
      "of which the certificates alone are kept, each on lines of its own",
      {
        authentication: {
          mode: "authenticating_proxy",
          authenticatingProxy: { ca: packed("\0 of", `mine: ${pems.ca}`, "\0\uffff end") },
        },
      },
      { apiServer: { authenticatingProxyCa: lines(pems.ca) } },
    ],
    [
      "the same subnet twice is one",
      {
        containerNetwork: { mode: "eni" },
        eniNetwork: { subnets: ["a", "b", "a"].map((subnetID) => ({ subnetID })) },
      },
      { network: { podVswitchIds: ["a", "b"] } },
    ],
    [
      "and means nothing in another mode",
      { authentication: { mode: "x509", authenticatingProxy: { ca: packed(pems.ca) } } },
      { apiServer: { authenticatingProxyCa: undefined } },
    ],
  ])("%s", (_name, spec, meaning) => {
    expect(fromWords(sampleWith(spec)).spec).toMatchObject(meaning);
  });
});

const text = fc.string({ minLength: 1, maxLength: 12 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const mode = fc.constantFrom("overlay_l2", "underlay_ipvlan", "vpc-router", "eni");
const cidr = fc
  .tuple(fc.nat(255), fc.integer({ min: 12, max: 24 }))
  .map(([b, prefix]) => `10.${b & -16}.0.0/${prefix}`);

const proxies = [packed(pems.ca), packed("\0", pems.ca, `x${pems.otherCa}`)].map((ca) => ({
  mode: "authenticating_proxy",
  authenticatingProxy: { ca },
}));

/** Any spec that a request may have. */
const words: fc.Arbitrary<CceWords> = fc
  .record({
    metadata: fc.record({
      name: text,
      alias: optional(text),
      timezone: optional(fc.constantFrom("Asia/Shanghai", "UTC")),
      labels: fc.dictionary(text, text),
      annotations: fc.dictionary(text, text),
    }),
    spec: fc.record({
      type: fc.constantFrom("VirtualMachine", "ARM64", "BareMetal", "Windows"),
      flavor: fc.constantFrom("cce.s1.small", "cce.s2.xlarge", "cce.t1.medium", "cce.t2.large", "cce.dec.s1.small"),
      version: optional(fc.constantFrom("v1.7.3-r13", "v1.9.2-r1", "v1.28", "v1.30.0-r0")),
      description: optional(text),
      hostNetwork: fc.record({
        vpc: text,
        subnet: text,
        highwaySubnet: optional(text),
        SecurityGroup: optional(text),
      }),
      containerNetwork: fc.record({ mode, cidr: optional(cidr) }),
      serviceNetwork: optional(fc.record({ IPv4CIDR: optional(fc.constant("10.247.0.0/16")) })),
      kubeProxyMode: optional(fc.constantFrom("iptables", "ipvs")),
      ipv6enable: optional(fc.boolean()),
      authentication: optional(fc.constantFrom(...proxies)),
      customSan: optional(fc.array(text, { maxLength: 3 })),
      deletionProtection: optional(fc.boolean()),
      clusterTags: optional(
        fc.uniqueArray(fc.record({ key: text, value: text }), { selector: ({ key }) => key, maxLength: 3 }),
      ),
      encryptionConfig: optional(fc.constantFrom({ mode: "Default" }, { mode: "KMS", kmsKeyID: "k-1" })),
      extendParam: optional(
        fc.record({
          clusterAZ: optional(fc.constantFrom("multi_az", "cn-north-4b")),
          enterpriseProjectId: optional(text),
          clusterExternalIP: optional(text),
          "alpha.cce/fixPoolMask": optional(fc.constantFrom("25", "28")),
        }),
      ),
    }),
  })
  .map((object) => asJson(object) as unknown as CceWords);

/** What settles by itself is not compared: the zones where none were named, and the Service range where none was. */
const settledApart = ({ spec }: ReturnType<typeof fromWords>) => {
  const { memberZones: _, network, ...others } = asJson(spec);
  const { serviceCidr: __, ...networks } = network as Record<string, unknown>;
  return { ...others, networks };
};

describe("a cluster made through CCE", () => {
  it("is shown in the words that it was asked for, and those mean the same again", () => {
    fc.assert(
      fc.property(words, (asked) => {
        const shown = toCceObject(madeOf(asked));
        expect(shown.metadata.annotations).not.toHaveProperty([restAnnotation]);
        expect(asJson(shown.metadata)).toEqual(asked.metadata);
        const { containerNetwork, hostNetwork, type, flavor, version } = asked.spec;
        expect(asJson(shown.spec)).toMatchObject(asJson({ hostNetwork, type, flavor, version }));
        if (containerNetwork.mode !== "eni")
          expect(asJson(shown.spec.containerNetwork)).toEqual(asJson(containerNetwork));
        expect(settledApart(fromCceObject(shown))).toEqual(settledApart(fromWords(asked)));
      }),
    );
  });
});

/** Any spec that the core may have, whoever made it. */
const spec: fc.Arbitrary<Partial<ClusterSpec>> = fc.record({
  alias: optional(text),
  description: fc.string({ maxLength: 12 }),
  labels: fc.dictionary(text, text),
  annotations: fc.dictionary(text, text),
  kind: fc.constantFrom("managed", "dedicated"),
  requestedVersion: optional(fc.constantFrom("1.18.8-aliyun.1", "v1.28")),
  kubernetesVersion: optional(fc.constantFrom("1.18.8", "1.28")),
  members: fc.constantFrom(1, 3, 5),
  memberZones: fc.array(text, { maxLength: 5 }),
  workerKind: fc.constantFrom("virtual-machine", "arm64-virtual-machine", "bare-metal", "windows"),
  nodeLimit: optional(fc.integer({ min: 1, max: 5000 })),
  secretEncryptionKeyId: optional(text),
  tags: fc.dictionary(text, text),
  timezone: optional(text),
  deletionProtection: fc.boolean(),
  network: fc.record({
    vpcId: text,
    vswitchIds: fc.array(text, { maxLength: 3 }),
    podVswitchIds: fc.array(text, { maxLength: 3 }),
    highwayVswitchId: optional(text),
    plugin: fc.constantFrom("flannel", "terway", "overlay_l2", "underlay_ipvlan", "vpc-router", "eni"),
    podCidr: optional(cidr),
    morePodCidrs: fc.array(cidr, { maxLength: 2 }),
    nodeCidrMask: fc.integer({ min: 20, max: 28 }),
    serviceCidr: cidr,
    ipv6: optional(fc.record({ podCidr: text, serviceCidr: text })),
    proxyMode: fc.constantFrom("iptables", "ipvs"),
    clusterDomain: text,
    securityGroupId: optional(text),
    enterpriseSecurityGroup: fc.boolean(),
  }),
  apiServer: fc.record({
    extraSans: fc.array(text, { maxLength: 2 }),
    serviceAccountIssuer: text,
    apiAudiences: fc.array(text, { maxLength: 2 }),
    publicEndpoint: fc.boolean(),
    rrsa: optional(fc.record({ issuer: text, audience: text })),
    authenticatingProxyCa: optional(text),
  }),
  cloud: fc.record({
    snat: fc.boolean(),
    loadBalancerSpec: text,
    publicSsh: fc.boolean(),
    monitoring: fc.boolean(),
    resourceGroupId: optional(text),
    eipId: optional(text),
  }),
  addons: fc.array(
    fc.record({ name: text, version: optional(text), config: fc.string({ maxLength: 5 }), disabled: fc.boolean() }),
    { maxLength: 2 },
  ),
  creation: fc.record({ timeoutMinutes: fc.nat(), rollback: fc.boolean() }),
}) as fc.Arbitrary<Partial<ClusterSpec>>;

describe("a cluster made through another dialect", () => {
  it("loses nothing on the way to CCE's words and back", () => {
    fc.assert(
      fc.property(spec, text, (wanted, name) => {
        // As it is read from the database.
        const cluster = asJson(keptCluster({ name, dialect: "ack", spec: wanted, request: { vpcid: "vpc-1" } }));
        const back = fromCceObject(asJson(toCceObject(cluster as never)) as never);
        const { vendorId: _, memberAddresses: __, ...kept } = cluster.spec as Record<string, unknown>;
        expect(back.name).toBe(name);
        expect(asJson(back.spec)).toEqual(kept);
      }),
    );
  });

  it("is shown in the nearest words that CCE has", () => {
    const { spec: shown } = toCceObject(
      keptCluster({ dialect: "ack", spec: { kubernetesVersion: "1.18.8", members: 3, memberZones: ["a", "b", "c"] } }),
    );
    expect(shown).toMatchObject({
      type: "VirtualMachine",
      flavor: "cce.s2.xlarge",
      version: "v1.18.8",
      containerNetwork: { mode: "vpc-router", cidr: "172.20.0.0/16" },
      serviceNetwork: { IPv4CIDR: "172.21.0.0/20" },
      kubeProxyMode: "ipvs",
      masters: [{ availabilityZone: "a" }, { availabilityZone: "b" }, { availabilityZone: "c" }],
    });
  });
});
