import { X509Certificate } from "node:crypto";
import type { AdminAccess, Kubeconfig, KubeconfigWish } from "../../../cluster-access.ts";
import { buildKubeconfig } from "../../../kubernetes/kubeconfig.ts";
import { adminGroup, issueApiAccess } from "../../../kubernetes/pki/member-files.ts";
import type { ClusterRecord } from "../../substrate.ts";
import { requireSecrets } from "../certificates/secrets.ts";
import type { LocalContext } from "../context.ts";
import { apiEndpoints, endpointsOf, requireSite } from "../site/site.ts";
import { readLocalState } from "../state.ts";

/** The lifetime of a kubeconfig for which none was asked: three years, as ACK's. */
const longLifetimeMinutes = 3 * 365 * 24 * 60;

/** Who the bearer is, as with kubeadm. */
const adminUser = "kubernetes-admin";

/** An administrator's kubeconfig (YAML) with a certificate of its own: see `Substrate`. */
export async function kubeconfig(
  context: Pick<LocalContext, "home">,
  cluster: ClusterRecord,
  { lifetimeMinutes = longLifetimeMinutes, endpoint }: KubeconfigWish,
): Promise<Kubeconfig> {
  const site = requireSite(context.home, cluster);
  const secrets = await requireSecrets(cluster.secrets);
  const endpoints = endpointsOf(site);
  const access = await issueApiAccess(secrets, endpoints[endpoint] ?? endpoints.intranet, admin(lifetimeMinutes));
  const names = { cluster: "kubernetes", user: adminUser, context: `${adminUser}-${site.id}` };
  return { config: buildKubeconfig(access, names), expiration: new X509Certificate(access.cert).validToDate };
}

/** What a kubeconfig is made from, for those who write their own: see `Substrate`. */
export async function adminAccess(
  context: Pick<LocalContext, "home">,
  cluster: ClusterRecord,
  { lifetimeMinutes }: { lifetimeMinutes: number },
): Promise<AdminAccess> {
  const { network } = requireSite(context.home, cluster);
  const endpoints = apiEndpoints(network, readLocalState(cluster).publicEndpoint);
  const secrets = await requireSecrets(cluster.secrets);
  const { ca, cert, key } = await issueApiAccess(secrets, endpoints.intranet, admin(lifetimeMinutes));
  return { endpoints, ca, cert, key };
}

const admin = (lifetimeMinutes: number) => ({
  commonName: adminUser,
  organizations: [adminGroup],
  lifetimeMinutes,
});
