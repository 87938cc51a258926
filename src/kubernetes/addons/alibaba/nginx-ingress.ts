import { type AddonBuilder, image, setting } from "../addon.ts";
import { configMap, service, serviceAccount } from "../objects.ts";
import { deployment } from "../workloads.ts";

const ingressLabels = { app: "ingress-nginx" };

/** Prefix of the annotations by which a Service says what load balancer it wants. */
const loadBalancer = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer";

/**
 * The NGINX ingress controller behind a load balancer. Its admission webhook is left out: behind it no program answers,
 * and then every Ingress would be refused.
 */
export const nginxIngress: AddonBuilder = (scope) => {
  const spec = setting(scope, "IngressSlbSpec");
  return [
    ...serviceAccount("ingress-nginx", "ingress-nginx", [
      ["core", "configmaps endpoints nodes pods secrets services namespaces", "get list watch"],
      ["core", "events", "create patch"],
      ["networking.k8s.io", "ingresses ingressclasses", "get list watch"],
      ["networking.k8s.io", "ingresses/status", "update"],
      ["discovery.k8s.io", "endpointslices", "get list watch"],
      ["coordination.k8s.io", "leases", "get list watch create update"],
    ]),
    configMap("nginx-configuration", { "proxy-body-size": "20m", "use-forwarded-headers": "true" }),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "nginx" },
      spec: { controller: "k8s.io/ingress-nginx" },
    },
    service("nginx-ingress-lb", {
      selector: ingressLabels,
      labels: { app: "nginx-ingress-lb" },
      annotations: {
        [`${loadBalancer}-address-type`]: setting(scope, "IngressSlbNetworkType") || "internet",
        ...(spec && { [`${loadBalancer}-spec`]: spec }),
      },
      spec: { type: "LoadBalancer", externalTrafficPolicy: "Local" },
      ports: [
        { name: "http", port: 80, targetPort: 80 },
        { name: "https", port: 443, targetPort: 443 },
      ],
    }),
    deployment("nginx-ingress-controller", scope.plan, {
      replicas: 2,
      labels: ingressLabels,
      serviceAccountName: "ingress-nginx",
      image: image(scope, "aliyun-ingress-controller", scope.addon.version),
      args: [
        "/nginx-ingress-controller",
        "--configmap=kube-system/nginx-configuration",
        "--publish-service=kube-system/nginx-ingress-lb",
        "--annotations-prefix=nginx.ingress.kubernetes.io",
        "--watch-ingress-without-class",
      ],
      ports: { http: 80, https: 443 },
      requests: { cpu: "100m", memory: "70Mi" },
    }),
  ];
};
