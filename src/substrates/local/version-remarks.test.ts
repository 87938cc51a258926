import { expect, test } from "vitest";
import { examplePlan } from "../testing/example-plan.ts";
import { versionRemarks } from "./version-remarks.ts";

/** The example's cluster, whose nodes have a runtime. */
function planOf(containerRuntimeVersion: string) {
  const plan = examplePlan();
  return {
    ...plan,
    nodes: plan.nodes.map((node) => ({ ...node, system: { ...node.system, containerRuntimeVersion } })),
  };
}

test.each([
  ["docker://19.3.5", "1.23.17", []],
  ["docker://19.3.5", "1.24.0", [expect.stringContaining("no Docker since 1.24")]],
  ["docker://19.3.5", "1.37.2", [expect.stringContaining("no Docker since 1.24")]],
  ["containerd://1.3.4", "1.37.2", []],
])("nodes of %s with Kubernetes %s", (runtime, version, told) => {
  expect(versionRemarks(planOf(runtime), version)).toEqual(told);
});

test("a cluster without nodes asks for no runtime", () => {
  expect(versionRemarks(examplePlan({ nodes: [] }), "1.37.2")).toEqual([]);
});
