import {
  anyFlag,
  anyId,
  anyObject,
  anyObjects,
  anyText,
  anyTexts,
  type Cases,
  each,
  only,
} from "../../../../common/parameters/testing/cases.ts";
import { packed, pems } from "./certificates.ts";

const proxy = "spec.authentication.authenticatingProxy";
const modes = only(["iptables", "ipvs", null], "userspace", ["ipvs"]);
const range = {
  accepts: ["10.247.0.0/16", "10.96.0.0/12", "172.20.0.0/20", "192.168.3.0/24", "", null],
  refuses: ["abc", "10.0.0.0/11", "10.0.0.0/25", "8.8.0.0/16", "10.247.0.1/16", "fd00::/112", {}],
};
const tag = (length: number) => Array.from({ length }, (_, index) => ({ key: `k${index}` }));
const names = (length: number) => Array.from({ length }, (_, index) => `n${index}.example`);
const cidrs = (length: number) => Array.from({ length }, (_, index) => ({ cidr: `10.${index}.0.0/16` }));

/** Cases of the parameters that only newer versions of the API have. */
export const newerCases: Record<string, Cases> = {
  "metadata.alias": { accepts: ["Demo 集群", "", "x".repeat(128)], refuses: ["x".repeat(129), {}] },
  "metadata.timezone": { accepts: ["Asia/Shanghai", "UTC", "", null], refuses: ["Mars/Base", "+08:00", {}] },
  "spec.category": only(["CCE", "Turbo"], "turbo", "Autopilot"),
  "spec.masters": {
    accepts: [[{ availabilityZone: "a" }], [{}], [], null],
    refuses: [[{}, {}, {}], [{}, {}], "a", ["a"], {}],
  },
  "spec.masters[].availabilityZone": { ...anyId, accepts: [...anyId.accepts, ""] },
  "spec.clusterTags": {
    accepts: [[], [{ key: "env", value: "prod" }], [{ key: "env" }, { key: "ENV", value: "" }], tag(20)],
    refuses: ["env", {}, [{ value: "prod" }], [{ key: "env" }, { key: "env" }], tag(21), ["env"]],
  },
  "spec.clusterTags[].key": { accepts: ["env", "环境", "k".repeat(128)], refuses: ["", "k".repeat(129), {}] },
  "spec.clusterTags[].value": { accepts: ["prod", "", "v".repeat(255)], refuses: ["v".repeat(256), {}] },
  "spec.configurationsOverride": {
    accepts: [[], [{ name: "kube-apiserver", configurations: [{ name: "a", value: { b: 1 } }] }]],
    refuses: ["x", {}, [{}], ["x"], [{ name: "a", configurations: "b" }]],
  },
  "spec.configurationsOverride[].name": { accepts: ["kube-apiserver"], refuses: ["", {}, null] },
  "spec.hostNetwork.SecurityGroup": anyId,
  "spec.containerNetwork.cidrs": {
    accepts: [[], [{ cidr: "10.1.0.0/16" }], null],
    refuses: [["10.1.0.0/16"], "10.1.0.0/16", {}, [{}], [{ cidr: "" }], cidrs(2), cidrs(21)],
  },
  "spec.containerNetwork.cidrs[].cidr": {
    accepts: ["10.1.0.0/16", "172.20.0.0/28"],
    refuses: ["", "abc", "8.8.0.0/16", "172.16.0.0/29", "10.1.0.1/16", {}],
  },
  "spec.eniNetwork.subnets": {
    accepts: [[{ subnetID: "a" }, { subnetID: "b" }]],
    refuses: ["a", ["a"], [{}], {}, Array.from({ length: 21 }, (_, index) => ({ subnetID: `subnet-${index}` }))],
  },
  "spec.eniNetwork.subnets[].subnetID": { ...anyId, refuses: [...anyId.refuses, ""] },
  "spec.eniNetwork.eniSubnetId": { accepts: ["subnet-2", ""], refuses: ["subnet-9", "x".repeat(129), {}] },
  "spec.eniNetwork.eniSubnetCIDR": { accepts: ["192.168.0.0/24", ""], refuses: ["abc", "192.168.0.1/24", {}] },
  "spec.serviceNetwork.IPv4CIDR": range,
  "spec.kubernetesSvcIpRange": range,
  "spec.serviceNetwork.IPv6CIDR": {
    accepts: ["fc00::/112", "fd00:1:2::/108", "fd00::/120", "FDFF:FFFF::ffff:0/112", "fd00:cce:2::/112", "", null],
    refuses: [
      ...["abc", "fc00::", "fc00::/64", "fc00::/121", "10.0.0.0/112", "fc00::%1/112", "fc00::/112/1", {}],
      // Not of the addresses that are everybody's own.
      ...["::ffff:10.250.0.0/112", "::/108", "ff00::/112", "fe80::/112", "2001:db8::/112"],
      // With host bits, and within the pods' range.
      ...["fc00::1/112", "fd00::10.0.0.1/112", "fd00:cce:1::/112", "fd00:cce:1:ffff::/112"],
    ],
  },
  "spec.kubeProxyMode": modes,
  "spec.customSan": {
    accepts: [["10.0.0.1", "*.example.org", "2001:db8::1"], [], null, names(100)],
    refuses: [["a b"], ["a,b"], [""], "a.org", {}, names(101), ["fe80::1%eth0"]],
  },
  "spec.encryptionConfig": {
    accepts: [{}, { mode: "Default" }, { mode: "KMS", kmsKeyID: "key" }],
    refuses: ["KMS", [], { mode: "KMS" }],
  },
  "spec.encryptionConfig.mode": only(["Default"], "AES", "KMS"),
  "spec.encryptionConfig.kmsKeyID": { ...anyId, accepts: [...anyId.accepts, ""] },
  [`${proxy}.cert`]: {
    accepts: [packed(pems.cert)],
    refuses: ["", "%%%", "YQ==", packed(pems.key), packed(pems.otherCa), packed(pems.chain), {}],
  },
  [`${proxy}.privateKey`]: {
    accepts: [packed(pems.key)],
    refuses: [
      "",
      "%%%",
      "YQ==",
      packed(pems.otherKey),
      packed(pems.rsaKey),
      packed(pems.lockedKey),
      packed(pems.ca),
      {},
    ],
  },
  "spec.extendParam.clusterExternalIP": {
    accepts: ["203.0.113.5", "2001:db8::1", "", null],
    refuses: ["example.org", "203.0.113.0/24", "fe80::1%eth0", {}],
  },
  "spec.extendParam.alpha.cce/fixPoolMask": {
    accepts: ["24", "28", 26, "", null],
    refuses: ["23", "29", "/24", 24.5, {}, []],
  },
  "spec.extendParam.kubeProxyMode": modes,
  "spec.extendParam.kubernetes.io/cpuManagerPolicy": only(["none", "static"], "dynamic"),
  "spec.extendParam.periodType": only(["month", "year"], "day"),
  "spec.extendParam.periodNum": { accepts: [0, 1, "9", null], refuses: ["x", -1, 1.5, {}] },
  ...each(only(["true", "false", true, false], "yes"), "spec.extendParam.isAutoRenew", "spec.extendParam.isAutoPay"),
  "spec.extendParam.enterpriseProjectId": { ...anyId, accepts: ["0", 0, "", ...anyId.accepts] },
  ...each(
    anyText,
    "metadata.uid",
    "metadata.creationTimestamp",
    "metadata.updateTimestamp",
    "spec.platformVersion",
    "spec.legacyVersion",
    "spec.masters[].flavor",
    "spec.masters[].faultDomain",
    "spec.az",
    "spec.agencyName",
    "spec.hostNetwork.controlPlaneSecurityGroup",
    "spec.extendParam.dockerUmaskMode",
    "spec.extendParam.dssMasterVolumes",
    "spec.extendParam.decMasterFlavor",
    "spec.extendParam.orderID",
    "spec.extendParam.upgradefrom",
    "spec.extendParam.patchVersion",
  ),
  ...each(
    anyFlag,
    "spec.deletionProtection",
    "spec.enableMasterVolumeEncryption",
    "spec.supportIstio",
    "spec.offloadCluster",
    "spec.enableAutopilot",
    "spec.enableAutoResizing",
    "spec.enableDistMgt",
    "spec.ipv6enable",
    "spec.containerNetwork.enableContainerCIDRsReservation",
  ),
  ...each(
    anyTexts,
    "spec.hostNetwork.autoGenerateSecurityGroupHardeningConfig.portsToDisable",
    "spec.publicAccess.cidrs",
  ),
  ...each(
    anyObject,
    "status",
    "spec.clusterOps",
    "spec.hostNetwork.autoGenerateSecurityGroupHardeningConfig",
    "spec.eniNetwork",
    "spec.serviceNetwork",
    "spec.publicAccess",
  ),
  "spec.configurationsOverride[].configurations": anyObjects,
};
