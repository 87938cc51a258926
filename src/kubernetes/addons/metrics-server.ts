import { type AddonBuilder, image } from "./addon.ts";
import { service, serviceAccount } from "./objects.ts";
import { deployment } from "./workloads.ts";

const serverLabels = { "k8s-app": "metrics-server" };

/**
 * metrics-server. Its APIService is left out: behind it no program answers, and an APIService without an answer makes
 * discovery slow, spoils `kubectl api-resources` and keeps namespaces from being deleted. `kubectl top` says that the
 * Metrics API is not available, which is true.
 */
export const metricsServer: AddonBuilder = (scope) => [
  ...serviceAccount("metrics-server", "system:metrics-server", [
    ["core", "pods nodes nodes/stats namespaces", "get list watch"],
  ]),
  service("metrics-server", {
    selector: serverLabels,
    labels: { "kubernetes.io/name": "Metrics-server" },
    ports: [{ name: "https", port: 443, targetPort: 443 }],
  }),
  deployment("metrics-server", scope.plan, {
    critical: true,
    labels: serverLabels,
    serviceAccountName: "metrics-server",
    image: image(scope, "metrics-server", scope.addon.version),
    ports: { https: 443 },
    requests: { cpu: "100m", memory: "200Mi" },
  }),
];
