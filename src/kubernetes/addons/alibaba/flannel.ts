import { type AddonBuilder, image } from "../addon.ts";
import { configMap, serviceAccount } from "../objects.ts";
import { daemonSet } from "../workloads.ts";

/** Flannel: the Pod network with a range for each node, which ACK joins by routes of the VPC. */
export const flannel: AddonBuilder = (scope) => {
  const network = { Network: scope.plan.network.podCidr ?? "", Backend: { Type: "alloc" } };
  const cni = {
    name: "cb0",
    cniVersion: "0.3.1",
    type: "flannel",
    delegate: { isDefaultGateway: true, hairpinMode: true },
  };
  return [
    ...serviceAccount("flannel", "flannel", [
      ["core", "pods", "get"],
      ["core", "nodes", "list watch"],
      ["core", "nodes/status", "patch"],
    ]),
    configMap("kube-flannel-cfg", { "cni-conf.json": json(cni), "net-conf.json": json(network) }),
    daemonSet("kube-flannel-ds", {
      labels: { app: "flannel", tier: "node" },
      serviceAccountName: "flannel",
      image: image(scope, "flannel", scope.addon.version),
      args: ["--ip-masq", "--kube-subnet-mgr"],
      configMap: { name: "kube-flannel-cfg", path: "/etc/kube-flannel" },
      requests: { cpu: "100m", memory: "100Mi" },
    }),
  ];
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
