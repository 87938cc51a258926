import type { AddonSpec } from "../../clusters/cluster.ts";
import { type PlannedResource, type ResourcePlan, refer } from "../../resources/resource.ts";
import { addonSetting, loggingAddons, madeLogProject } from "./log-projects.ts";

/** What the add-ons bring: the ingress controller's load balancer and the log projects. */
export function addonResources(plan: ResourcePlan): PlannedResource[] {
  const installed = plan.cluster.spec.addons.filter(({ disabled }) => !disabled);
  return [
    ...installed.filter(({ name }) => name === "nginx-ingress-controller").map((addon) => ingressBalancer(plan, addon)),
    ...logProjects(
      plan,
      installed.filter(({ name }) => loggingAddons.includes(name)),
    ),
  ];
}

function ingressBalancer({ cluster, newId }: ResourcePlan, addon: AddonSpec): PlannedResource {
  const { vpcId, vswitchIds } = cluster.spec.network;
  const [vswitchId = ""] = vswitchIds;
  const inner = addonSetting(addon, "IngressSlbNetworkType") === "intranet";
  return {
    ...refer("load-balancer", newId("lb")),
    name: "nginx-ingress-lb",
    creator: "addon",
    details: { loadBalancerSpec: "slb.s1.small", addressType: inner ? "intranet" : "internet", vpcId, vswitchId },
    dependencies: [refer("vswitch", vswitchId)],
    associatedObject: { kind: "Service", namespace: "kube-system", name: "nginx-ingress-lb" },
  };
}

/** Projects that are named were there before; one is made for all add-ons that name none. */
function logProjects({ cluster }: ResourcePlan, addons: readonly AddonSpec[]): PlannedResource[] {
  const named = addons.map((addon) => addonSetting(addon, "sls_project_name"));
  return [...new Set(named)].map((project) => ({
    ...refer("log-project", project || madeLogProject(cluster.id)),
    name: "k8s_log_project",
    existing: project !== "",
    details: {},
    dependencies: [],
  }));
}

/** The identity provider that lets RAM trust the cluster's service accounts. */
export function identityResources({ cluster }: ResourcePlan): PlannedResource[] {
  const { rrsa } = cluster.spec.apiServer;
  if (!rrsa) return [];
  return [
    {
      ...refer("identity-provider", `ack-rrsa-c${cluster.id}`),
      name: "k8s_rrsa_provider",
      details: { issuerUrl: rrsa.issuer, clientIds: [rrsa.audience] },
      dependencies: [],
    },
  ];
}
