import { type AddonBuilder, image, logProject } from "../addon.ts";
import { configMap } from "../objects.ts";
import { daemonSet, deployment } from "../workloads.ts";

/** What tells of ill nodes, and the eventer that sends the cluster's events to a log project. */
export const nodeProblemDetector: AddonBuilder = (scope) => {
  const { addon, plan } = scope;
  const project = logProject(scope);
  const sink = `sls:https://sls.aliyuncs.com?logStore=k8s-event&project=${encodeURIComponent(project)}&topic=`;
  return [
    configMap("ack-node-problem-detector-config", { sls_project_name: project }),
    daemonSet("ack-node-problem-detector-daemonset", {
      labels: { app: "ack-node-problem-detector" },
      image: image(scope, "node-problem-detector", addon.version),
      configMap: { name: "ack-node-problem-detector-config", path: "/config/ack" },
      requests: { cpu: "100m", memory: "200Mi" },
    }),
    deployment("ack-node-problem-detector-eventer", plan, {
      image: image(scope, "eventer", addon.version),
      args: ["/kube-eventer", "--source=kubernetes:https://kubernetes.default", `--sink=${sink}`],
    }),
  ];
};
