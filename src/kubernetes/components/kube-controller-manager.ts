import { PORTS } from "../control-plane.ts";
import { memberPaths } from "../member-paths.ts";
import {
  API_BURST,
  API_REQUESTS_PER_SECOND,
  type ComponentBuilder,
  componentEnvironment,
  type FlagRow,
  renderFlags,
} from "./command.ts";

/** The controller manager of one member. */
export const kubeControllerManager: ComponentBuilder = (version, controlPlane, member) => {
  const { podCidr, nodeCidrMask, serviceCidr } = controlPlane.network;
  const paths = memberPaths(member.directory);
  const allocates = podCidr !== undefined;
  const flags: FlagRow[] = [
    ["kubeconfig", paths.controllerManagerKubeconfig],
    ["authentication-kubeconfig", paths.controllerManagerKubeconfig],
    ["authorization-kubeconfig", paths.controllerManagerKubeconfig],
    ["client-ca-file", paths.ca],
    ["requestheader-client-ca-file", paths.frontProxyCa],
    ["bind-address", member.address],
    ["secure-port", PORTS.controllerManager],
    // The plain-HTTP port of old managers.
    ["port", 0, { before: "1.24" }],
    ["tls-cert-file", paths.controllerManagerCert],
    ["tls-private-key-file", paths.controllerManagerKey],
    ["profiling", false],
    // A lone member has nobody to agree with; the election would cost seconds at every start.
    ["leader-elect", controlPlane.members.length > 1],
    ["kube-api-qps", API_REQUESTS_PER_SECOND],
    ["kube-api-burst", API_BURST],
    ["use-service-account-credentials", true],
    ["service-account-private-key-file", paths.serviceAccountKey],
    ["root-ca-file", paths.ca],
    ["cluster-signing-cert-file", paths.ca],
    ["cluster-signing-key-file", paths.caKey],
    ["allocate-node-cidrs", allocates],
    ["cluster-cidr", podCidr],
    ["node-cidr-mask-size", allocates ? nodeCidrMask : undefined],
    ["service-cluster-ip-range", serviceCidr],
    // The default is a folder of the host, which the process makes where it is missing.
    ["flex-volume-plugin-dir", paths.flexVolumePlugins],
  ];
  const env = componentEnvironment(controlPlane);
  return { executable: "kube-controller-manager", args: renderFlags(version, flags), env };
};
