import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FlavorWish, findFlavor, flavorOf, publicFlavors, toFlavorSpecifications } from "./flavors.ts";

describe("a flavor", () => {
  it.each([
    ["cce.s1.small", 1, 50, "VirtualMachine"],
    ["cce.s1.medium", 1, 200, "VirtualMachine"],
    ["cce.s1.large", 1, 1000, "VirtualMachine"],
    ["cce.s2.small", 3, 50, "VirtualMachine"],
    ["cce.s2.medium", 3, 200, "VirtualMachine"],
    ["cce.s2.large", 3, 1000, "VirtualMachine"],
    ["cce.s2.xlarge", 3, 2000, "VirtualMachine"],
    ["cce.t1.small", 1, 10, "BareMetal"],
    ["cce.t1.medium", 1, 100, "BareMetal"],
    ["cce.t1.large", 1, 500, "BareMetal"],
    ["cce.t2.small", 3, 10, "BareMetal"],
    ["cce.t2.medium", 3, 100, "BareMetal"],
    ["cce.t2.large", 3, 500, "BareMetal"],
    ["cce.dec.s1.small", 1, 50, "VirtualMachine"],
    ["cce.dec.s2.xlarge", 3, 2000, "VirtualMachine"],
    ["cce.s3.small", 5, 50, "VirtualMachine"],
    ["cce.dec.s3.large", 5, 1000, "VirtualMachine"],
    ["cce.s1.xlarge", 1, 2000, "VirtualMachine"],
    ["cce.t1.xlarge", 1, 1000, "BareMetal"],
    ["cce.dec.t2.small", 3, 10, "BareMetal"],
  ])("%s has %i members and room for %i nodes", (name, members, nodeLimit, fits) => {
    expect(findFlavor(name)).toEqual({ name, members, nodeLimit, fits, multiZone: members > 1 });
  });

  it.each([
    "",
    "cce.s1",
    "cce.s1.",
    "cce.s1.tiny",
    "cce.s4.small",
    "cce.s0.small",
    "cce.t3.small",
    "cce.x1.small",
    "CCE.s1.small",
    "cce.s1.small ",
    "cce.s1.small.1",
    "dec.s1.small",
    "cce.autopilot.cluster",
    "cce.s1.toString",
  ])("is not %j", (name) => {
    expect(findFlavor(name)).toBeUndefined();
  });
});

describe("the flavor of a cluster that was made without one", () => {
  const ofVirtualMachines = { workerKind: "virtual-machine" } as const;

  it.each<[FlavorWish, string]>([
    [{ ...ofVirtualMachines, members: 1, nodeLimit: 50 }, "cce.s1.small"],
    [{ ...ofVirtualMachines, members: 1, nodeLimit: 51 }, "cce.s1.medium"],
    [{ ...ofVirtualMachines, members: 1, nodeLimit: undefined }, "cce.s1.xlarge"],
    [{ ...ofVirtualMachines, members: 3, nodeLimit: 1000 }, "cce.s2.large"],
    [{ ...ofVirtualMachines, members: 5, nodeLimit: undefined }, "cce.s3.xlarge"],
    [{ members: 3, nodeLimit: 0, workerKind: "bare-metal" }, "cce.t2.small"],
    [{ members: 1, nodeLimit: 101, workerKind: "bare-metal" }, "cce.t1.large"],
    [{ members: 5, nodeLimit: 10, workerKind: "bare-metal" }, "cce.s3.small"],
    [{ members: 1, nodeLimit: 100, workerKind: "windows" }, "cce.s1.medium"],
    [{ members: 1, nodeLimit: 5000, workerKind: "arm64-virtual-machine" }, "cce.s1.xlarge"],
  ])("with %j is %s", (wish, name) => {
    expect(flavorOf(wish)).toBe(name);
  });

  it("has its members and room for its nodes", () => {
    const wish = fc.record({
      members: fc.constantFrom(1, 3, 5),
      nodeLimit: fc.nat(1000),
      workerKind: fc.constantFrom<FlavorWish["workerKind"]>(
        ...(["virtual-machine", "arm64-virtual-machine", "bare-metal", "windows"] as const),
      ),
    });
    fc.assert(
      fc.property(wish, (wanted) => {
        const flavor = findFlavor(flavorOf(wanted));
        expect(flavor?.members).toBe(wanted.members);
        expect(flavor?.nodeLimit).toBeGreaterThanOrEqual(wanted.nodeLimit);
      }),
    );
  });

  it("is the one that it was made with, where it was made with a public one", () => {
    for (const name of publicFlavors) {
      const { members = 0, nodeLimit, fits } = findFlavor(name) ?? {};
      const workerKind = fits === "BareMetal" ? "bare-metal" : "virtual-machine";
      expect(flavorOf({ members, nodeLimit, workerKind })).toBe(name);
    }
  });
});

describe("the flavors that are offered", () => {
  const names = (clusterType?: string) =>
    toFlavorSpecifications(clusterType).clusterFlavorSpecs.map(({ name }) => name);

  it("are the public ones", () => {
    expect(names()).toEqual(publicFlavors);
    expect(names("")).toEqual(publicFlavors);
    expect(toFlavorSpecifications().clusterFlavorSpecs).toContainEqual({
      name: "cce.s2.medium",
      nodeCapacity: 200,
      isSoldOut: false,
      isSupportMultiAZ: true,
      availableMasterFlavors: [],
    });
  });

  it.each([
    ["VirtualMachine", "cce.s", 7],
    ["ARM64", "cce.s", 7],
    ["BareMetal", "cce.t", 6],
    ["Windows", "", 0],
  ])("for %s begin with %s", (clusterType, beginning, count) => {
    expect(names(clusterType)).toEqual(
      names()
        .filter((name) => name.startsWith(beginning))
        .slice(0, count),
    );
    expect(names(clusterType)).toHaveLength(count);
  });
});
