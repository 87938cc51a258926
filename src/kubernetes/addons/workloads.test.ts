import { describe, expect, it } from "vitest";
import type { ContentPlan } from "./cluster-content.ts";
import { clusterObjects } from "./cluster-objects.ts";
import { describeObject } from "./kubernetes-object.ts";
import { dedicatedPlan, examplePool, managedPlan } from "./testing/example-content.ts";
import { findObject, version } from "./testing/find-object.ts";

describe("tolerations", () => {
  type Workload = { template: { spec: { tolerations?: unknown[] } } };
  const tolerations = (plan: ContentPlan, name: string) =>
    (findObject(plan, name).spec as Workload).template.spec.tolerations;
  const critical = [
    { key: "CriticalAddonsOnly", operator: "Exists" },
    { key: "node-role.kubernetes.io/master", operator: "Exists", effect: "NoSchedule" },
    { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
  ];
  const ofPool = { key: "1", operator: "Equal", value: "1", effect: "NoSchedule" };

  it("let DaemonSets run on every node", () => {
    const daemons = clusterObjects(managedPlan(), version).filter(({ kind }) => kind === "DaemonSet");
    for (const daemon of daemons)
      expect(tolerations(managedPlan(), describeObject(daemon))).toEqual([{ operator: "Exists" }]);
  });

  it("let Deployments run on the pools' nodes, and those that the cluster needs on control-plane nodes, too", () => {
    expect(tolerations(managedPlan(), "Deployment kube-system/coredns")).toEqual([...critical, ofPool]);
    expect(tolerations(managedPlan(), "Deployment kube-system/alibaba-log-controller")).toEqual([ofPool]);
    expect(tolerations(dedicatedPlan(), "Deployment kube-system/coredns")).toEqual(critical);
    expect(tolerations(dedicatedPlan(), "Deployment kube-system/nginx-ingress-controller")).toBeUndefined();
  });

  it("name each taint once, and none that only advises", () => {
    const pools = ["np1", "np2"].map((id) =>
      examplePool({
        id,
        taints: [
          { key: "dedicated", effect: "NoExecute" },
          { key: "busy", value: "a", effect: "PreferNoSchedule" },
        ],
      }),
    );
    expect(tolerations(managedPlan({ content: { pools } }), "Deployment kube-system/alibaba-log-controller")).toEqual([
      { key: "dedicated", operator: "Equal", value: "", effect: "NoExecute" },
    ]);
  });
});
