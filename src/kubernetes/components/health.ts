import { type ControlPlaneMember, PORTS } from "../control-plane.ts";
import type { ComponentName } from "./command.ts";

/** Where a component says whether it works. A 200 is yes; anything else, or no answer, is no. */
export interface HealthCheck {
  protocol: "http" | "https";
  /** Which of the member's addresses it listens on. */
  address: "address" | "apiServerAddress";
  port: number;
  /** Answers 200 once the component does its work. */
  readyPath: string;
  /** Answers 200 while the process is worth keeping: to notice one that hangs. */
  livePath: string;
  /** Whether it answers only to a client certificate of the cluster's CA: see `HEALTH_CLIENT`. */
  clientCertificate: boolean;
}

/** The addresses of a member at which its components say how they are. */
export type HealthAddresses = Pick<ControlPlaneMember, HealthCheck["address"]>;

/** The health checks of every component. HTTPS certificates all chain to the cluster's CA. */
export const HEALTH_CHECKS: Record<ComponentName, HealthCheck> = {
  etcd: {
    protocol: "http",
    address: "address",
    port: PORTS.etcdMetrics,
    readyPath: "/health",
    livePath: "/health",
    clientCertificate: false,
  },
  "kube-apiserver": {
    protocol: "https",
    address: "apiServerAddress",
    port: PORTS.apiServer,
    readyPath: "/readyz",
    livePath: "/livez",
    clientCertificate: true,
  },
  "kube-controller-manager": {
    protocol: "https",
    address: "address",
    port: PORTS.controllerManager,
    readyPath: "/healthz",
    livePath: "/healthz",
    clientCertificate: false,
  },
  "kube-scheduler": {
    protocol: "https",
    address: "address",
    port: PORTS.scheduler,
    readyPath: "/healthz",
    livePath: "/healthz",
    clientCertificate: false,
  },
};

/** Address of a component's readiness or liveness answer on one member. */
export function healthUrl(component: ComponentName, member: HealthAddresses, kind: "ready" | "live"): string {
  const check = HEALTH_CHECKS[component];
  const path = kind === "ready" ? check.readyPath : check.livePath;
  return `${check.protocol}://${member[check.address]}:${check.port}${path}`;
}
