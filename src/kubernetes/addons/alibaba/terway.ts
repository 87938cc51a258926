import { type AddonBuilder, type AddonScope, image, isOn } from "../addon.ts";
import { configMap, serviceAccount } from "../objects.ts";
import { daemonSet } from "../workloads.ts";

/** Terway, in either of its modes: the Pod network with addresses of vSwitches. The DaemonSet has the add-on's name. */
export const terway: AddonBuilder = (scope) => [
  ...serviceAccount("terway", "terway-pod-reader", [
    ["core", "pods nodes namespaces configmaps serviceaccounts", "get watch list update"],
    ["core", "events", "create"],
    ["networking.k8s.io", "networkpolicies", "get list watch"],
  ]),
  configMap("eni-config", {
    "10-terway.conf": json({
      cniVersion: "0.3.0",
      name: "terway",
      type: "terway",
      ...(isOn(scope, "IPVlan") && { eniip_virtual_type: "IPVlan" }),
    }),
    disable_network_policy: String(!isOn(scope, "NetworkPolicy")),
    eni_conf: json(eniConfiguration(scope)),
  }),
  daemonSet(scope.addon.name, {
    serviceAccountName: "terway",
    image: image(scope, "terway", scope.addon.version),
    configMap: { name: "eni-config", path: "/etc/eni" },
    requests: { cpu: "100m", memory: "100Mi" },
  }),
];

function eniConfiguration(scope: AddonScope) {
  const { podSubnets, securityGroupIds, serviceCidr } = scope.plan.network;
  const [securityGroup, ...furtherGroups] = securityGroupIds;
  return {
    version: "1",
    max_pool_size: 5,
    min_pool_size: 0,
    enable_eni_trunking: isOn(scope, "ENITrunking"),
    vswitches: byZone(podSubnets),
    eni_tags: { "ack.aliyun.com": scope.plan.content.vendorId },
    service_cidr: serviceCidr,
    ...(securityGroup && { security_group: securityGroup }),
    ...(furtherGroups.length > 0 && { security_groups: securityGroupIds }),
    vswitch_selection_policy: "ordered",
  };
}

function byZone(vswitches: AddonScope["plan"]["network"]["podSubnets"]): Record<string, string[]> {
  const zones = new Map<string, string[]>();
  for (const { id, zone } of vswitches) zones.set(zone, [...(zones.get(zone) ?? []), id]);
  return Object.fromEntries(zones);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
