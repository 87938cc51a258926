import { type ControlPlane, memberPorts } from "../control-plane.ts";
import { memberPaths } from "../member-paths.ts";
import {
  apiBurst,
  apiRequestsPerSecond,
  type ComponentBuilder,
  componentEnvironment,
  type FlagRow,
  renderFlags,
} from "./command.ts";
import { dualStackFlags, ipv6NodeMask } from "./dual-stack.ts";

/** The controller manager of one member. */
export const kubeControllerManager: ComponentBuilder = (version, controlPlane, member) => {
  const { podCidr, serviceCidr, ipv6 } = controlPlane.network;
  const paths = memberPaths(member.directory);
  const flags: FlagRow[] = [
    ["kubeconfig", paths.controllerManagerKubeconfig],
    ["authentication-kubeconfig", paths.controllerManagerKubeconfig],
    ["authorization-kubeconfig", paths.controllerManagerKubeconfig],
    ["client-ca-file", paths.ca],
    ["requestheader-client-ca-file", paths.frontProxyCa],
    ["bind-address", member.address],
    ["secure-port", memberPorts.controllerManager],
    // The plain-HTTP port of old managers.
    ["port", 0, { before: "1.24" }],
    ["tls-cert-file", paths.controllerManagerCert],
    ["tls-private-key-file", paths.controllerManagerKey],
    ["profiling", false],
    // A lone member has nobody to agree with; the election would cost seconds at every start.
    ["leader-elect", controlPlane.members.length > 1],
    ["kube-api-qps", apiRequestsPerSecond],
    ["kube-api-burst", apiBurst],
    ["use-service-account-credentials", true],
    ["service-account-private-key-file", paths.serviceAccountKey],
    ["root-ca-file", paths.ca],
    ["cluster-signing-cert-file", paths.ca],
    ["cluster-signing-key-file", paths.caKey],
    ["allocate-node-cidrs", podCidr !== undefined],
    ...(podCidr === undefined ? [] : nodeRangeFlags(podCidr, controlPlane.network)),
    ["service-cluster-ip-range", [serviceCidr, ...(ipv6 ? [ipv6.serviceCidr] : [])]],
    // The default is a folder of the host, which the process makes where it is missing.
    ["flex-volume-plugin-dir", paths.flexVolumePlugins],
    ...dualStackFlags(controlPlane.network),
  ];
  const env = componentEnvironment(controlPlane);
  return { executable: "kube-controller-manager", args: renderFlags(version, flags), env };
};

/** The Pod range and the size of each node's share; with two families, the one flag for the size is refused. */
function nodeRangeFlags(podCidr: string, { nodeCidrMask, ipv6 }: ControlPlane["network"]): FlagRow[] {
  if (!ipv6)
    return [
      ["cluster-cidr", podCidr],
      ["node-cidr-mask-size", nodeCidrMask],
    ];
  return [
    ["cluster-cidr", [podCidr, ipv6.podCidr]],
    ["node-cidr-mask-size-ipv4", nodeCidrMask],
    ["node-cidr-mask-size-ipv6", ipv6NodeMask(ipv6.podCidr)],
  ];
}
