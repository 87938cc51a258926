import { ipv4Range, nthAddress } from "../../cidr.ts";
import { type AddonBuilder, image } from "./addon.ts";
import { configMap, service, serviceAccount } from "./objects.ts";
import { deployment } from "./workloads.ts";

/** What everybody calls the pods and the Service of the cluster's DNS. */
const dnsLabels = { "k8s-app": "kube-dns" };

/** CoreDNS: names of the Services, under the cluster's domain. */
export const coredns: AddonBuilder = (scope) => {
  const { addon, plan } = scope;
  return [
    ...serviceAccount("coredns", "system:coredns", [
      ["core", "endpoints services pods namespaces", "list watch"],
      ["core", "nodes", "get"],
      ["discovery.k8s.io", "endpointslices", "list watch"],
    ]),
    configMap("coredns", { Corefile: corefile(plan.network.clusterDomain) }),
    service("kube-dns", {
      selector: dnsLabels,
      labels: { ...dnsLabels, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "KubeDNS" },
      annotations: { "prometheus.io/port": "9153", "prometheus.io/scrape": "true" },
      spec: { clusterIP: dnsAddress(plan.network.serviceCidr) },
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53 },
        { name: "metrics", port: 9153 },
      ],
    }),
    deployment("coredns", plan, {
      critical: true,
      replicas: 2,
      labels: dnsLabels,
      serviceAccountName: "coredns",
      image: image(scope, "coredns", addon.version),
      args: ["-conf", "/etc/coredns/Corefile"],
      configMap: { name: "coredns", path: "/etc/coredns" },
      ports: { "dns-tcp": 53, metrics: 9153 },
      requests: { cpu: "100m", memory: "70Mi" },
    }),
  ];
};

/** Address of the cluster's DNS: the tenth of the Service range, as everywhere; the last usable one of a range too small. */
export function dnsAddress(serviceCidr: string): string {
  const range = ipv4Range(serviceCidr);
  return nthAddress(range, Math.min(10, range.last - range.first - 1));
}

function corefile(domain: string): string {
  return `.:53 {
    errors
    health {
       lameduck 15s
    }
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
       pods verified
       ttl 30
       fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       prefer_udp
    }
    cache 30
    loop
    reload
    loadbalance
}
`;
}
