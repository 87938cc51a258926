import { describe, expect, it } from "vitest";
import type { ControlPlaneMember } from "../control-plane.ts";
import type { ComponentName } from "./command.ts";
import { healthChecks, healthUrl } from "./health.ts";

const member: ControlPlaneMember = {
  name: "member-1",
  address: "127.64.1.11",
  apiServerAddress: "127.64.1.3",
  vpcAddress: "192.168.0.11",
  directory: "/clusters/c0ffee/member-1",
};

describe("where a component's health is asked for", () => {
  it.each<[ComponentName, ready: string, live: string]>([
    ["etcd", "https://127.64.1.11:2381/health", "https://127.64.1.11:2381/health"],
    ["kube-apiserver", "https://127.64.1.3:6443/readyz", "https://127.64.1.3:6443/livez"],
    ["kube-controller-manager", "https://127.64.1.11:10257/healthz", "https://127.64.1.11:10257/healthz"],
    ["kube-scheduler", "https://127.64.1.11:10259/healthz", "https://127.64.1.11:10259/healthz"],
  ])("%s", (component, ready, live) => {
    expect(healthUrl(component, member, "ready")).toBe(ready);
    expect(healthUrl(component, member, "live")).toBe(live);
  });

  it("only etcd and the API server want a client certificate", () => {
    const wanting = Object.entries(healthChecks).filter(([, check]) => check.clientCertificate);
    expect(wanting.map(([name]) => name)).toEqual(["etcd", "kube-apiserver"]);
  });
});
