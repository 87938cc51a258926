import { isIP } from "node:net";
import { ipv4Range, nthAddress } from "../../cidr.ts";
import type { ControlPlane, ControlPlaneMember } from "../control-plane.ts";
import type { MemberPaths } from "../member-paths.ts";
import type { CertificateRequest } from "./certificates.ts";

/** One certificate of a member: who signs it, what it says, where it goes. */
export interface MemberCertificate {
  authority: "ca" | "etcd-ca" | "front-proxy-ca";
  request: CertificateRequest;
  /** Where it is written; a certificate without files goes into the kubeconfig named. */
  files: { cert: keyof MemberPaths; key: keyof MemberPaths } | { kubeconfig: keyof MemberPaths };
}

/** Every leaf certificate of one control-plane member, by name. Subjects and usages are those of kubeadm. */
export function memberCertificates(
  controlPlane: ControlPlane,
  member: ControlPlaneMember,
): Record<string, MemberCertificate> {
  const local = { dnsNames: ["localhost", member.name], ipAddresses: ["127.0.0.1", member.address] };
  return {
    apiserver: {
      authority: "ca",
      request: { commonName: "kube-apiserver", usages: ["server"], ...apiServerNames(controlPlane, member) },
      files: { cert: "apiServerCert", key: "apiServerKey" },
    },
    // Kubelets ask the API server what this user may do; the group saves them a role binding that nobody made yet.
    "apiserver-kubelet-client": {
      authority: "ca",
      request: { commonName: "kube-apiserver-kubelet-client", organizations: ["system:masters"], usages: ["client"] },
      files: { cert: "apiServerKubeletClientCert", key: "apiServerKubeletClientKey" },
    },
    "apiserver-etcd-client": {
      authority: "etcd-ca",
      request: { commonName: "kube-apiserver-etcd-client", usages: ["client"] },
      files: { cert: "apiServerEtcdClientCert", key: "apiServerEtcdClientKey" },
    },
    "front-proxy-client": {
      authority: "front-proxy-ca",
      request: { commonName: "front-proxy-client", usages: ["client"] },
      files: { cert: "frontProxyClientCert", key: "frontProxyClientKey" },
    },
    // etcd presents its serving certificate as a client, too: its gRPC gateway calls itself.
    "etcd-server": {
      authority: "etcd-ca",
      request: { commonName: member.name, usages: ["server", "client"], ...local },
      files: { cert: "etcdServerCert", key: "etcdServerKey" },
    },
    "etcd-peer": {
      authority: "etcd-ca",
      request: { commonName: member.name, usages: ["server", "client"], ...local },
      files: { cert: "etcdPeerCert", key: "etcdPeerKey" },
    },
    "controller-manager": {
      authority: "ca",
      request: { commonName: "kube-controller-manager", usages: ["server"], ...local },
      files: { cert: "controllerManagerCert", key: "controllerManagerKey" },
    },
    scheduler: {
      authority: "ca",
      request: { commonName: "kube-scheduler", usages: ["server"], ...local },
      files: { cert: "schedulerCert", key: "schedulerKey" },
    },
    "controller-manager-client": {
      authority: "ca",
      request: { commonName: "system:kube-controller-manager", usages: ["client"] },
      files: { kubeconfig: "controllerManagerKubeconfig" },
    },
    "scheduler-client": {
      authority: "ca",
      request: { commonName: "system:kube-scheduler", usages: ["client"] },
      files: { kubeconfig: "schedulerKubeconfig" },
    },
  };
}

/** Names under which clients inside and outside the cluster reach the API server. */
function apiServerNames(
  { endpointAddress, publicAddress, network, apiServer }: ControlPlane,
  member: ControlPlaneMember,
) {
  const isAddress = (name: string) => isIP(name) !== 0;
  return {
    dnsNames: [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      `kubernetes.default.svc.${network.clusterDomain}`,
      "localhost",
      ...apiServer.extraSans.filter((name) => !isAddress(name)),
    ],
    ipAddresses: [
      // Kubernetes gives the range's first address to the service `kubernetes`.
      nthAddress(ipv4Range(network.serviceCidr), 1),
      // Also while nobody reaches it there: API servers of old versions take a minute to present a changed certificate.
      ...(publicAddress === undefined ? [] : [publicAddress]),
      endpointAddress,
      member.address,
      member.vpcAddress,
      "127.0.0.1",
      ...apiServer.extraSans.filter(isAddress),
    ],
  };
}
