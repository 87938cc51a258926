import type { ApiAccess } from "../api-access.ts";
import { issueCertificate } from "./certificates.ts";
import type { ClusterSecrets } from "./cluster-secrets.ts";

/** Who signed the certificate of what answers for a component's health, and signs those of whoever may ask. */
export type HealthAuthority = "ca" | "etcd-ca";

/** Certificates (PEM) of who asks components for their health, and the CAs that signed the components' own. */
export type HealthAccess = Readonly<Record<HealthAuthority, Pick<ApiAccess, "ca" | "cert" | "key">>>;

/** The API server's group of those who may read `/livez`, `/readyz` and `/metrics`, nothing else. */
const healthClient = {
  commonName: "sampan-supervisor",
  organizations: ["system:monitoring"],
  usages: ["client"],
} as const;

/** New certificates for the health checks of one cluster's components. */
export async function issueHealthAccess(secrets: ClusterSecrets): Promise<HealthAccess> {
  const [ca, etcd] = await Promise.all([issueBy(secrets, "ca"), issueBy(secrets, "etcd-ca")]);
  return { ca, "etcd-ca": etcd };
}

async function issueBy(secrets: ClusterSecrets, authority: HealthAuthority): Promise<HealthAccess[HealthAuthority]> {
  const signer = { cert: secrets[`${authority}.crt`], key: secrets[`${authority}.key`] };
  return { ca: signer.cert, ...(await issueCertificate(signer, healthClient)) };
}
