import { anyObject, type Cases, only } from "../../../../common/parameters/testing/cases.ts";
import { packed, pems } from "./certificates.ts";

const id = {
  accepts: ["09f9ee41-6a1e-475b-977b-a16adf0b14c5", "x", "x".repeat(128), 7],
  refuses: ["x".repeat(129), {}, ["a"]],
};
const neededId = { ...id, refuses: [...id.refuses, "", null] };

const texts: Cases = {
  accepts: [{ foo: "bar" }, {}, { "": "" }, { "a b": "集群", "x/y": "z".repeat(1000) }, { gone: null }],
  refuses: ["x", { a: 1 }, { a: true }, { a: {} }, { a: ["b"] }, [], 5],
};

const network = { vpc: "vpc-1", subnet: "subnet-1" };

/** Cases of the parameters that the documents have. */
export const documentedCases: Record<string, Cases> = {
  kind: { accepts: ["Cluster", "cluster", "CLUSTER"], refuses: ["Node", "Clusters", "", null, {}, 3] },
  apiVersion: { accepts: ["v3"], refuses: ["v1", "V3", "", null, 3, []] },
  metadata: { accepts: [{ name: "demo" }, { name: "demo", more: 1 }], refuses: ["demo", {}, null, [], { name: "" }] },
  "metadata.name": {
    accepts: ["mycluster", "mycluster-baremetal", "a", "My Cluster", "集群", "x".repeat(128), 5],
    refuses: ["", null, "x".repeat(129), {}, ["a"]],
  },
  "metadata.labels": texts,
  "metadata.annotations": texts,
  spec: { accepts: [], refuses: ["x", {}, null, [], { type: "VirtualMachine" }] },
  "spec.type": {
    accepts: ["VirtualMachine", "Windows", "ARM64", "", null],
    refuses: ["Container", "virtualmachine", {}, ["Windows"]],
  },
  "spec.flavor": {
    accepts: ["cce.s1.small", "cce.s2.small", "cce.t1.small", "cce.t2.large", "cce.s2.xlarge", "cce.dec.s2.medium"],
    refuses: ["", null, "small", "cce.s1", "cce.x1.small", "cce.s9.small", "cce.s1.huge", "CCE.s1.small", {}],
  },
  "spec.version": {
    accepts: [
      "v1.7.3-r13",
      "v1.9.2-r1",
      "v1.7",
      "v1.9",
      "v1.7.16",
      "v1.28",
      "v1.33.5-r2",
      "v1.8.0-r1",
      "v2.0",
      "",
      null,
    ],
    refuses: ["abc", "1.9", "1.9.2", "v1", "v1.9-r1", "v1.9.2-aliyun.1", "v1.9.2 ", "V1.9", {}],
  },
  "spec.description": {
    accepts: ["this is a demo cluster", "", "x".repeat(4096), "<>[]{}()'\"#"],
    refuses: ["x".repeat(4097), {}, ["a"]],
  },
  "spec.hostNetwork": {
    accepts: [network, { ...network, highwaySubnet: "" }],
    refuses: ["x", {}, null, { vpc: "vpc-1" }, { subnet: "subnet-1" }, []],
  },
  "spec.hostNetwork.vpc": neededId,
  "spec.hostNetwork.subnet": neededId,
  "spec.hostNetwork.highwaySubnet": { ...id, accepts: [...id.accepts, ""] },
  "spec.containerNetwork": {
    accepts: [{ mode: "overlay_l2" }, { mode: "vpc-router", cidr: "10.1.0.0/16" }],
    refuses: ["x", {}, null, { cidr: "10.1.0.0/16" }, []],
  },
  "spec.containerNetwork.mode": {
    accepts: ["overlay_l2", "underlay_ipvlan", "vpc-router"],
    refuses: ["bridge", "", null, "eni", "vpc_router", {}],
  },
  "spec.containerNetwork.cidr": {
    accepts: [
      ...["172.16.0.0/16", "172.31.0.0/16", "10.1.0.0/16", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
      ...["192.168.5.0/24", "172.20.0.0/28", "100.64.0.0/10", "", null],
    ],
    refuses: [
      ...["abc", "172.16.0.0/33", "8.8.0.0/16", "172.16.0.0", "172.32.0.0/16", "172.0.0.0/8", "0.0.0.0/0"],
      ...["172.16.0.1/16", "172.16.0.0/29", "10.0.0.0/7", "172.16.0.0/016", "fd00::/48", " 10.0.0.0/16", {}],
    ],
  },
  "spec.billingMode": { accepts: [0, "0", null], refuses: [1, -1, 2, "1", "free", 0.5, {}, [0]] },
  "spec.extendParam": {
    accepts: [{ foo: "bar" }, {}, { foo: { deep: [1, null] }, bar: 5, baz: true, "a.b/c": null }],
    refuses: ["x", [], 5, { clusterAZ: {} }],
  },
  "spec.extendParam.clusterAZ": {
    accepts: ["cn-north-4a", "", null],
    refuses: ["multi_az", {}, ["a"], "x".repeat(129)],
  },
  "spec.authentication": {
    accepts: [{}, { mode: "x509", authenticatingProxy: {} }, { mode: "" }],
    refuses: ["x509", [], { mode: "authenticating_proxy" }],
  },
  "spec.authentication.mode": only(["x509", "rbac", null], "basic", "X509", "authenticating_proxy", ["x509"]),
  "spec.authentication.authenticatingProxy": {
    ...anyObject,
    accepts: [{}, { ca: packed(pems.ca) }, { ca: "", cert: "", privateKey: "" }],
  },
  "spec.authentication.authenticatingProxy.ca": {
    accepts: [
      packed(pems.ca),
      packed(pems.ca, pems.otherCa),
      packed("Issuer: Proxies", pems.ca),
      `${packed(pems.ca).slice(0, 64)}\n${packed(pems.ca).slice(64)}`,
      "",
      null,
    ],
    refuses: [
      "%%%",
      "YQ==",
      "****",
      pems.ca,
      packed(pems.key),
      packed(pems.ca, pems.key),
      packed(pems.ca, pems.lockedKey),
      packed(pems.ca.replace("M", "!")),
      packed(pems.ca.slice(0, -30)),
      packed(...Array.from({ length: 11 }, () => pems.ca)),
      {},
    ],
  },
};
