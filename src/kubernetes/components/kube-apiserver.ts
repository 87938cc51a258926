import { memberPorts } from "../control-plane.ts";
import { type MemberPaths, memberPaths } from "../member-paths.ts";
import { type ComponentBuilder, componentEnvironment, type FlagRow, renderFlags } from "./command.ts";
import { dualStackFlags } from "./dual-stack.ts";

/** The API server of one member. */
export const kubeApiserver: ComponentBuilder = (version, controlPlane, member) => {
  const { network, apiServer, secretEncryption } = controlPlane;
  const paths = memberPaths(member.directory);
  const trustsProxies = apiServer.authenticatingProxyCa !== undefined;
  const flags: FlagRow[] = [
    ["bind-address", member.apiServerAddress],
    ["secure-port", memberPorts.apiServer],
    // Stands in the Endpoints object `kubernetes`, which may not hold a loopback address.
    ["advertise-address", member.vpcAddress],
    // Stands in discovery documents; without it the advertised address would, where nothing listens.
    ["external-hostname", controlPlane.endpointAddress],
    ["tls-cert-file", paths.apiServerCert],
    ["tls-private-key-file", paths.apiServerKey],
    ["client-ca-file", paths.ca],
    // Health checks come with a client certificate.
    ["anonymous-auth", false],
    ["authorization-mode", ["Node", "RBAC"]],
    ["enable-admission-plugins", ["NodeRestriction"]],
    ["allow-privileged", true],
    ["profiling", false],

    ["etcd-servers", controlPlane.members.map(({ address }) => `https://${address}:${memberPorts.etcdClient}`)],
    ["etcd-cafile", paths.etcdCa],
    ["etcd-certfile", paths.apiServerEtcdClientCert],
    ["etcd-keyfile", paths.apiServerEtcdClientKey],
    ["encryption-provider-config", secretEncryption && paths.encryptionConfig],

    ["service-cluster-ip-range", [network.serviceCidr, ...(network.ipv6 ? [network.ipv6.serviceCidr] : [])]],
    ["service-account-issuer", apiServer.serviceAccountIssuer],
    ["service-account-key-file", paths.serviceAccountPublicKey],
    ["service-account-signing-key-file", paths.serviceAccountKey],
    ["api-audiences", apiServer.apiAudiences],

    ["kubelet-client-certificate", paths.apiServerKubeletClientCert],
    ["kubelet-client-key", paths.apiServerKubeletClientKey],
    ["kubelet-certificate-authority", paths.ca],
    // InternalDNS is where simulated nodes say that their kubelet is; InternalIP is an address in the VPC.
    ["kubelet-preferred-address-types", ["InternalDNS", "InternalIP", "Hostname"]],

    ["requestheader-client-ca-file", trustsProxies ? paths.requestHeaderCa : paths.frontProxyCa],
    // Nobody says what an authenticating proxy's certificate is called: without names, every one of the CAs' is taken.
    ["requestheader-allowed-names", trustsProxies ? [] : ["front-proxy-client"]],
    ["requestheader-username-headers", ["X-Remote-User"]],
    ["requestheader-group-headers", ["X-Remote-Group"]],
    ["requestheader-extra-headers-prefix", ["X-Remote-Extra-"]],
    ["proxy-client-cert-file", paths.frontProxyClientCert],
    ["proxy-client-key-file", paths.frontProxyClientKey],

    ...(apiServer.auditLog ? auditFlags(paths) : []),
    ...dualStackFlags(network),
  ];
  return {
    executable: "kube-apiserver",
    args: renderFlags(version, flags),
    env: componentEnvironment(controlPlane),
  };
};

/** The log is the current file and this many older ones, of so many megabytes each. */
const auditLog = { backups: 2, megabytes: 16 };

function auditFlags(paths: MemberPaths): FlagRow[] {
  return [
    ["audit-policy-file", paths.auditPolicy],
    ["audit-log-path", paths.auditLog],
    ["audit-log-maxsize", auditLog.megabytes],
    ["audit-log-maxbackup", auditLog.backups],
  ];
}
