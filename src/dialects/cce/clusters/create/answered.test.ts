import { describe, expect, it } from "vitest";
import { withoutAnswered } from "./answered.ts";
import { sampleOf, terraforms, withSpec } from "./testing/bodies.ts";

describe("what the service gives out itself", () => {
  it("is taken out of a copied object, and nothing else is", () => {
    const copied = {
      ...withSpec({
        az: "a",
        platformVersion: "cce.5.2",
        hostNetwork: { vpc: "vpc-1", subnet: "subnet-1", controlPlaneSecurityGroup: "sg-1" },
        extendParam: { foo: { orderID: "kept" }, orderID: "1", upgradefrom: "v1.7", patchVersion: "1" },
        masters: [{ availabilityZone: "a" }],
        unknown: { az: "kept" },
      }),
      metadata: { name: "demo", uid: "1", creationTimestamp: "then", updateTimestamp: "now", labels: { uid: "kept" } },
      status: { phase: "Available" },
    };
    expect(withoutAnswered(copied)).toEqual({
      ...withSpec({
        hostNetwork: { vpc: "vpc-1", subnet: "subnet-1" },
        extendParam: { foo: { orderID: "kept" } },
        masters: [{ availabilityZone: "a" }],
        unknown: { az: "kept" },
      }),
      metadata: { name: "demo", labels: { uid: "kept" } },
    });
  });

  it.each([sampleOf("VirtualMachine"), sampleOf("BareMetal"), terraforms])("is in no plain request: %#", (body) => {
    expect(withoutAnswered(body)).toEqual(body);
  });

  it("does not matter where a body is of another form", () => {
    expect(withoutAnswered({ spec: "az", metadata: null, status: 1 })).toEqual({ spec: "az", metadata: null });
  });
});
