import { describe, expect, it } from "vitest";
import { clusterId, ofKind, planned } from "../../../test/support/resource-plan.ts";
import type { AddonSpec } from "../clusters/cluster.ts";

describe("what add-ons bring", () => {
  const addon = (name: string, config = "", disabled = false): AddonSpec => ({
    ...{ name, config, disabled },
    version: undefined,
  });

  it.each<[string, AddonSpec[], string[]]>([
    ["internet by default", [addon("nginx-ingress-controller")], ["internet"]],
    ["as it says", [addon("nginx-ingress-controller", '{"IngressSlbNetworkType":"intranet"}')], ["intranet"]],
    ["none where it is disabled", [addon("nginx-ingress-controller", "{}", true)], []],
    ["none without it", [addon("flannel")], []],
  ])("the ingress controller has a load balancer: %s", (_, addons, expected) => {
    const balancers = ofKind(planned({ addons }), "load-balancer").filter(({ creator }) => creator === "addon");
    expect(balancers.map(({ details }) => details.addressType)).toEqual(expected);
    for (const { associatedObject } of balancers)
      expect(associatedObject).toEqual({ kind: "Service", namespace: "kube-system", name: "nginx-ingress-lb" });
  });

  it.each<[string, AddonSpec[], [string, boolean][]]>([
    ["made", [addon("logtail-ds", '{"IngressDashboardEnabled":"true"}')], [[`k8s-log-c${clusterId}`, false]]],
    [
      "made, once for both",
      [addon("logtail-ds"), addon("ack-node-problem-detector", '{"sls_project_name":""}')],
      [[`k8s-log-c${clusterId}`, false]],
    ],
    ["named", [addon("logtail-ds", '{"sls_project_name":"mine"}')], [["mine", true]]],
    [
      "named for one alone",
      [addon("logtail-ds", '{"sls_project_name":"mine"}'), addon("ack-node-problem-detector")],
      [
        ["mine", true],
        [`k8s-log-c${clusterId}`, false],
      ],
    ],
    ["none where it is disabled", [addon("logtail-ds", "", true)], []],
  ])("logs have a project: %s", (_, addons, expected) => {
    expect(ofKind(planned({ addons }), "log-project").map(({ id, existing }) => [id, existing])).toEqual(expected);
  });

  it("RRSA has an identity provider", () => {
    const rrsa = { issuer: "https://sampan.example/oidc/1", audience: "sts.aliyuncs.com" };
    expect(ofKind(planned(), "identity-provider")).toEqual([]);
    expect(ofKind(planned({ apiServer: { rrsa } }), "identity-provider")).toMatchObject([
      { id: `ack-rrsa-c${clusterId}`, details: { issuerUrl: rrsa.issuer, clientIds: ["sts.aliyuncs.com"] } },
    ]);
  });
});
