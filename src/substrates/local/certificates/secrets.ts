import type { ApiAccess } from "../../../kubernetes/api-access.ts";
import { issueCertificate } from "../../../kubernetes/pki/certificates.ts";
import { type ClusterSecrets, createClusterSecrets } from "../../../kubernetes/pki/cluster-secrets.ts";
import { adminGroup, issueApiAccess } from "../../../kubernetes/pki/member-files.ts";
import type { KubeletEndpoint } from "../../../nodes/simulated-node.ts";
import type { SecretStore } from "../../substrate.ts";
import { kubeletAddress, kubeletPort } from "../network/loopback.ts";
import { type ClusterSite, endpointsOf } from "../site/site.ts";

/** The one secret under which the substrate keeps a cluster's authorities and keys, as JSON. */
const secretName = "pki";

/** The cluster's authorities and keys, made and kept where there are none yet: only for the stage that makes them. */
export async function ensureSecrets(store: SecretStore): Promise<ClusterSecrets> {
  const kept = await findSecrets(store);
  if (kept !== undefined) return kept;
  const secrets = await createClusterSecrets();
  await store.put(secretName, JSON.stringify(secrets));
  return secrets;
}

/**
 * The cluster's authorities and keys, for everybody else. A look at a cluster that is being made must not make a
 * second set.
 *
 * @throws {Error} where there are none yet.
 */
export async function requireSecrets(store: SecretStore): Promise<ClusterSecrets> {
  const kept = await findSecrets(store);
  if (kept === undefined)
    throw new Error("The cluster has no certificates yet: it is being made, or its creation failed.");
  return kept;
}

/** The cluster's authorities and keys; undefined where there are none yet. */
export async function findSecrets(store: SecretStore): Promise<ClusterSecrets | undefined> {
  const kept = await store.get(secretName);
  return kept === undefined ? undefined : (JSON.parse(kept) as ClusterSecrets);
}

/** Access for Sampan itself, which may do everything. It takes the inner address, which every cluster has. */
export async function ownAccess(site: ClusterSite, secrets: ClusterSecrets): Promise<ApiAccess> {
  return issueApiAccess(secrets, endpointsOf(site).intranet, { commonName: "sampan", organizations: [adminGroup] });
}

/** The listener of the cluster's simulated kubelets, with a new serving certificate. */
export async function kubeletEndpoint(site: ClusterSite, secrets: ClusterSecrets): Promise<KubeletEndpoint> {
  const address = kubeletAddress(site.network);
  const ca = { cert: secrets["ca.crt"], key: secrets["ca.key"] };
  const request = { commonName: "sampan-kubelets", ipAddresses: [address], usages: ["server" as const] };
  return { address, port: kubeletPort, tls: { ...(await issueCertificate(ca, request)), clientCa: ca.cert } };
}
