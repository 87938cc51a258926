import { type ControlPlaneMember, memberPorts } from "../control-plane.ts";
import type { HealthAuthority } from "../pki/health-access.ts";
import type { ComponentName } from "./command.ts";

/** Where a component says, over HTTPS, whether it works. A 200 is yes; anything else, or no answer, is no. */
export interface HealthCheck {
  /** Which of the member's addresses it listens on. */
  address: "address" | "apiServerAddress";
  port: number;
  /** Answers 200 once the component does its work. */
  readyPath: string;
  /** Answers 200 while the process is worth keeping: to notice one that hangs. */
  livePath: string;
  /** Who signed its certificate there, and signs those of its clients. */
  authority: HealthAuthority;
  /** Whether it answers only to such a client. */
  clientCertificate: boolean;
}

/** The addresses of a member at which its components say how they are. */
export type HealthAddresses = Pick<ControlPlaneMember, HealthCheck["address"]>;

/** The health checks of every component. */
export const healthChecks: Record<ComponentName, HealthCheck> = {
  etcd: {
    address: "address",
    port: memberPorts.etcdMetrics,
    readyPath: "/health",
    livePath: "/health",
    authority: "etcd-ca",
    clientCertificate: true,
  },
  "kube-apiserver": {
    address: "apiServerAddress",
    port: memberPorts.apiServer,
    readyPath: "/readyz",
    livePath: "/livez",
    authority: "ca",
    clientCertificate: true,
  },
  "kube-controller-manager": {
    address: "address",
    port: memberPorts.controllerManager,
    readyPath: "/healthz",
    livePath: "/healthz",
    authority: "ca",
    clientCertificate: false,
  },
  "kube-scheduler": {
    address: "address",
    port: memberPorts.scheduler,
    readyPath: "/healthz",
    livePath: "/healthz",
    authority: "ca",
    clientCertificate: false,
  },
};

/** Address of a component's readiness or liveness answer on one member. */
export function healthUrl(component: ComponentName, member: HealthAddresses, kind: "ready" | "live"): string {
  const check = healthChecks[component];
  const path = kind === "ready" ? check.readyPath : check.livePath;
  return `https://${member[check.address]}:${check.port}${path}`;
}
