import type { ApiAccess } from "../api-access.ts";
import { apiServerUrl, type ControlPlane, type ControlPlaneMember } from "../control-plane.ts";
import { buildKubeconfig } from "../kubeconfig.ts";
import { type MemberPaths, memberPaths } from "../member-paths.ts";
import { type CertificateRequest, issueCertificate } from "./certificates.ts";
import type { ClusterSecretName, ClusterSecrets } from "./cluster-secrets.ts";
import { configurationFiles } from "./configuration-files.ts";
import { type MemberCertificate, memberCertificates } from "./control-plane-certificates.ts";
import { file, type PkiFile } from "./pki-file.ts";

/** Who a client certificate is for. */
export type ClientIdentity = Pick<CertificateRequest, "commonName" | "organizations" | "lifetimeMinutes">;

/** The group whose members may do everything. */
export const adminGroup = "system:masters";

const sharedFiles: Partial<Record<keyof MemberPaths, ClusterSecretName>> = {
  ca: "ca.crt",
  // The controller manager signs certificate requests with it.
  caKey: "ca.key",
  etcdCa: "etcd-ca.crt",
  frontProxyCa: "front-proxy-ca.crt",
  serviceAccountKey: "sa.key",
  serviceAccountPublicKey: "sa.pub",
};

/**
 * The certificates, keys, kubeconfigs and other configuration of one member, to be written before its components start. Leaf certificates
 * are new at every call and as good as the old ones, so calling and writing again does no harm.
 */
export async function pkiFiles(
  secrets: ClusterSecrets,
  controlPlane: ControlPlane,
  member: ControlPlaneMember,
): Promise<PkiFile[]> {
  const paths = memberPaths(member.directory);
  const shared = Object.entries(sharedFiles).map(([name, secret]) =>
    file(paths[name as keyof MemberPaths], secrets[secret]),
  );
  const names = Object.keys(memberCertificates(controlPlane, member));
  const issued = await certificateFiles(secrets, controlPlane, member, names);
  return [...shared, ...issued, ...configurationFiles(secrets, controlPlane, member)];
}

/** Those of a member's files that hold these leaf certificates, issued anew; the authorities' and others are left out. */
export async function certificateFiles(
  secrets: ClusterSecrets,
  controlPlane: ControlPlane,
  member: ControlPlaneMember,
  names: readonly string[],
): Promise<PkiFile[]> {
  const paths = memberPaths(member.directory);
  const wanted = Object.entries(memberCertificates(controlPlane, member)).filter(([name]) => names.includes(name));
  const issued = wanted.map(([, certificate]) => issueFiles(secrets, member, paths, certificate));
  return (await Promise.all(issued)).flat();
}

/** A new client certificate for a user of the cluster, as access to the API server at `server`. */
export async function issueApiAccess(
  secrets: ClusterSecrets,
  server: string,
  user: ClientIdentity,
): Promise<ApiAccess> {
  const authority = { cert: secrets["ca.crt"], key: secrets["ca.key"] };
  const issued = await issueCertificate(authority, { ...user, usages: ["client"] });
  return { server, ca: authority.cert, ...issued };
}

async function issueFiles(
  secrets: ClusterSecrets,
  member: ControlPlaneMember,
  paths: MemberPaths,
  { authority, request, files }: MemberCertificate,
): Promise<PkiFile[]> {
  const { cert, key } = await issueCertificate(
    { cert: secrets[`${authority}.crt`], key: secrets[`${authority}.key`] },
    request,
  );
  if ("cert" in files) return [file(paths[files.cert], cert), file(paths[files.key], key)];
  const access = { server: apiServerUrl(member), ca: secrets["ca.crt"], cert, key };
  return [file(paths[files.kubeconfig], buildKubeconfig(access, { cluster: "kubernetes", user: request.commonName }))];
}
