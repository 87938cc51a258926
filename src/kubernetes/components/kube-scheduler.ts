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
    ["secure-port", PORTS.scheduler],
    // The plain-HTTP port of old schedulers.
    ["port", 0, { before: "1.24" }],
    ["tls-cert-file", paths.schedulerCert],
    ["tls-private-key-file", paths.schedulerKey],
    ["profiling", false],
    ["leader-elect", controlPlane.members.length > 1],
    ["kube-api-qps", API_REQUESTS_PER_SECOND],
    ["kube-api-burst", API_BURST],
  ];
  return {
    executable: "kube-scheduler",
    args: renderFlags(version, flags),
    env: componentEnvironment(controlPlane),
  };
};
