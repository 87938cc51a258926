import { describe, expect, it } from "vitest";
import { clusterObjects } from "./cluster-objects.ts";
import { objectPath, waveOf } from "./kubernetes-object.ts";
import { dedicatedPlan } from "./testing/example-content.ts";
import { version } from "./testing/find-object.ts";

describe("the order", () => {
  it("has the Service with an address of its own before those that take any", () => {
    const services = clusterObjects(dedicatedPlan(), version).filter(({ kind }) => kind === "Service");
    expect(services.map((object) => [object.metadata.name, waveOf(object)])).toEqual([
      ["kube-dns", 1],
      ["nginx-ingress-lb", 2],
      ["metrics-server", 2],
    ]);
  });
});

describe("paths", () => {
  it.each([
    ["v1", "ConfigMap", "kube-system", "a", "/api/v1/namespaces/kube-system/configmaps/a"],
    ["apps/v1", "DaemonSet", "kube-system", "a", "/apis/apps/v1/namespaces/kube-system/daemonsets/a"],
    ["storage.k8s.io/v1", "StorageClass", undefined, "a", "/apis/storage.k8s.io/v1/storageclasses/a"],
    [
      "rbac.authorization.k8s.io/v1",
      "ClusterRole",
      undefined,
      "system:coredns",
      "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Acoredns",
    ],
  ])("%s %s: %s %s %s", (apiVersion, kind, namespace, name, path) => {
    expect(objectPath({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } })).toBe(path);
  });

  it("are refused for a kind that is in no table", () => {
    expect(() => objectPath({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } })).toThrow(
      "Objects of kind Pod are not in the table of kinds.",
    );
  });
});
