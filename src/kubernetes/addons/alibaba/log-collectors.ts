import { type AddonBuilder, type AddonScope, image, logProject, setting } from "../addon.ts";
import { configMap } from "../objects.ts";
import { daemonSet, deployment } from "../workloads.ts";

const configuration = "alibaba-log-configuration";

/** Logtail, which collects the logs of every node, and its controller. */
export const logtail: AddonBuilder = (scope) => collector(scope, "logtail-ds", "logtail");

/** Its successor. */
export const loongcollector: AddonBuilder = (scope) => collector(scope, "loongcollector-ds", "loongcollector");

function collector(scope: AddonScope, daemon: string, program: string) {
  const { version } = scope.addon;
  return [
    configMap(configuration, logConfiguration(scope)),
    daemonSet(daemon, {
      labels: { "k8s-app": daemon },
      image: image(scope, program, version),
      env: { ALICLOUD_LOG_DEFAULT_PROJECT: logProject(scope) },
      configMap: { name: configuration, path: "/etc/ilogtail/configuration" },
      requests: { cpu: "100m", memory: "256Mi" },
    }),
    deployment("alibaba-log-controller", scope.plan, {
      labels: { "k8s-app": "alibaba-log-controller" },
      image: image(scope, "log-controller", version),
    }),
  ];
}

function logConfiguration(scope: AddonScope): Record<string, string> {
  const { region } = scope.plan.content;
  const dashboard = setting(scope, "IngressDashboardEnabled");
  return {
    "log-project": logProject(scope),
    "log-endpoint": `${region}-intranet.log.aliyuncs.com`,
    "log-machine-group": `k8s-group-${scope.plan.content.vendorId}`,
    "log-config-path": `/etc/ilogtail/conf/${region}/ilogtail_config.json`,
    "cpu-core-limit": "2",
    "mem-limit": "1024",
    "max-bytes-per-sec": "209715200",
    "send-requests-concurrency": "80",
    ...(dashboard && { IngressDashboardEnabled: dashboard }),
  };
}
