import { byKind, choice, flag, object, text, texts } from "../../../../common/parameters/parameter.ts";
import { podRange } from "../../../../common/parameters/value-rules.ts";
import { prefixLength, serviceRange } from "../value-rules.ts";
import { both, idLength, recorded, seen } from "./common.ts";

const id = { item: { maxLength: idLength } };

/** What says where networks are made. */
const madeNetwork = (meaning: string) => ({
  kinds: [],
  meaning,
  effect: "Without `vpcid`, a VPC and a vSwitch in each zone are made for the cluster, and go with it.",
  observed: `\`vpc_id\` and \`vswitch_ids\` of ${seen.describe}; ${seen.resources}`,
});

/** The networks of the cluster. */
export const networkParameters = {
  vpcid: text({
    kinds: both,
    maxLength: idLength,
    requiredWhen: "`zone_ids` does not ask for one to be made",
    meaning: "VPC of the nodes.",
    effect: "Addresses of the nodes are of its range; an unknown one is registered with a range of its own.",
    observed: `InternalIP of the nodes; ${seen.resources}`,
  }),
  vswitch_ids: texts({
    kinds: ["managed"],
    newerFor: ["dedicated"],
    ...id,
    maxItems: 3,
    requiredWhen: "the cluster is managed, and neither its VPC is made nor other vSwitches are named",
    meaning: "vSwitches of the workers.",
    effect: "Workers are laid over them in turn.",
    observed: "annotation `sampan.dev/vswitch` and label `topology.kubernetes.io/zone` of the nodes",
  }),
  worker_vswitch_ids: texts({
    kinds: [],
    ...id,
    maxItems: 3,
    replacedBy: "vswitch_ids",
    meaning: "vSwitches of the workers, as older clients name them.",
    effect: "Stands in for `vswitch_ids`.",
    observed: "annotation `sampan.dev/vswitch` of the nodes",
  }),
  pod_vswitch_ids: texts({
    kinds: both,
    ...id,
    requiredWhen: "the network add-on is Terway, and the VPC is not made",
    meaning: "vSwitches that pods get their addresses from with Terway.",
    effect: "In Terway's ConfigMap; kept without effect with Flannel.",
    observed: "ConfigMap `eni-config` in `kube-system`",
    conditions: [
      "vSwitches that are not the nodes', one for each of theirs, and a prefix length of at most 19 are recommended",
    ],
  }),
  container_cidr: text({
    kinds: both,
    rule: podRange,
    requiredWhen: "the network add-on is Flannel, and the VPC is not made",
    meaning: "Range of the pods' addresses.",
    effect: "`--cluster-cidr` of the controller manager; Flannel's and kube-proxy's configuration.",
    observed: "`spec.podCIDR` of the nodes; ConfigMap `kube-flannel-cfg`",
    conditions: ["no overlap with `service_cidr` or the VPC"],
  }),
  service_cidr: text({
    kinds: both,
    rule: serviceRange,
    requiredWhen: "`vpcid` is given",
    defaultIs: "`172.19.0.0/20`, or another range where that overlaps the pods'",
    meaning: "Range of the Services' addresses, which cannot be changed later.",
    effect: "`--service-cluster-ip-range` of the API server.",
    observed: "`kubectl get service kubernetes`; the serving certificate",
    conditions: [
      "no overlap with `container_cidr` or the VPC",
      "an overlap with another cluster of the VPC is told, and refused with `SAMPAN_INVENTORY=strict`",
    ],
  }),
  node_cidr_mask: text({
    kinds: both,
    rule: prefixLength,
    default: byKind({ managed: "25", dedicated: "26" }),
    meaning: "Prefix length of each node's share of the Pod range.",
    effect: "`--node-cidr-mask-size` of the controller manager; without effect with Terway.",
    observed: "prefix length of `spec.podCIDR` of the nodes",
    conditions: ["from the prefix length of `container_cidr` to 16 more, and at most 30"],
  }),
  proxy_mode: choice(["iptables", "ipvs"], {
    kinds: both,
    default: "ipvs",
    meaning: "Mode of kube-proxy.",
    effect: "`mode` in kube-proxy's configuration.",
    observed: "ConfigMap `kube-proxy` in `kube-system`",
  }),
  security_group_id: text({
    kinds: both,
    maxLength: idLength,
    meaning: "Existing security group of the nodes.",
    effect: "The nodes are in it, and none is made.",
    observed: `annotation \`sampan.dev/security-group\` of the nodes; ${seen.resources}`,
    conditions: ["wins over `is_enterprise_security_group`"],
  }),
  is_enterprise_security_group: flag({
    kinds: both,
    default: byKind({ managed: false, dedicated: true }),
    meaning: "Whether the security group that is made is of the enterprise kind.",
    effect: "Kind of the group that is made where no existing one is given.",
    observed: seen.resources,
    conditions: ["with Terway it is the usual kind, as a basic group holds few addresses of pods"],
  }),
  snat_entry: flag({
    kinds: both,
    default: byKind({ managed: false, dedicated: true }),
    meaning: "Whether the nodes reach the public network through SNAT.",
    effect: "A NAT gateway with an address and an SNAT entry among the cluster's resources.",
    observed: seen.resources,
  }),
  endpoint_public_access: flag({
    kinds: both,
    default: true,
    meaning: "Whether the API server is reachable from the public network.",
    effect: "The API server has a public endpoint beside the inner one, and its certificate names both.",
    observed: `\`master_url\` of ${seen.describe}; DescribeClusterUserKubeconfig`,
  }),
  load_balancer_spec: choice(
    ["slb.s1.small", "slb.s2.small", "slb.s2.medium", "slb.s3.small", "slb.s3.medium", "slb.s3.large"],
    {
      kinds: ["dedicated"],
      newerFor: ["managed"],
      default: "slb.s2.small",
      meaning: "Size of the API server's load balancer.",
      effect: "Size of the load balancer among the cluster's resources.",
      observed: seen.resources,
    },
  ),
  ip_stack: text(recorded("Address families; clusters made here are of IPv4.")),
  zone_id: text({ ...madeNetwork("Zone of a vSwitch that is made."), maxLength: idLength, replacedBy: "zone_ids" }),
  zone_ids: texts({ ...madeNetwork("Zones of the vSwitches that are made."), ...id, maxItems: 5 }),
  nat_gateway: flag({
    ...recorded("Whether there is a NAT gateway, as older clients say it."),
    replacedBy: "snat_entry",
  }),
  load_balancer_id: text(recorded("Existing load balancer for the API server.")),
  control_plane_endpoints_config: object({}, recorded("Names and load balancers of the control plane's endpoints.")),
};
