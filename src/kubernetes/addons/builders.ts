import { type AddonBuilder, image } from "./addon.ts";
import { csiPlugin, csiProvisioner } from "./alibaba/csi.ts";
import { flannel } from "./alibaba/flannel.ts";
import { diskController, flexvolume } from "./alibaba/flexvolume.ts";
import { logtail, loongcollector } from "./alibaba/log-collectors.ts";
import { armsPrometheus, cloudMonitorAgent, nodeLocalDns } from "./alibaba/monitors.ts";
import { nginxIngress } from "./alibaba/nginx-ingress.ts";
import { nodeProblemDetector } from "./alibaba/node-problem-detector.ts";
import { terway } from "./alibaba/terway.ts";
import { containerNetwork } from "./container-network.ts";
import { coredns } from "./coredns.ts";
import { everest } from "./huawei/everest.ts";
import { kubeProxy } from "./kube-proxy.ts";
import { metricsServer } from "./metrics-server.ts";
import { deployment } from "./workloads.ts";

/** An add-on of which nothing is to be seen but a controller with its name. */
const controller: AddonBuilder = (scope) => [
  deployment(scope.addon.name, scope.plan, { image: image(scope, scope.addon.name, scope.addon.version) }),
];

/** An add-on that runs where users do not see it: only its settings are in the cluster. */
const hidden: AddonBuilder = () => [];

/** Who makes the objects of each add-on. */
export const addonBuilders: ReadonlyMap<string, AddonBuilder> = new Map([
  // Either vendor's.
  ["coredns", coredns],
  ["kube-proxy", kubeProxy],
  ["metrics-server", metricsServer],
  // Huawei Cloud's.
  ["everest", everest],
  ["overlay_l2", containerNetwork],
  ["underlay_ipvlan", containerNetwork],
  ["vpc-router", containerNetwork],
  ["eni", containerNetwork],
  // Alibaba Cloud's.
  ["flannel", flannel],
  ["terway-eniip", terway],
  ["terway-eni", terway],
  ["terway-controlplane", hidden],
  ["csi-plugin", csiPlugin],
  ["csi-provisioner", csiProvisioner],
  ["flexvolume", flexvolume],
  ["alicloud-disk-controller", diskController],
  ["storage-operator", controller],
  ["logtail-ds", logtail],
  ["loongcollector", loongcollector],
  ["ack-node-problem-detector", nodeProblemDetector],
  ["arms-prometheus", armsPrometheus],
  ["alicloud-monitor-controller", controller],
  ["cloudmonitor-agent", cloudMonitorAgent],
  ["ack-cost-exporter", controller],
  ["nginx-ingress-controller", nginxIngress],
  ["alb-ingress-controller", controller],
  ["ack-node-local-dns", nodeLocalDns],
  ["cloud-controller-manager", hidden],
  ["cluster-autoscaler", controller],
  ["ack-kubernetes-cronhpa-controller", controller],
  ["migrate-controller", controller],
  ["aliyun-acr-credential-helper", controller],
  ["security-inspector", controller],
  ["ack-pod-identity-webhook", controller],
  ["gatekeeper", controller],
  ["policy-template-controller", controller],
]);
