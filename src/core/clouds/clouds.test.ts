import { describe, expect, it } from "vitest";
import { cloudOf } from "./index.ts";

describe("a Service asks for an inner load balancer", () => {
  const annotations = {
    ack: "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
    cce: "kubernetes.io/elb.autocreate",
  };
  it.each([
    ["ack", "intranet", true],
    ["ack", "internet", false],
    ["ack", "an intranet", false],
    ["cce", '{"type": "inner"}', true],
    ["cce", '{"name":"lb","type" : "inner","bandwidth_size":5}', true],
    ["cce", '{"type":"public","name":"inner"}', false],
    ["cce", "", false],
  ] as const)("of %s by %j: %s", (dialect, value, expected) => {
    const inner = cloudOf(dialect).innerLoadBalancer;
    expect(inner?.annotation).toBe(annotations[dialect]);
    expect(inner?.value.test(value)).toBe(expected);
  });
});

describe("a disk is written in the words of its API", () => {
  const disk = { category: "SSD", sizeGiB: 50, performanceLevel: "PL1", snapshotPolicyId: "sp-1" };
  it.each([
    ["ack", { category: "SSD", size: 50, performance_level: "PL1", auto_snapshot_policy_id: "sp-1" }],
    ["cce", { volumetype: "SSD", size: 50 }],
  ])("of %s", (dialect, words) => {
    expect(cloudOf(dialect).diskInWords(disk)).toEqual(words);
  });
});
