import { type AddonBuilder, image } from "../addon.ts";
import { namespace } from "../objects.ts";
import { daemonSet, deployment } from "../workloads.ts";

/** The collector of Prometheus metrics, in a namespace of its own. */
export const armsPrometheus: AddonBuilder = (scope) => [
  namespace("arms-prom"),
  deployment("arms-prom-ack-arms-prometheus", scope.plan, {
    namespace: "arms-prom",
    image: image(scope, "arms-prom-operator", scope.addon.version),
    env: { CLUSTER_ID: scope.plan.content.vendorId, REGION_ID: scope.plan.content.region },
  }),
];

/** The agent that monitors the machines of the pools that asked for it. */
export const cloudMonitorAgent: AddonBuilder = (scope) => [
  daemonSet("cloudmonitor-agent", {
    image: image(scope, "cloudmonitor-agent", scope.addon.version),
    nodeLabels: scope.plan.content.monitoredNodes,
    env: { CLUSTER_ID: scope.plan.content.vendorId, REGION_ID: scope.plan.content.region },
  }),
];

/** The names of Services, kept on every node. */
export const nodeLocalDns: AddonBuilder = (scope) => [
  daemonSet("node-local-dns", {
    labels: { "k8s-app": "node-local-dns" },
    image: image(scope, "k8s-dns-node-cache", scope.addon.version),
  }),
];
