import { join } from "node:path";

/** Paths of a member's files below its folder. The names under `pki/` are kubeadm's. */
const relativePaths = {
  ca: "pki/ca.crt",
  caKey: "pki/ca.key",
  frontProxyCa: "pki/front-proxy-ca.crt",
  requestHeaderCa: "pki/request-header-ca.crt",
  serviceAccountKey: "pki/sa.key",
  serviceAccountPublicKey: "pki/sa.pub",
  apiServerCert: "pki/apiserver.crt",
  apiServerKey: "pki/apiserver.key",
  apiServerKubeletClientCert: "pki/apiserver-kubelet-client.crt",
  apiServerKubeletClientKey: "pki/apiserver-kubelet-client.key",
  apiServerEtcdClientCert: "pki/apiserver-etcd-client.crt",
  apiServerEtcdClientKey: "pki/apiserver-etcd-client.key",
  frontProxyClientCert: "pki/front-proxy-client.crt",
  frontProxyClientKey: "pki/front-proxy-client.key",
  controllerManagerCert: "pki/controller-manager.crt",
  controllerManagerKey: "pki/controller-manager.key",
  schedulerCert: "pki/scheduler.crt",
  schedulerKey: "pki/scheduler.key",
  etcdCa: "pki/etcd/ca.crt",
  etcdServerCert: "pki/etcd/server.crt",
  etcdServerKey: "pki/etcd/server.key",
  etcdPeerCert: "pki/etcd/peer.crt",
  etcdPeerKey: "pki/etcd/peer.key",
  controllerManagerKubeconfig: "controller-manager.conf",
  schedulerKubeconfig: "scheduler.conf",
  encryptionConfig: "encryption-config.yaml",
  auditPolicy: "audit-policy.yaml",
  auditLog: "logs/audit.log",
  etcdData: "etcd",
  flexVolumePlugins: "flexvolume",
} as const;

/** Absolute paths of a member's files. */
export type MemberPaths = Record<keyof typeof relativePaths, string>;

/** Where a member whose folder is `directory` has its certificates, its configuration, its logs and its data. */
export function memberPaths(directory: string): MemberPaths {
  const entries = Object.entries(relativePaths).map(([name, path]) => [name, join(directory, path)]);
  return Object.fromEntries(entries) as MemberPaths;
}
