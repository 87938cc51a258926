import { describe, expect, it } from "vitest";
import { newNodePool } from "../../../test/support/new-cluster.ts";
import type { NodePoolSpec } from "../clusters/cluster.ts";
import { memberAddresses, nextFree, workerAddresses } from "./node-addresses.ts";
import { nodeName } from "./node-names.ts";
import { placeNodes } from "./place-nodes.ts";

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

describe("the addresses of a vSwitch", () => {
  const vswitch = { id: "vsw-1", cidr: "192.168.0.0/24" };

  it("are members' at first, then workers'", () => {
    expect(memberAddresses("192.168.0.0/22").next().value).toBe("192.168.0.11");
    expect(workerAddresses("192.168.0.0/22").next().value).toBe("192.168.0.55");
    expect([...memberAddresses("192.168.0.0/22")].at(-1)).toBe("192.168.0.54");
  });

  it("end before those that the vendor keeps", () => {
    expect([...workerAddresses("192.168.0.0/24")].at(-1)).toBe("192.168.0.252");
  });

  it("are given out but for those that are taken", () => {
    const taken = new Set(["192.168.0.55", "192.168.0.57"]);
    const candidates = workerAddresses(vswitch.cidr);
    const next = () => nextFree(candidates, (address) => !taken.has(address), vswitch);
    expect([next(), next()]).toEqual(["192.168.0.56", "192.168.0.58"]);
  });

  it("come to an end with a sentence that names the vSwitch", () => {
    expect(() => nextFree(workerAddresses(vswitch.cidr), () => false, vswitch)).toThrow(
      "The vSwitch vsw-1 (192.168.0.0/24) has no free address left for another node; name another vSwitch, or ask for fewer nodes.",
    );
  });
});

describe("the places of nodes", () => {
  const vswitches = [
    { id: "vsw-1", vpcId: "vpc-1", zone: "a", cidr: "192.168.0.0/24" },
    { id: "vsw-2", vpcId: "vpc-1", zone: "b", cidr: "192.168.100.0/24" },
  ];
  const place = (changes: Partial<NodePoolSpec>, addresses: string[] = []) =>
    placeNodes(newNodePool({ vswitchIds: ["vsw-1", "vsw-2"], ...changes }), {
      region: "cn-beijing",
      vswitches,
      taken: { addresses: new Set(addresses), names: new Set() },
    }).map(({ address, name }) => [address, name]);

  it.each([
    ["balance", ["192.168.0.55", "192.168.100.55", "192.168.0.56"]],
    ["priority", ["192.168.0.55", "192.168.0.56", "192.168.0.57"]],
  ] as const)("with the policy %s", (vswitchPolicy, addresses) => {
    expect(place({ vswitchPolicy }).map(([address]) => address)).toEqual(addresses);
  });

  it("of members: entry i for member i, then the last one", () => {
    expect(place({ role: "control-plane", size: 3 }).map(([address]) => address)).toEqual([
      "192.168.0.11",
      "192.168.100.11",
      "192.168.100.12",
    ]);
  });

  it("give no two nodes the same name, where names hold only the last digits of an address", () => {
    const nodeName = { prefix: "node", address: 5, suffix: "" } as const;
    expect(place({ nodeName, size: 2 })).toEqual([
      ["192.168.0.55", "node00055"],
      ["192.168.100.56", "node00056"],
    ]);
  });

  it("leave out addresses of other clusters", () => {
    expect(place({ size: 1 }, ["192.168.0.55"])).toEqual([["192.168.0.56", "cn-beijing.192.168.0.56"]]);
  });

  it("need a vSwitch", () => {
    expect(() => place({ vswitchIds: [] })).toThrow("Node pool default-nodepool needs a vSwitch for its nodes");
  });
});
