import { stringify } from "yaml";
import { type AddonBuilder, image, systemNamespace } from "./addon.ts";
import { configMap, roleBinding } from "./objects.ts";
import { daemonSet } from "./workloads.ts";

/** kube-proxy: addresses of the Services on every node, in the cluster's mode. Its version is the control plane's. */
export const kubeProxy: AddonBuilder = (scope) => {
  const { proxyMode, podCidr, ipv6 } = scope.plan.network;
  const config = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: proxyMode,
    clusterCIDR: podCidr ? [podCidr, ...(ipv6 ? [ipv6.podCidr] : [])].join(",") : "",
    clientConnection: { kubeconfig: "/var/lib/kube-proxy/kubeconfig.conf" },
    conntrack: { maxPerCore: 65536 },
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "kube-proxy", namespace: systemNamespace } },
    // The role is one of the API server's own.
    roleBinding("kubeadm:node-proxier", "system:node-proxier", "kube-proxy"),
    configMap("kube-proxy", { "config.conf": stringify(config) }),
    daemonSet("kube-proxy", {
      labels: { "k8s-app": "kube-proxy" },
      serviceAccountName: "kube-proxy",
      image: image(scope, "kube-proxy", `v${scope.kubernetesVersion}`),
      args: ["--config=/var/lib/kube-proxy/config.conf"],
      configMap: { name: "kube-proxy", path: "/var/lib/kube-proxy" },
    }),
  ];
};
