import { readFileSync } from "node:fs";
import type { Body } from "../../../../common/parameters/testing/places.ts";
import { packed, pems } from "./certificates.ts";

const read = (name: string): Body =>
  JSON.parse(readFileSync(new URL(`../../../../../../examples/${name}`, import.meta.url), "utf8"));

const documented = {
  VirtualMachine: read("cce-virtual-machine-cluster.json"),
  BareMetal: read("cce-bare-metal-cluster.json"),
};

/** The documents' own sample of a type, to be changed at will. */
export const sampleOf = (type: keyof typeof documented): Body => structuredClone(documented[type]);

/** A body whose `spec` has further members. */
export const withSpec = (spec: Body, body: Body = smallest): Body => ({
  ...body,
  spec: { ...(body.spec as Body), ...spec },
});

/** The least that makes a cluster. */
export const smallest: Body = {
  kind: "Cluster",
  apiVersion: "v3",
  metadata: { name: "demo" },
  spec: {
    type: "VirtualMachine",
    flavor: "cce.s1.small",
    hostNetwork: { vpc: "vpc-1", subnet: "subnet-1" },
    containerNetwork: { mode: "overlay_l2" },
  },
};

/** One with pods on network interfaces of the VPC. */
export const turbo: Body = withSpec({
  category: "Turbo",
  containerNetwork: { mode: "eni" },
  eniNetwork: { subnets: [{ subnetID: "subnet-2" }] },
});

/** One with a proxy that says who sends a request, as today's service wants it. */
export const withProxy: Body = withSpec({
  authentication: {
    mode: "authenticating_proxy",
    authenticatingProxy: { ca: packed(pems.ca), cert: packed(pems.cert), privateKey: packed(pems.key) },
  },
});

/** As terraform sends it, with its usual values and empty placeholders. */
export const terraforms: Body = {
  apiversion: "v3",
  kind: "Cluster",
  metadata: { name: "demo", labels: null, timezone: "" },
  spec: {
    authentication: { mode: "rbac", authenticatingProxy: {} },
    billingMode: 0,
    category: "",
    clusterTags: [],
    containerNetwork: { cidrs: [{ cidr: "10.0.0.0/16" }], mode: "vpc-router" },
    customSan: null,
    description: "",
    eniNetwork: null,
    extendParam: { clusterExternalIP: "", enterpriseProjectId: "0", "alpha.cce/fixPoolMask": "" },
    flavor: "cce.s2.small",
    hostNetwork: { SecurityGroup: "", highwaySubnet: "", subnet: "subnet-1", vpc: "vpc-1" },
    ipv6enable: false,
    kubeProxyMode: "",
    masters: [{ availabilityZone: "a" }, { availabilityZone: "b" }, { availabilityZone: "c" }],
    serviceNetwork: { IPv4CIDR: "" },
    type: "VirtualMachine",
    version: "v1.28",
  },
};
