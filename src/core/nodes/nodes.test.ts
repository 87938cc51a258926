import { describe, expect, it } from "vitest";
import { findInstanceType } from "./instance-types.ts";
import { freeMemberAddresses, freeWorkerAddresses } from "./node-addresses.ts";
import { nodeName } from "./node-names.ts";

describe("an instance type", () => {
  it.each([
    ["ecs.t6-c1m4.large", 2, 8],
    ["ecs.n4.xlarge", 4, 8],
    ["ecs.c6.large", 2, 4],
    ["ecs.g7.2xlarge", 8, 32],
    ["ecs.r6.4xlarge", 16, 128],
    ["ecs.d1ne.2xlarge", 8, 32],
    ["ecs.hfc7.16xlarge", 64, 128],
    ["ecs.n4.small", 1, 2],
  ])("%s has %i CPUs and %i GiB", (name, cpu, memoryGiB) => {
    expect(findInstanceType(name)).toEqual({ cpu, memoryGiB });
  });

  it.each(["", "ecs.c6", "ecs.nothing.large", "ecs.c6.huge", "ecs.c6.0xlarge", "c6.large", "ecs.constructor.large"])(
    "%j is not known",
    (name) => {
      expect(findInstanceType(name)).toBeUndefined();
    },
  );
});

describe("the name of a node", () => {
  it.each([
    [{ prefix: "aliyun.com", address: 5, suffix: "test" }, "aliyun.com00055test"],
    [{ prefix: "aliyun.com", address: 12, suffix: "" }, "aliyun.com192168000055"],
    [{ prefix: "aliyun.com", address: "ip", suffix: "test" }, "aliyun.com192.168.0.55test"],
    [{ prefix: "Node-", address: 6, suffix: "" }, "node-000055"],
    [undefined, "cn-beijing.192.168.0.55"],
  ] as const)("%j → %s", (pattern, name) => {
    expect(nodeName(pattern, "cn-beijing", "192.168.0.55")).toBe(name);
  });
});

describe("free addresses of a vSwitch", () => {
  it("leave out what is taken", () => {
    const used = new Set(["192.168.0.55", "192.168.0.57"]);
    expect(freeWorkerAddresses("192.168.0.0/22", used, 2)).toEqual(["192.168.0.56", "192.168.0.58"]);
    expect(freeMemberAddresses("192.168.0.0/22", new Set(["192.168.0.11"]), 1)).toEqual(["192.168.0.12"]);
  });

  it("end before those that the vendor keeps", () => {
    expect(freeWorkerAddresses("192.168.0.0/24", new Set(), 198)).toHaveLength(198);
    expect(() => freeWorkerAddresses("192.168.0.0/24", new Set(), 199)).toThrow(
      "has 198 free addresses where 199 are needed",
    );
  });
});
