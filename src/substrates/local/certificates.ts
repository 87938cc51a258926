import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ApiAccess } from "../../kubernetes/api-access.ts";
import type { ControlPlaneMember } from "../../kubernetes/control-plane.ts";
import { issueCertificate } from "../../kubernetes/pki/certificates.ts";
import { type ClusterSecrets, createClusterSecrets } from "../../kubernetes/pki/cluster-secrets.ts";
import { configurationFiles } from "../../kubernetes/pki/configuration-files.ts";
import { memberCertificates } from "../../kubernetes/pki/control-plane-certificates.ts";
import { ADMIN_GROUP, HEALTH_CLIENT, issueApiAccess, pkiFiles } from "../../kubernetes/pki/member-files.ts";
import { processIdentity } from "../../kubernetes/process-identity.ts";
import type { KubeletEndpoint } from "../../nodes/simulated-node.ts";
import type { SecretStore } from "../substrate.ts";
import { type ClusterSite, endpointsOf } from "./cluster-site.ts";
import { readIfThere, writeFileAtomically } from "./files.ts";
import { KUBELET_PORT, kubeletAddress } from "./loopback.ts";

/** The one secret under which the substrate keeps a cluster's authorities and keys, as JSON. */
const SECRET_NAME = "pki";

/** The cluster's authorities and keys, made and kept where there are none yet: only for the stage that makes them. */
export async function ensureSecrets(store: SecretStore): Promise<ClusterSecrets> {
  const kept = await readSecrets(store);
  if (kept !== undefined) return kept;
  const secrets = await createClusterSecrets();
  await store.put(SECRET_NAME, JSON.stringify(secrets));
  return secrets;
}

/**
 * The cluster's authorities and keys, for everybody else. A look at a cluster that is being made must not make a
 * second set.
 *
 * @throws {Error} where there are none yet.
 */
export async function requireSecrets(store: SecretStore): Promise<ClusterSecrets> {
  const kept = await readSecrets(store);
  if (kept === undefined)
    throw new Error("The cluster has no certificates yet: it is being made, or its creation failed.");
  return kept;
}

async function readSecrets(store: SecretStore): Promise<ClusterSecrets | undefined> {
  const kept = await store.get(SECRET_NAME);
  return kept === undefined ? undefined : (JSON.parse(kept) as ClusterSecrets);
}

/** Writes every member's certificates, keys and kubeconfigs, where they are not there as the cluster needs them. */
export async function ensurePkiFiles(site: ClusterSite, secrets: ClusterSecrets): Promise<void> {
  await Promise.all(site.controlPlane.members.map((member) => ensureMemberFiles(site, secrets, member)));
}

/** Access for the health checks, which may read health and metrics only. */
export async function healthAccess(site: ClusterSite, secrets: ClusterSecrets): Promise<ApiAccess> {
  return issueApiAccess(secrets, endpointsOf(site).intranet, HEALTH_CLIENT);
}

/** Access for Sampan itself, which may do everything. It takes the inner address, which every cluster has. */
export async function ownAccess(site: ClusterSite, secrets: ClusterSecrets): Promise<ApiAccess> {
  return issueApiAccess(secrets, endpointsOf(site).intranet, { commonName: "sampan", organizations: [ADMIN_GROUP] });
}

/** The listener of the cluster's simulated kubelets, with a new serving certificate. */
export async function kubeletEndpoint(site: ClusterSite, secrets: ClusterSecrets): Promise<KubeletEndpoint> {
  const address = kubeletAddress(site.network);
  const ca = { cert: secrets["ca.crt"], key: secrets["ca.key"] };
  const request = { commonName: "sampan-kubelets", ipAddresses: [address], usages: ["server" as const] };
  return { address, port: KUBELET_PORT, tls: { ...(await issueCertificate(ca, request)), clientCa: ca.cert } };
}

/**
 * A stamp beside the files says what they were made from. It is removed before and written after them, so that files
 * of two unfinished runs, which would not match each other, are never taken for complete. It names the machine's boot,
 * too: files that a loss of power may have damaged are made anew.
 */
async function ensureMemberFiles(
  site: ClusterSite,
  secrets: ClusterSecrets,
  member: ControlPlaneMember,
): Promise<void> {
  const stampFile = join(member.directory, "certificates.stamp");
  const stamp = stampOf(site, secrets, member);
  if ((await readIfThere(stampFile)) === stamp) return;
  await rm(stampFile, { force: true });
  const files = await pkiFiles(secrets, site.controlPlane, member);
  const folders = new Set(files.map(({ path }) => dirname(path)));
  await Promise.all([...folders].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  await Promise.all(files.map(({ path, content, mode }) => writeFileAtomically(path, content, { mode })));
  await writeFileAtomically(stampFile, stamp, { mode: 0o600 });
}

function stampOf({ controlPlane }: ClusterSite, secrets: ClusterSecrets, member: ControlPlaneMember): string {
  const boot = processIdentity(process.pid)?.bootId;
  const certificates = memberCertificates(controlPlane, member);
  const configuration = configurationFiles(secrets, controlPlane, member);
  const content = JSON.stringify([boot, secrets["ca.crt"], certificates, configuration]);
  return createHash("sha256").update(content).digest("hex");
}
