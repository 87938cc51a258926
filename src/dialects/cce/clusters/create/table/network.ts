import { choice, flag, object, objects, required, text, texts } from "../../../../common/parameters/parameter.ts";
import { podRange } from "../../../../common/parameters/value-rules.ts";
import { defaults } from "../../words/words.ts";
import { ipv6ServiceRange, privatePodRange, serviceRange } from "../value-rules.ts";
import { answered, documented, idLength, mostRanges, notDone, recorded, seen } from "./common.ts";

const hostNetwork = {
  vpc: required(
    text({
      kinds: documented,
      maxLength: idLength,
      meaning: "Id of the VPC of the nodes.",
      effect: "Addresses of the control plane and the nodes are of its range; an unknown one is registered.",
      observed: `${seen.show}; \`vpcId\` in ${seen.info}`,
    }),
  ),
  subnet: required(
    text({
      kinds: documented,
      maxLength: idLength,
      meaning: "Network id of the subnet of the nodes.",
      effect: "Addresses of the control plane and the nodes are of it; an unknown one is registered.",
      observed: `\`status.endpoints\` of ${seen.show}; \`subnets\` in ${seen.info}`,
    }),
  ),
  highwaySubnet: text({
    kinds: documented,
    maxLength: idLength,
    requiredWhen: "`spec.type` is `BareMetal`",
    meaning: "Network id of the high-speed subnet of bare-metal nodes.",
    effect: "Registered in the VPC, and in the configuration of the container network.",
    observed: `${seen.show}; \`highwaySubnet\` in ${seen.network}`,
  }),
  SecurityGroup: text({
    kinds: [],
    maxLength: idLength,
    defaultIs: "one that is made",
    meaning: "Existing security group of the nodes.",
    effect: "The nodes are in it, and none is made.",
    observed: seen.show,
  }),
  controlPlaneSecurityGroup: text(answered("Security group of the control plane.")),
  autoGenerateSecurityGroupHardeningConfig: object(
    { portsToDisable: texts(notDone("Those ports.")) },
    notDone("Ports that the group which is made leaves closed."),
  ),
};

const containerNetwork = {
  mode: required(
    choice(["overlay_l2", "underlay_ipvlan", "vpc-router", "eni"], {
      kinds: documented,
      meaning:
        "Model of the container network: tunnels, the high-speed network of bare-metal nodes, routes of the VPC, or, in newer versions, network interfaces of the VPC.",
      effect: "Objects of that network are in the cluster: a DaemonSet and its ConfigMap.",
      observed: "`kubectl get daemonset,configmap -n kube-system`",
      conditions: ["`eni` needs `spec.eniNetwork`"],
    }),
  ),
  cidr: text({
    kinds: documented,
    rule: privatePodRange,
    defaultIs: "the first of 172.16.0.0/16 to 172.31.0.0/16 that is free",
    meaning: "Range of the pods' addresses.",
    effect:
      "`--cluster-cidr` of the controller manager; where it overlaps a range in use, another one is taken, and an event says so.",
    observed: `\`spec.podCIDR\` of the nodes; ${seen.show}; event \`PodRangeChosen\``,
    conditions: ["wide enough for the nodes' shares, see `alpha.cce/fixPoolMask`", "without effect with `eni`"],
  }),
  cidrs: objects(
    {
      cidr: required(
        text({
          kinds: [],
          rule: privatePodRange,
          meaning: "A range of the pods' addresses.",
          effect:
            "The first one is `cidr`; the others are kept free of other clusters' ranges, and no node has a share of them yet.",
          observed: `${seen.show}; \`morePodCidrs\` in ${seen.info}`,
        }),
      ),
    },
    {
      kinds: [],
      maxItems: mostRanges,
      meaning: "Ranges of the pods' addresses, as newer clients send them.",
      effect: "See its member.",
      observed: seen.show,
      conditions: [
        "more than one only with `vpc-router`",
        "no two overlap",
        "the first is `cidr`, where both are given",
      ],
    },
  ),
  enableContainerCIDRsReservation: flag(
    recorded("Whether the ranges are kept free in the VPC, as they are here always."),
  ),
};

const eniNetwork = {
  subnets: objects(
    {
      subnetID: required(
        text({
          kinds: [],
          maxLength: idLength,
          meaning: "IPv4 subnet id of a subnet of the pods.",
          effect: "Registered in the VPC, and in the configuration of the container network.",
          observed: `${seen.show}; \`podSubnets\` in ${seen.network}`,
        }),
      ),
    },
    {
      kinds: [],
      maxItems: mostRanges,
      requiredWhen: "the container network is `eni`",
      meaning: "Subnets that pods get their addresses from with `eni`.",
      effect: "See its member.",
      observed: `${seen.show}; \`podSubnets\` in ${seen.network}`,
    },
  ),
  eniSubnetId: text({
    kinds: [],
    maxLength: idLength,
    replacedBy: "subnets",
    meaning: "The subnet of the pods, as older clients name it.",
    effect: "Stands in for `subnets`.",
    observed: `${seen.show}; \`podSubnets\` in ${seen.network}`,
    conditions: ["one of `subnets`, where both are given"],
  }),
  eniSubnetCIDR: text({
    ...recorded("Range of that subnet, which here is the one that the subnet was registered with."),
    rule: podRange,
  }),
};

/** Members of `spec`: the networks of the cluster. */
export const networkParameters = {
  hostNetwork: required(
    object(hostNetwork, {
      kinds: documented,
      meaning: "Network of the nodes; the documents' tables spell it `hostNetwok`, which is taken too.",
      effect: "See its members.",
      observed: seen.show,
      conditions: ["in one spelling, or the same in both"],
    }),
  ),
  containerNetwork: required(
    object(containerNetwork, {
      kinds: documented,
      meaning: "Network of the pods.",
      effect: "See its members.",
      observed: seen.show,
    }),
  ),
  eniNetwork: object(eniNetwork, {
    kinds: [],
    requiredWhen: "the container network is `eni`",
    meaning: "Network of the pods with `eni`.",
    effect: "See its members; without effect in the other modes.",
    observed: seen.show,
  }),
  serviceNetwork: object(
    {
      IPv4CIDR: text({
        kinds: [],
        rule: serviceRange,
        defaultIs: "`10.247.0.0/16`",
        meaning: "Range of the Services' addresses.",
        effect: "`--service-cluster-ip-range` of the API server.",
        observed: "`kubectl get service kubernetes`; the serving certificate",
        conditions: ["the default gives way where it overlaps the Pod range"],
      }),
      IPv6CIDR: text({
        kinds: [],
        rule: ipv6ServiceRange,
        default: defaults.ipv6.serviceCidr,
        meaning: "IPv6 range of the Services' addresses.",
        effect: "The second `--service-cluster-ip-range` with `spec.ipv6enable`, else none.",
        observed: `\`ipv6ServiceCidr\` in ${seen.info}; a Service with both families`,
      }),
    },
    { kinds: [], meaning: "Network of the Services.", effect: "See its members.", observed: seen.show },
  ),
  kubernetesSvcIpRange: text({
    kinds: [],
    rule: serviceRange,
    defaultIs: "`10.247.0.0/16`",
    replacedBy: "serviceNetwork.IPv4CIDR",
    meaning: "Range of the Services' addresses, as older clients name it.",
    effect: "As `serviceNetwork.IPv4CIDR`.",
    observed: "`kubectl get service kubernetes`; ShowCluster",
    conditions: ["the same as `serviceNetwork.IPv4CIDR`, where both are given"],
  }),
  kubeProxyMode: choice(["iptables", "ipvs"], {
    kinds: [],
    default: defaults.kubeProxyMode,
    meaning: "Mode of kube-proxy.",
    effect: "`mode` in kube-proxy's configuration.",
    observed: "ConfigMap `kube-proxy` in `kube-system`",
    conditions: ["the same as in `spec.extendParam`, where both are given"],
  }),
  ipv6enable: flag({
    kinds: [],
    default: false,
    meaning: "Whether the cluster has IPv6 beside IPv4.",
    effect: "Pods and Services have ranges of both families.",
    observed: `\`ipv6PodCidr\` in ${seen.info}; a Service with both families`,
  }),
  publicAccess: object(
    { cidrs: texts(notDone("Ranges that may reach the public endpoint.")) },
    notDone("Who may reach the public endpoint."),
  ),
};
