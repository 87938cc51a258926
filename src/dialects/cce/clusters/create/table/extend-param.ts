import { choice, integer, object, text } from "../../../../common/parameters/parameter.ts";
import { defaults } from "../../words/words.ts";
import { ipAddress } from "../value-rules.ts";
import { answered, documented, idLength, notDone, recorded, seen, shareMasks } from "./common.ts";

const keys = {
  clusterAZ: text({
    kinds: documented,
    maxLength: idLength,
    defaultIs: "the zone of the subnet",
    meaning: "Where the control-plane members are: `multi_az`, or in newer versions the code of a zone.",
    effect: "`multi_az` spreads the members over the region's zones; the code of a zone puts them all there.",
    observed: `\`memberZones\` in ${seen.info}; ${seen.show}`,
    conditions: ["`multi_az` only with a highly available flavor", "without effect beside zones in `spec.masters`"],
  }),
  enterpriseProjectId: text({
    kinds: [],
    maxLength: idLength,
    // It is shown where it was asked for alone.
    defaultIs: "`0`",
    meaning: "Enterprise project of the cluster; `0` is the usual one.",
    effect: "Groups the cluster and what is made for it.",
    observed: `${seen.show}; \`resource_group_id\` of ACK's DescribeClusterDetail`,
  }),
  clusterExternalIP: text({
    kinds: [],
    rule: ipAddress,
    meaning: "Elastic IP address for the API server.",
    effect: "The API server has a public endpoint beside the inner one, at an address of this machine.",
    observed: `\`status.endpoints\` of ${seen.show}; context \`external\` of the cluster's kubeconfig`,
  }),
  "alpha.cce/fixPoolMask": choice(shareMasks, {
    kinds: [],
    defaultIs: "24, and up to 28 where the Pod range is too small for sixteen of those",
    meaning: "Prefix length of each node's share of the Pod range.",
    effect: "`--node-cidr-mask-size` of the controller manager; without effect with `eni`.",
    observed: "prefix length of `spec.podCIDR` of the nodes",
    conditions: ["from the prefix length of the Pod range to 16 more"],
  }),
  kubeProxyMode: choice(["iptables", "ipvs"], {
    kinds: [],
    defaultIs: `\`${defaults.kubeProxyMode}\``,
    replacedBy: "spec.kubeProxyMode",
    meaning: "Mode of kube-proxy, as older clients send it.",
    effect: "As `spec.kubeProxyMode`.",
    observed: "ConfigMap `kube-proxy` in `kube-system`",
  }),
  "kubernetes.io/cpuManagerPolicy": choice(["none", "static"], notDone("How kubelets give CPUs to pods.")),
  dockerUmaskMode: text(notDone("File permissions in containers: `secure` or `normal`.")),
  dssMasterVolumes: text(recorded("Storage pools of the control plane in a dedicated cloud.")),
  decMasterFlavor: text(recorded("Machines of the control plane in a dedicated cloud.")),
  periodType: choice(["month", "year"], recorded("Unit of the time that is paid in advance.")),
  periodNum: integer({ ...recorded("How many of them."), minimum: 0 }),
  isAutoRenew: choice(["true", "false"], recorded("Whether that time is renewed by itself.")),
  isAutoPay: choice(["true", "false"], recorded("Whether it is paid for by itself.")),
  orderID: text(answered("Order by which it was paid.")),
  upgradefrom: text(answered("Version that the cluster was upgraded from.")),
  patchVersion: text(answered("Patch of the platform.")),
};

/** Member of `spec`: settings by name, of which those that are not named here are kept too. */
export const extendParameters = {
  extendParam: object(keys, {
    kinds: documented,
    open: true,
    meaning: "Further settings by name.",
    effect: "See its members; any other one is kept and shown as it was sent.",
    observed: seen.show,
  }),
};
