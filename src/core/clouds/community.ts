import { randomUUID } from "node:crypto";
import { publicAddress, securityGroupResources, vpcResources } from "../resources/network-resources.ts";
import { nodeResources } from "../resources/node-resources.ts";
import type { PlannedResource, ResourcePlan } from "../resources/resource.ts";
import type { Cloud } from "./cloud.ts";
import { versionForm } from "./version-form.ts";

const publicAddressName = "k8s_master_eip";

/** What a cloud is taken to be like where nothing else is known of it: the community's words, and UUIDs. */
export const community: Cloud = {
  releases: [],
  versionForm: versionForm("v?", "-"),
  imageRegistry: () => "registry.k8s.io",
  findInstanceType: () => undefined,
  instanceName: ({ id }, { role }, { ordinal }) => `${role === "worker" ? "worker" : "master"}-${id}-${ordinal}`,
  newResourceId: () => randomUUID(),
  plannedResources: usualResources,
  publicAddressName,
  osImages: new Map(),
  nodePoolLabel: "sampan.dev/nodepool-id",
  innerLoadBalancer: undefined,
  diskInWords: (disk) => ({ ...disk }),
  quotas: { clusters: Number.MAX_SAFE_INTEGER, nodes: Number.MAX_SAFE_INTEGER },
};

/** Without stacks and balancers the control plane is the vendor's own, and its public address is bound to it. */
function usualResources(plan: ResourcePlan): PlannedResource[] {
  const groups = securityGroupResources(plan);
  return [
    ...vpcResources(plan),
    ...groups,
    ...publicAddress(plan, publicAddressName, undefined),
    ...nodeResources(plan, groups[0]?.id ?? ""),
  ];
}
