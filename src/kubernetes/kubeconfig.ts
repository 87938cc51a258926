import { stringify } from "yaml";
import type { ApiAccess } from "./api-access.ts";

/** Names that a kubeconfig shows its user. */
export interface KubeconfigNames {
  /** Name of the cluster entry, e.g. `kubernetes`. */
  cluster: string;
  /** Name of the user entry, e.g. `kubernetes-admin`. */
  user: string;
  /** Name of the context. Default: `<user>@<cluster>`, as kubeadm's. */
  context?: string;
}

/** A kubeconfig (YAML) with one cluster, one user and one context, certificates inline, so that it can be moved about. */
export function buildKubeconfig(access: ApiAccess, names: KubeconfigNames): string {
  const context = names.context ?? `${names.user}@${names.cluster}`;
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: names.cluster, cluster: { server: access.server, "certificate-authority-data": base64(access.ca) } },
      ],
      users: [
        {
          name: names.user,
          user: { "client-certificate-data": base64(access.cert), "client-key-data": base64(access.key) },
        },
      ],
      contexts: [{ name: context, context: { cluster: names.cluster, user: names.user } }],
      "current-context": context,
      preferences: {},
    },
    { lineWidth: 0 },
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
