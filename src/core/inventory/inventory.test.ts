import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { keptCluster } from "../../../test/support/new-cluster.ts";
import { ipv4Range, numberToIpv4, rangesOverlap } from "../../cidr.ts";
import { accounts, clusterResources, projects, vpcs } from "../../storage/schema.ts";
import type { ClusterNetwork, ClusterState } from "../clusters/cluster.ts";
import { insertCluster } from "../clusters/clusters.ts";
import { newClusterId } from "../ids.ts";
import { checkNetworks, type WantedNetworks } from "./check-networks.ts";
import { freeVpcRange } from "./free-range.ts";
import { ensureVswitches, findVswitches } from "./inventory.ts";
import { NetworkConflictError } from "./network-conflict.ts";
import { NoRoomError } from "./no-room.ts";
import { ensureSecurityGroups, findSecurityGroups } from "./security-groups.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

/** Each test has a VPC of its own. */
let vpcCount = 0;
const newVpc = () => `vpc-${++vpcCount}`;

const ensure = (vpcId: string, vswitchIds: string[], avoid: string[] = []) =>
  ensureVswitches(test.core, { accountId: "default", region: "cn-beijing", vpcId, vswitchIds, avoid });

/** A cluster that is there already. */
async function liveCluster(
  name: string,
  network: Partial<ClusterNetwork>,
  { state = "running", ...owner }: { state?: ClusterState; accountId?: string; projectId?: string } = {},
): Promise<string> {
  const id = newClusterId();
  const { createdAt: _, updatedAt: __, substrateState: ___, ...kept } = keptCluster();
  const spec = { ...kept.spec, network: { ...kept.spec.network, ...network } };
  await insertCluster(test.core, { ...kept, ...owner, id, name, state, spec });
  return id;
}

const wanted = (vpcId: string, changes: Partial<WantedNetworks> = {}): WantedNetworks => ({
  accountId: "default",
  visible: "account",
  vpcId,
  vswitchIds: [],
  securityGroupIds: [],
  podCidr: "172.20.0.0/16",
  morePodCidrs: [],
  serviceCidr: "172.21.0.0/20",
  usualServices: false,
  policy: "implicit",
  ...changes,
});

const fields = (conflicts: readonly { field: string; value: string; rule: string }[]) =>
  conflicts.map(({ field, value, rule }) => `${field} ${value} ${rule}`);

describe("the range of a new VPC", () => {
  it.each([
    [[], "192.168.0.0/16"],
    [["192.168.0.0/20"], "10.0.0.0/16"],
    [["192.168.0.0/16", "10.0.0.0/8"], "172.16.0.0/16"],
    [["192.168.0.0/16", "10.0.0.0/9", "172.16.0.0/12"], "10.128.0.0/16"],
    [
      ["192.168.0.0/16", "10.0.0.0/16", "172.16.0.0/16", "10.128.0.0/16", "172.31.0.0/16", "10.64.0.0/16"],
      "10.1.0.0/16",
    ],
    [["192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/13", "172.31.0.0/16"], "172.24.0.0/16"],
    [["192.0.0.0/3", "10.0.0.0/8", "172.16.0.0/12"], "100.64.0.0/16"],
    [["192.0.0.0/3", "10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/15"], "100.66.0.0/16"],
  ])("beside %j is %s", (avoid, range) => {
    expect(freeVpcRange("vpc-1", avoid)).toBe(range);
  });

  it("is asked for in vain where every private range is taken", () => {
    expect(() => freeVpcRange("vpc-1", ["0.0.0.0/0"])).toThrow(NoRoomError);
    expect(() => freeVpcRange("vpc-1", ["0.0.0.0/0"])).toThrow(
      "0.0.0.0/0 leave no private range for VPC vpc-1; choose smaller Pod and Service ranges.",
    );
  });

  it("overlaps nothing that it is to avoid", () => {
    const range = fc
      .tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 8, max: 28 }))
      .map(([address, prefix]) => `${numberToIpv4(address - (address % 2 ** (32 - prefix)))}/${prefix}`);
    fc.assert(
      fc.property(fc.array(range, { maxLength: 4 }), (avoid) => {
        const found = ipv4Range(freeVpcRange("vpc-1", avoid));
        for (const other of avoid) expect(rangesOverlap(found, ipv4Range(other))).toBe(false);
      }),
    );
  });
});

describe("unknown vSwitches", () => {
  it("are registered with their VPC, in the order asked for, each with a zone and a range", async () => {
    const vpc = newVpc();
    expect(
      await ensure(
        vpc,
        ["one", "two"].map((name) => `${vpc}-${name}`),
      ),
    ).toEqual([
      { id: `${vpc}-one`, vpcId: vpc, zone: "cn-beijing-a", cidr: "192.168.0.0/22" },
      { id: `${vpc}-two`, vpcId: vpc, zone: "cn-beijing-b", cidr: "192.168.4.0/22" },
    ]);
    expect(await ensure(vpc, [`${vpc}-two`])).toMatchObject([{ cidr: "192.168.4.0/22" }]);
    expect(await findVswitches(test.core, "default", [`${vpc}-two`])).toMatchObject([{ zone: "cn-beijing-b" }]);
  });

  it("keep the range of a VPC that is known, whatever there is to avoid", async () => {
    const vpc = newVpc();
    await ensure(vpc, [`${vpc}-one`]);
    expect(await ensure(vpc, [`${vpc}-two`], ["0.0.0.0/0"])).toMatchObject([{ cidr: "192.168.4.0/22" }]);
  });

  it("are in one VPC, also where two are named for them at the same moment", async () => {
    const [one, other] = [newVpc(), newVpc()];
    const outcomes = await Promise.allSettled([ensure(one, [`${one}-shared`]), ensure(other, [`${one}-shared`])]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    const [registered] = await findVswitches(test.core, "default", [`${one}-shared`]);
    const loser = registered?.vpcId === one ? other : one;
    expect(refused).toEqual([expect.any(NetworkConflictError)]);
    expect(refused[0].message).toBe(
      `vSwitch ${one}-shared is in VPC ${registered?.vpcId}, not in ${loser}: name one of ${loser}, or that VPC.`,
    );
  });

  it("end where the VPC is full", async () => {
    const vpc = newVpc();
    const names = Array.from({ length: 65 }, (_, n) => `${vpc}-${n}`);
    await ensure(vpc, names.slice(0, 64));
    await expect(ensure(vpc, names)).rejects.toThrow("has 64 vSwitches, and no more fit");
  });
});

describe("security groups", () => {
  it("are known once they were named, or while the cluster they were made for is there", async () => {
    const vpc = newVpc();
    await ensure(vpc, []);
    await ensureSecurityGroups(test.core, { accountId: "default", vpcId: vpc, ids: ["sg-named", "sg-named"] });
    await ensureSecurityGroups(test.core, { accountId: "default", vpcId: vpc, ids: ["sg-named"] });
    const clusterId = await liveCluster("owner", { vpcId: vpc });
    await test.core.db.insert(clusterResources).values({
      ...{ clusterId, kind: "security-group", id: "sg-made", name: "k8s_sg", existing: false, creator: "system" },
      ...{ details: {}, dependencies: [], ordinal: 0 },
    });
    const found = await findSecurityGroups(test.core, "default", ["sg-named", "sg-made", "sg-other"]);
    expect(found).toEqual([
      { id: "sg-named", vpcId: vpc },
      { id: "sg-made", vpcId: vpc },
    ]);
    expect(await findSecurityGroups(test.core, "somebody", ["sg-named", "sg-made"])).toEqual([]);
  });
});

describe("the check of wanted networks", () => {
  it("has nothing to say on a VPC that nobody has used", async () => {
    expect(await checkNetworks(test.core, wanted(newVpc()))).toEqual({ conflicts: [], warnings: [] });
  });

  it.each<[string, Partial<WantedNetworks>, string[]]>([
    ["neither in the VPC", {}, []],
    ["Services in it", { serviceCidr: "192.168.0.0/20" }, ["serviceCidr 192.168.0.0/20"]],
    ["pods around it", { podCidr: "192.0.0.0/8" }, ["podCidr 192.0.0.0/8"]],
    ["pods at its end", { podCidr: "192.168.255.0/24" }, ["podCidr 192.168.255.0/24"]],
    ["pods beside it", { podCidr: "192.169.0.0/16" }, []],
    ["no Pod range", { podCidr: undefined, serviceCidr: "192.168.0.0/16" }, ["serviceCidr 192.168.0.0/16"]],
    [
      "both in it",
      { podCidr: "192.168.0.0/18", serviceCidr: "192.168.64.0/20" },
      ["podCidr 192.168.0.0/18", "serviceCidr 192.168.64.0/20"],
    ],
  ])("refuses ranges that overlap the VPC's: %s", async (_, changes, refused) => {
    const vpc = newVpc();
    await ensure(vpc, [`${vpc}-one`]);
    const { conflicts, warnings } = await checkNetworks(test.core, wanted(vpc, changes));
    const rule = `must not overlap VPC ${vpc} (192.168.0.0/16)`;
    expect(fields(conflicts)).toEqual(refused.map((range) => `${range} ${rule}`));
    expect(warnings).toEqual([]);
  });

  it("warns of ranges that another cluster of the VPC has", async () => {
    const vpc = newVpc();
    await liveCluster("first", { vpcId: vpc, podCidr: "172.20.0.0/16", serviceCidr: "172.21.0.0/20" });
    expect(
      await checkNetworks(test.core, wanted(vpc, { podCidr: "172.16.0.0/14", serviceCidr: "172.20.0.0/20" })),
    ).toEqual({
      conflicts: [],
      warnings: [
        `Service range 172.20.0.0/20 overlaps the Pod range 172.20.0.0/16 of cluster first in VPC ${vpc}. ` +
          "In a cloud the two clusters could not reach each other's addresses there.",
      ],
    });
  });

  it("refuses them where the inventory is strict", async () => {
    const vpc = newVpc();
    await ensure(vpc, [`${vpc}-one`]);
    await liveCluster("first", { vpcId: vpc });
    const { conflicts, warnings } = await checkNetworks(test.core, wanted(vpc, { policy: "strict" }));
    expect(warnings).toEqual([]);
    expect(fields(conflicts)).toEqual([
      `podCidr 172.20.0.0/16 must not overlap the Pod range 172.20.0.0/16 of cluster first in VPC ${vpc}`,
      `serviceCidr 172.21.0.0/20 must not overlap the Service range 172.21.0.0/20 of cluster first in VPC ${vpc}`,
    ]);
  });

  it("names the clusters of who asks alone: of other projects' it says that they are there", async () => {
    const vpc = newVpc();
    const projectId = "a".repeat(32);
    await test.core.db.insert(projects).values({ id: projectId, accountId: "default", name: "cn-north-4_a" });
    await liveCluster("of-first", { vpcId: vpc, podCidr: "172.16.0.0/16", serviceCidr: "10.1.0.0/16" });
    await liveCluster("of-a", { vpcId: vpc, podCidr: "172.17.0.0/16", serviceCidr: "10.2.0.0/16" }, { projectId });
    const ranges = { podCidr: "172.0.0.0/8", serviceCidr: undefined, policy: "strict" } as const;
    const rules = async (visible: WantedNetworks["visible"]) =>
      (await checkNetworks(test.core, wanted(vpc, { ...ranges, visible }))).conflicts
        .map(({ rule }) => rule)
        .filter((rule) => rule.startsWith("must not overlap"));
    const ofFirst = `must not overlap the Pod range 172.16.0.0/16 of cluster of-first in VPC ${vpc}`;
    const ofA = `must not overlap the Pod range 172.17.0.0/16 of cluster of-a in VPC ${vpc}`;
    const ofAnother = `must not overlap a Pod range of another project's cluster in VPC ${vpc}`;
    expect(await rules("account")).toEqual([ofFirst, ofA]);
    expect(await rules({ projectId: null })).toEqual([ofFirst, ofAnother]);
    expect(await rules({ projectId })).toEqual([ofAnother, ofA]);
    expect(await rules({ projectId: "b".repeat(32) })).toEqual([ofAnother]);
  });

  it("has nothing against Services that other clusters have, too, where nobody asked for them", async () => {
    const vpc = newVpc();
    await liveCluster("first", { vpcId: vpc, podCidr: "172.16.0.0/16", serviceCidr: "10.247.0.0/16" });
    const services = { serviceCidr: "10.247.0.0/16", policy: "implicit" } as const;
    const warnings = async (usualServices: boolean) =>
      (await checkNetworks(test.core, wanted(vpc, { ...services, usualServices }))).warnings;
    expect(await warnings(true)).toEqual([]);
    expect(await warnings(false)).toHaveLength(1);
    await liveCluster("second", { vpcId: vpc, podCidr: "10.247.128.0/17", serviceCidr: "10.248.0.0/16" });
    expect(await warnings(true)).toMatchObject([
      expect.stringContaining("Pod range 10.247.128.0/17 of cluster second"),
    ]);
  });

  it.each(["implicit", "strict"] as const)("refuses further Pod ranges that overlap anything (%s)", async (policy) => {
    const vpc = newVpc();
    await ensure(vpc, [`${vpc}-own`]);
    await liveCluster("first", { vpcId: vpc, podCidr: "172.16.0.0/16", serviceCidr: "10.247.0.0/16" });
    await liveCluster("second", { vpcId: vpc, podCidr: "172.17.0.0/16", morePodCidrs: ["172.18.0.0/16"] });
    const morePodCidrs = [
      ...["192.168.0.0/20", "172.16.0.0/20", "10.247.1.0/24", "172.18.0.0/15", "172.20.128.0/17", "172.23.0.0/16"],
      ...["172.24.0.0/16", "172.24.1.0/24"],
    ];
    const services = { serviceCidr: "172.23.16.0/20", usualServices: true };
    const ranges = { ...services, podCidr: "172.20.0.0/16", morePodCidrs, policy };
    const { conflicts } = await checkNetworks(test.core, wanted(vpc, { ...ranges, vswitchIds: [`${vpc}-own`] }));
    expect(fields(conflicts)).toEqual([
      `podCidr 192.168.0.0/20 must not overlap VPC ${vpc} (192.168.0.0/16)`,
      `podCidr 172.16.0.0/20 must not overlap the Pod range 172.16.0.0/16 of cluster first in VPC ${vpc}`,
      `podCidr 10.247.1.0/24 must not overlap the Service range 10.247.0.0/16 of cluster first in VPC ${vpc}`,
      `podCidr 172.18.0.0/15 must not overlap the Pod range 172.18.0.0/16 of cluster second in VPC ${vpc}`,
      "podCidr 172.20.128.0/17 must not overlap the cluster's own Pod range 172.20.0.0/16",
      "podCidr 172.23.0.0/16 must not overlap the cluster's own Service range 172.23.16.0/20",
      "podCidr 172.24.1.0/24 must not overlap its other further Pod range 172.24.0.0/16",
    ]);
  });

  it("leaves out clusters elsewhere, of others, and on their way out", async () => {
    const vpc = newVpc();
    await liveCluster("elsewhere", { vpcId: newVpc() });
    await liveCluster("leaving", { vpcId: vpc }, { state: "removing" });
    const huawei = { huaweiDomainId: "domain", huaweiDomainName: "neighbour" };
    await test.core.db.insert(accounts).values({ id: "neighbour", alibabaUid: "1", ...huawei });
    await liveCluster("foreign", { vpcId: vpc }, { accountId: "neighbour" });
    expect(await checkNetworks(test.core, wanted(vpc))).toEqual({ conflicts: [], warnings: [] });
    await liveCluster("failed", { vpcId: vpc }, { state: "failed" });
    expect((await checkNetworks(test.core, wanted(vpc))).warnings).toHaveLength(2);
  });

  it.each(["implicit", "strict"] as const)("refuses what is known to be in another VPC (%s)", async (policy) => {
    const [here, there] = [newVpc(), newVpc()];
    await ensure(here, [`${here}-own`]);
    await ensure(there, [`${there}-other`]);
    await ensureSecurityGroups(test.core, { accountId: "default", vpcId: there, ids: [`sg-${there}`] });
    const asked = { policy, vswitchIds: [`${here}-own`, `${there}-other`], securityGroupIds: [`sg-${there}`] };
    expect((await checkNetworks(test.core, wanted(here, asked))).conflicts).toEqual([
      {
        ...{ field: "vswitchId", value: `${there}-other`, rule: `is in VPC ${there}, not in ${here}` },
        wayOut: `name one of ${here}, or that VPC`,
      },
      {
        ...{ field: "securityGroupId", value: `sg-${there}`, rule: `is in VPC ${there}, not in ${here}` },
        wayOut: `name one of ${here}, or that VPC`,
      },
    ]);
  });

  it("refuses what it does not know where it is strict, each id once", async () => {
    const vpc = newVpc();
    const asked = { vswitchIds: ["vsw-x", "vsw-x"], securityGroupIds: ["sg-x"] };
    expect(await checkNetworks(test.core, wanted(vpc, asked))).toEqual({ conflicts: [], warnings: [] });
    const { conflicts } = await checkNetworks(test.core, wanted(vpc, { ...asked, policy: "strict" }));
    const rule = "is not in the inventory, which is strict";
    expect(fields(conflicts)).toEqual([
      `vpcId ${vpc} ${rule}`,
      `vswitchId vsw-x ${rule}`,
      `securityGroupId sg-x ${rule}`,
    ]);
  });

  it("registers nothing", async () => {
    const vpc = newVpc();
    await checkNetworks(test.core, wanted(vpc, { vswitchIds: ["vsw-y"] }));
    expect((await test.core.db.select().from(vpcs)).map(({ id }) => id)).not.toContain(vpc);
    expect(await findVswitches(test.core, "default", ["vsw-y"])).toEqual([]);
  });

  it("can be told as an error that has every conflict", () => {
    const conflicts = [
      {
        field: "podCidr",
        value: "10.0.0.0/8",
        rule: "must not overlap VPC vpc-1 (10.0.0.0/16)",
        wayOut: "choose another",
      },
      { field: "vswitchId", value: "vsw-1", rule: "is in VPC vpc-2, not in vpc-1", wayOut: "name one of vpc-1" },
    ] as const;
    const error = new NetworkConflictError(conflicts);
    expect(error.conflicts).toBe(conflicts);
    expect(error.message).toBe(
      "Pod range 10.0.0.0/8 must not overlap VPC vpc-1 (10.0.0.0/16): choose another. " +
        "vSwitch vsw-1 is in VPC vpc-2, not in vpc-1: name one of vpc-1.",
    );
  });
});
