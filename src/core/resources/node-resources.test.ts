import { describe, expect, it } from "vitest";
import { clusterId, ofKind, planned } from "../../../test/support/resource-plan.ts";

describe("the instances of a pool", () => {
  const billing = { chargeType: "PrePaid", months: 1, autoRenew: true, renewMonths: 3 } as const;

  it("show what they are, how they are paid for, and when the subscription ends", () => {
    const pool = { imageId: "m-1", keyPair: "pair", deploymentSetId: "ds-1", publicAddress: true, billing };
    expect(ofKind(planned({ pools: [pool] }), "instance")).toMatchObject([
      {
        ...{ id: "i-np1-0", existing: false, nodePoolId: "np1" },
        details: {
          ...{ instanceType: "ecs.c6.large", privateIpAddress: "192.168.0.55", hostName: "node-np1-0" },
          ...{ vSwitchId: "vsw-1", role: "Worker", imageId: "m-1", keyPairName: "pair", deploymentSetId: "ds-1" },
          ...{ allocatePublicIP: true, instanceChargeType: "PrePaid", period: 1, periodUnit: "Month" },
          ...{ autoRenew: true, autoRenewPeriod: 3, expiredTime: "2026-02-28T10:00:00.000Z" },
        },
      },
    ]);
  });

  it("have no end where they are paid for by use", () => {
    const [instance] = ofKind(planned(), "instance");
    expect(instance?.details).toMatchObject({ instanceChargeType: "PostPaid" });
    expect(instance?.details).not.toHaveProperty("expiredTime");
  });

  it("have the cluster's tags and their own, and what is made has the cluster's and its resource group", () => {
    const wanted = { tags: { team: "a", env: "prod" }, cloud: { resourceGroupId: "rg-1" } };
    const resources = planned({ ...wanted, pools: [{ instanceTags: { env: "test", "node-k": "node-v" } }] });
    const detailsOf = (kind: string) => ofKind(resources, kind)[0]?.details;
    const own = { team: "a", env: "test", "node-k": "node-v" };
    expect(detailsOf("instance")).toMatchObject({ tags: own, resourceGroupId: "rg-1" });
    expect(detailsOf("scaling-configuration")).toMatchObject({ tags: own });
    expect(detailsOf("load-balancer")).toMatchObject({ tags: { team: "a", env: "prod" }, resourceGroupId: "rg-1" });
    expect(detailsOf("vpc")).toEqual({ vpcId: "vpc-1" });
  });

  it("come from the scaling group, and those that were there are only attached to it", () => {
    const resources = planned({ pools: [{ size: 2, instances: ["i-old"], keepInstanceNames: true, billing }] });
    const [old, made] = ofKind(resources, "instance");
    expect(old).toMatchObject({ id: "i-old", name: "i-old", existing: true, creator: "user" });
    expect(old?.details).not.toHaveProperty("instanceChargeType");
    expect(old?.dependencies).toContainEqual({ kind: "scaling-group", id: "asg-1" });
    expect(old?.dependencies).not.toContainEqual({ kind: "scaling-configuration", id: "asc-1" });
    expect(made).toMatchObject({ existing: false, creator: "system" });
    expect(made?.dependencies).toEqual([
      { kind: "vswitch", id: "vsw-1" },
      { kind: "security-group", id: "sg-1" },
      { kind: "scaling-group", id: "asg-1" },
      { kind: "scaling-configuration", id: "asc-1" },
    ]);
    expect(ofKind(resources, "disk").map(({ existing }) => existing)).toEqual([true, false]);
  });

  it("have their disks, the system's first", () => {
    const dataDisks = [
      { category: "cloud_efficiency", sizeGiB: 40, encrypted: true, snapshotPolicyId: "sp-1" },
      { category: "cloud_essd", sizeGiB: 100, encrypted: false, performanceLevel: "PL2" },
    ];
    const disks = ofKind(planned({ pools: [{ dataDisks }] }), "disk");
    const name = `worker-k8s-for-cs-c${clusterId}-0`;
    expect(disks.map((disk) => [disk.name, disk.details])).toEqual([
      [`${name}-system`, { type: "system", category: "cloud_ssd", size: 120 }],
      [
        `${name}-data-1`,
        { type: "data", category: "cloud_efficiency", size: 40, autoSnapshotPolicyId: "sp-1", encrypted: true },
      ],
      [
        `${name}-data-2`,
        { type: "data", category: "cloud_essd", size: 100, performanceLevel: "PL2", encrypted: false },
      ],
    ]);
    for (const disk of disks) expect(disk.dependencies).toEqual([{ kind: "instance", id: "i-np1-0" }]);
  });

  it("are in the pool's own groups where it names some", () => {
    const [instance] = ofKind(planned({ pools: [{ securityGroupIds: ["sg-a", "sg-b"] }] }), "instance");
    const groups = instance?.dependencies.filter(({ kind }) => kind === "security-group");
    expect(groups?.map(({ id }) => id)).toEqual(["sg-a", "sg-b"]);
  });

  it("leave an empty pool with its scaling group alone", () => {
    const resources = planned({ pools: [{ size: 0, autoScaling: { min: 0, max: 5 }, vswitchPolicy: "priority" }] });
    expect(ofKind(resources, "instance")).toEqual([]);
    expect(ofKind(resources, "scaling-group")).toMatchObject([
      { details: { desiredCapacity: 0, minSize: 0, maxSize: 5, multiAZPolicy: "PRIORITY" } },
    ]);
  });

  it("are admitted by the RDS instances of their pools, each of which is listed once", () => {
    const pools = [{ size: 2, rdsInstances: ["rm-1", "rm-1", "rm-2"] }, { rdsInstances: ["rm-2"] }, {}];
    const lists = ofKind(planned({ pools }), "rds-allow-list");
    expect(lists.map(({ id, details, existing }) => [id, details.securityIps, existing])).toEqual([
      ["rm-1", ["192.168.0.55", "192.168.0.56"], false],
      ["rm-2", ["192.168.0.55", "192.168.0.56", "192.168.0.55"], false],
    ]);
    expect(lists[0]?.dependencies.map(({ id }) => id)).toEqual(["i-np1-0", "i-np1-1"]);
  });
});
