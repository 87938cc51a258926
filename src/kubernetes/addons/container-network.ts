import { type AddonBuilder, type AddonScope, image } from "./addon.ts";
import { facts } from "./facts.ts";
import { configMap, serviceAccount } from "./objects.ts";
import { daemonSet } from "./workloads.ts";

/** How each mode joins the pods of different nodes. */
const backends: Readonly<Record<string, string>> = {
  // Tunnels between the nodes.
  overlay_l2: "vxlan",
  // Addresses of the high-speed network of bare-metal machines.
  underlay_ipvlan: "ipvlan",
  // A route of the VPC to each node's share of the Pod range.
  "vpc-router": "vpc-routes",
  // Addresses of subnets.
  eni: "elastic-network-interfaces",
};

/**
 * A container network of CCE in one of its modes. Its objects are named `container-network-<mode>`, a hyphen standing for
 * the mode's underscore, which Kubernetes refuses in names.
 */
export const containerNetwork: AddonBuilder = (scope) => {
  const mode = scope.addon.name;
  const name = `container-network-${mode.replaceAll("_", "-")}`;
  return [
    ...serviceAccount(name, name, [
      ["core", "pods namespaces", "get list watch"],
      ["core", "nodes", "get list watch"],
      ["core", "nodes/status", "patch"],
      ["networking.k8s.io", "networkpolicies", "get list watch"],
    ]),
    configMap(name, networkFacts(scope)),
    daemonSet(name, {
      serviceAccountName: name,
      image: image(scope, name, scope.addon.version),
      args: [`--mode=${mode}`, "--config=/etc/container-network"],
      configMap: { name, path: "/etc/container-network" },
      requests: { cpu: "100m", memory: "100Mi" },
    }),
  ];
};

/** What is empty is left out: no mode has all of it. */
function networkFacts({ addon, plan: { network } }: AddonScope): Record<string, string> {
  const { podCidr, morePodCidrs, nodeCidrMask, ipv6, podSubnets } = network;
  return facts({
    mode: addon.name,
    backend: backends[addon.name],
    vpcId: network.vpcId,
    subnets: network.subnetIds.join(","),
    podCidrs: podCidr ? [podCidr, ...morePodCidrs].join(",") : undefined,
    nodeCidrMask: podCidr && String(nodeCidrMask),
    ipv6PodCidr: ipv6?.podCidr,
    podSubnets: podSubnets.map(({ id }) => id).join(","),
    podSubnetCidrs: podSubnets.map(({ cidr }) => cidr).join(","),
    highwaySubnet: network.highSpeedSubnetId,
    securityGroups: network.securityGroupIds.join(","),
  });
}
