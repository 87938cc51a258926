import { memberPorts } from "../control-plane.ts";
import { memberPaths } from "../member-paths.ts";
import {
  apiBurst,
  apiRequestsPerSecond,
  type ComponentBuilder,
  componentEnvironment,
  type FlagRow,
  renderFlags,
} from "./command.ts";

/** The scheduler of one member. */
export const kubeScheduler: ComponentBuilder = (version, controlPlane, member) => {
  const paths = memberPaths(member.directory);
  const flags: FlagRow[] = [
    ["kubeconfig", paths.schedulerKubeconfig],
    ["authentication-kubeconfig", paths.schedulerKubeconfig],
    ["authorization-kubeconfig", paths.schedulerKubeconfig],
    ["client-ca-file", paths.ca],
    ["requestheader-client-ca-file", paths.frontProxyCa],
    ["bind-address", member.address],
    ["secure-port", memberPorts.scheduler],
    // The plain-HTTP port of old schedulers.
    ["port", 0, { before: "1.24" }],
    ["tls-cert-file", paths.schedulerCert],
    ["tls-private-key-file", paths.schedulerKey],
    ["profiling", false],
    ["leader-elect", controlPlane.members.length > 1],
    ["kube-api-qps", apiRequestsPerSecond],
    ["kube-api-burst", apiBurst],
  ];
  return {
    executable: "kube-scheduler",
    args: renderFlags(version, flags),
    env: componentEnvironment(controlPlane),
  };
};
