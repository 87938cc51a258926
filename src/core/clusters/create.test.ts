import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { newCluster, newNodePool } from "../../../test/support/new-cluster.ts";
import { projects, vpcs } from "../../storage/schema.ts";
import { listEvents } from "../events/events.ts";
import { findVswitches } from "../inventory/inventory.ts";
import { NetworkConflictError } from "../inventory/network-conflict.ts";
import { NoPodRangeError, NoRoomError } from "../inventory/no-room.ts";
import { listResources } from "../resources/resources.ts";
import type { Cluster } from "./cluster.ts";
import { getCluster, setClusterState } from "./clusters.ts";
import { createCluster } from "./create.ts";
import type { NewCluster, WantedSpec } from "./new-cluster.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

let vpcCount = 0;
const newVpc = () => `vpc-${++vpcCount}`;

/** What a test wants of a cluster's networks; the rest is as CCE asks for it. */
type Network = Partial<WantedSpec["network"]>;

/** Makes a cluster as CCE's dialect does: no workers, and a Pod range that may be chosen. */
async function create(
  vpc: string,
  network: Network = {},
  { spec, ...changes }: Partial<Omit<NewCluster, "spec">> & { spec?: Partial<WantedSpec> } = {},
): Promise<Cluster> {
  const usual = newCluster().spec;
  const asked = { ...usual.network, plugin: "overlay_l2", podCidr: undefined, serviceCidr: undefined } as const;
  const wanted = newCluster({
    ...{ dialect: "cce", region: "cn-north-4", podRange: "choose", nodePools: [], ...changes },
    spec: { ...usual, ...spec, network: { ...asked, vpcId: vpc, vswitchIds: [`${vpc}-a`], ...network } },
  });
  const { clusterId } = await createCluster(test.core, wanted);
  return (await getCluster(test.core, clusterId)) as Cluster;
}

const rangesOf = ({ spec: { network } }: Cluster) => [network.podCidr, network.serviceCidr];
const eventsOf = async ({ id }: Cluster) =>
  (await listEvents(test.core, id)).map(({ level, reason, message }) => `${level} ${reason}: ${message}`);

describe("the id of a new cluster", () => {
  it("is spelt by the dialect that makes it", async () => {
    const cluster = await create(newVpc(), {}, { spellId: (id) => `made-${id}` });
    expect(cluster.spec.vendorId).toBe(`made-${cluster.id}`);
  });
});

describe("a Pod range that may be chosen", () => {
  it("is the one that was asked for where nothing overlaps it", async () => {
    const cluster = await create(newVpc(), { podCidr: "10.1.0.0/16" });
    expect(rangesOf(cluster)).toEqual(["10.1.0.0/16", "10.247.0.0/16"]);
    expect(await eventsOf(cluster)).toEqual([]);
  });

  it("is the first one of the offered where none was asked for", async () => {
    const cluster = await create(newVpc());
    expect(rangesOf(cluster)).toEqual(["172.16.0.0/16", "10.247.0.0/16"]);
    expect(await eventsOf(cluster)).toEqual([
      "info PodRangeChosen: No Pod range was asked for: the cluster has 172.16.0.0/16.",
    ]);
  });

  it("is another one where a cluster of the VPC has the one that was asked for", async () => {
    const vpc = newVpc();
    await create(vpc, { podCidr: "172.16.0.0/16" }, { name: "first" });
    const second = await create(vpc, { podCidr: "172.16.0.0/16" });
    expect(rangesOf(second)).toEqual(["172.17.0.0/16", "10.247.0.0/16"]);
    expect(await eventsOf(second)).toEqual([
      `warning PodRangeChosen: Pod range 172.16.0.0/16 overlaps the Pod range 172.16.0.0/16 of cluster first in VPC ${vpc}: ` +
        "the cluster has 172.17.0.0/16 in its place.",
    ]);
    expect(rangesOf(await create(vpc))).toEqual(["172.18.0.0/16", "10.247.0.0/16"]);
    expect(rangesOf(await create(newVpc(), { podCidr: "172.16.0.0/16" }))[0]).toBe("172.16.0.0/16");
  });

  it.each<[string, Network, string]>([
    ["the VPC", { podCidr: "192.168.128.0/17" }, "172.18.0.0/16"],
    ["another cluster's Services", { podCidr: "10.0.0.0/8" }, "172.18.0.0/16"],
    ["another cluster's further pods", { podCidr: "172.17.0.0/20" }, "172.18.0.0/16"],
    [
      "its own Services, when they were asked for",
      { podCidr: "172.20.0.0/16", serviceCidr: "172.20.0.0/20" },
      "172.18.0.0/16",
    ],
    ["no further range of its own", { morePodCidrs: ["172.18.0.0/16"] }, "172.19.0.0/16"],
  ])("overlaps not %s", async (_, network, chosen) => {
    const vpc = newVpc();
    await create(vpc, { podCidr: "172.16.0.0/16", morePodCidrs: ["172.17.0.0/16"] });
    expect(rangesOf(await create(vpc, network))[0]).toBe(chosen);
  });

  it("is never given to two clusters, not even at once", async () => {
    const vpc = newVpc();
    const asked = Array.from({ length: 4 }, () => create(vpc, { podCidr: "172.20.0.0/16" }));
    const given = (await Promise.all(asked)).map((cluster) => cluster.spec.network.podCidr);
    expect(given.toSorted()).toEqual(["172.16.0.0/16", "172.17.0.0/16", "172.18.0.0/16", "172.20.0.0/16"]);
  });

  it("is free again once its cluster is on its way out", async () => {
    const vpc = newVpc();
    const first = await create(vpc);
    await setClusterState(test.core, first.id, "removing");
    expect(rangesOf(await create(vpc))[0]).toBe("172.16.0.0/16");
  });

  it("is not needed where pods have addresses from vSwitches", async () => {
    const vpc = newVpc();
    const cluster = await create(vpc, { plugin: "eni", podVswitchIds: [`${vpc}-pods`] });
    expect(rangesOf(cluster)).toEqual([undefined, "10.247.0.0/16"]);
    expect(await findVswitches(test.core, "default", [`${vpc}-pods`])).toMatchObject([{ zone: "cn-north-4b" }]);
  });

  it("cannot be had where all that are offered are taken, and nothing is made", async () => {
    const vpc = newVpc();
    await create(vpc, { podCidr: "172.16.0.0/12" }, { name: "greedy" });
    const refused = create(vpc, { podCidr: "172.16.0.0/16" });
    await expect(refused).rejects.toThrow(NoPodRangeError);
    await expect(refused).rejects.toThrow(NoRoomError);
    await expect(create(vpc)).rejects.toThrow(
      `No Pod range was asked for, and none of 172.16.0.0/16 to 172.31.0.0/16 is free in VPC ${vpc}: name a Pod range that is`,
    );
    expect(rangesOf(await create(vpc, { podCidr: "10.1.0.0/16" }))[0]).toBe("10.1.0.0/16");
  });

  it("is the dialect's matter where it is to be refused", async () => {
    const vpc = newVpc();
    await create(vpc, { podCidr: "172.16.0.0/16" }, { name: "first" });
    const second = await create(vpc, { podCidr: "172.16.0.0/16" }, { podRange: "refuse" });
    expect(rangesOf(second)[0]).toBe("172.16.0.0/16");
    expect(await eventsOf(second)).toEqual([
      expect.stringContaining("warning NetworkOverlaps: Pod range 172.16.0.0/16"),
    ]);
    const strict = { podRange: "refuse", inventory: "strict" } as const;
    await expect(create(vpc, { podCidr: "172.16.0.0/16" }, strict)).rejects.toThrow(NetworkConflictError);
  });
});

describe("a Service range that is left out", () => {
  it.each([
    ["10.247.0.0/16", "10.248.0.0/16"],
    ["10.240.0.0/13", "10.248.0.0/16"],
    ["10.244.0.0/14", "10.248.0.0/16"],
    ["172.16.0.0/16", "10.247.0.0/16"],
  ])("makes way for the pods' %s: %s", async (podCidr, services) => {
    expect(rangesOf(await create(newVpc(), { podCidr }))).toEqual([podCidr, services]);
  });

  it("is the same in many clusters of a VPC", async () => {
    const vpc = newVpc();
    await create(vpc, { podCidr: "172.16.0.0/16" });
    const second = await create(vpc, { podCidr: "172.17.0.0/16" });
    expect(rangesOf(second)[1]).toBe("10.247.0.0/16");
    expect(await eventsOf(second)).toEqual([]);
  });

  it("makes way for the pods of other clusters, and for the VPC", async () => {
    const vpc = newVpc();
    await create(vpc, { podCidr: "10.247.0.0/16", serviceCidr: "172.30.0.0/16" });
    expect(rangesOf(await create(vpc))).toEqual(["172.16.0.0/16", "10.248.0.0/16"]);
    const wide = newVpc();
    await test.core.db
      .insert(vpcs)
      .values({ accountId: "default", id: wide, region: "cn-north-4", cidr: "10.0.0.0/8" });
    expect(rangesOf(await create(wide))).toEqual(["172.16.0.0/16", "172.17.0.0/16"]);
  });

  it("has a warning where it was asked for, as any range has", async () => {
    const vpc = newVpc();
    await create(vpc);
    const asked = await create(vpc, { podCidr: "172.20.0.0/16", serviceCidr: "10.247.0.0/16" });
    expect(await eventsOf(asked)).toEqual([expect.stringContaining("NetworkOverlaps: Service range 10.247.0.0/16")]);
  });
});

describe("further Pod ranges", () => {
  it("are kept", async () => {
    const cluster = await create(newVpc(), { podCidr: "172.16.0.0/16", morePodCidrs: ["172.17.0.0/16"] });
    expect(cluster.spec.network.morePodCidrs).toEqual(["172.17.0.0/16"]);
  });

  it("are refused where they overlap another cluster's", async () => {
    const vpc = newVpc();
    await create(vpc, { podCidr: "172.16.0.0/16" });
    const overlapping = create(vpc, { podCidr: "172.20.0.0/16", morePodCidrs: ["172.16.0.0/16"] });
    await expect(overlapping).rejects.toThrow("Pod range 172.16.0.0/16 must not overlap the Pod range");
  });

  it("are left free by a VPC that is new", async () => {
    const cluster = await create(newVpc(), { podCidr: "172.16.0.0/16", morePodCidrs: ["192.168.0.0/16"] });
    expect(cluster.spec.memberAddresses).toEqual(["10.0.0.11"]);
  });
});

describe("the members of a hidden control plane", () => {
  it("have an address each, in the cluster's first vSwitch", async () => {
    const vpc = newVpc();
    const [first, second] = [await create(vpc, {}, { spec: { members: 3 } }), await create(vpc)];
    expect(first.spec.memberAddresses).toEqual(["192.168.0.11", "192.168.0.12", "192.168.0.13"]);
    expect(second.spec.memberAddresses).toEqual(["192.168.0.14"]);
  });

  it("may be more than their own part of the vSwitch holds", async () => {
    const vpc = newVpc();
    const members: string[] = [];
    for (let n = 0; n < 10; n++)
      members.push(...(await create(vpc, {}, { spec: { members: 5 } })).spec.memberAddresses);
    expect(new Set(members).size).toBe(50);
    expect(members.at(-1)).toBe("192.168.0.60");
    const workers = { nodePools: [newNodePool({ size: 1, vswitchIds: [`${vpc}-a`] })] };
    const { id } = await create(vpc, {}, workers);
    const [instance] = (await listResources(test.core, id)).filter(({ kind }) => kind === "instance");
    expect(instance?.details.privateIpAddress).toBe("192.168.0.61");
  });

  it.each<[WantedSpec["memberZones"], number, string[]]>([
    ["spread", 3, ["cn-north-4a", "cn-north-4b", "cn-north-4c"]],
    ["spread", 1, ["cn-north-4a"]],
    ["any", 3, ["cn-north-4a", "cn-north-4a", "cn-north-4a"]],
    [["x", "y", "z"], 3, ["x", "y", "z"]],
    [["x"], 3, ["x", "x", "x"]],
    [["x", "y"], 5, ["x", "y", "x", "y", "x"]],
    [["x", "y", "z"], 1, ["x"]],
    [[], 1, ["cn-north-4a"]],
  ])("in zones %j, being %i, are in %j", async (memberZones, members, zones) => {
    const cluster = await create(newVpc(), {}, { spec: { members, memberZones } });
    expect(cluster.spec.memberZones).toEqual(zones);
  });

  it("have the zone of their vSwitch where they are in any", async () => {
    const vpc = newVpc();
    await create(vpc, { vswitchIds: [`${vpc}-a`, `${vpc}-b`] });
    const cluster = await create(vpc, { vswitchIds: [`${vpc}-b`] }, { spec: { memberZones: "any" } });
    expect(cluster.spec.memberZones).toEqual(["cn-north-4b"]);
  });
});

describe("members that are nodes", () => {
  it("have the zones of their vSwitches, whatever was asked for", async () => {
    const vpc = newVpc();
    const vswitchIds = [`${vpc}-a`, `${vpc}-b`];
    const masters = newNodePool({ role: "control-plane", size: 3, vswitchIds });
    const spec = { kind: "dedicated", members: 3, memberZones: "spread" } as const;
    const cluster = await create(vpc, { vswitchIds }, { region: "cn-beijing", nodePools: [masters], spec });
    expect(cluster.spec.memberZones).toEqual(["cn-beijing-a", "cn-beijing-b", "cn-beijing-b"]);
    expect(cluster.spec.memberAddresses).toEqual(["192.168.0.11", "192.168.4.11", "192.168.4.12"]);
  });
});

describe("a high-speed subnet", () => {
  it("is registered as any other", async () => {
    const vpc = newVpc();
    const cluster = await create(vpc, { highwayVswitchId: `${vpc}-fast` });
    expect(await findVswitches(test.core, "default", [`${vpc}-fast`])).toMatchObject([
      { vpcId: vpc, cidr: "192.168.4.0/22" },
    ]);
    const kinds = (await listResources(test.core, cluster.id)).map(({ kind, id }) => (kind === "vswitch" ? id : kind));
    expect(kinds).toEqual(["vpc", `${vpc}-a`, `${vpc}-fast`, "security-group", "eip"]);
  });
});

describe("what is said of other clusters", () => {
  const projectId = "a".repeat(32);
  const pods = { podCidr: "172.20.0.0/16" };

  it("names none of another project's to who sees one project alone", async () => {
    const vpc = newVpc();
    await test.core.db.insert(projects).values({ id: projectId, accountId: "default", name: "cn-north-4_a" });
    await create(vpc, pods, { name: "hidden" });
    const told = async (sees: NewCluster["sees"]) => {
      const cluster = await create(vpc, { ...pods, serviceCidr: "10.247.0.0/16" }, { name: "new", projectId, sees });
      return (await eventsOf(cluster)).join(" ");
    };
    const ofProject = await told("project");
    expect(ofProject).toContain(`overlaps a Pod range of another project's cluster in VPC ${vpc}: the cluster has`);
    expect(ofProject).toContain(`overlaps a Service range of another project's cluster in VPC ${vpc}.`);
    expect(ofProject).not.toContain("hidden");
    expect(await told("account")).toContain("of cluster hidden");
  });

  it("is the same where nothing can be chosen, or is refused", async () => {
    const vpc = newVpc();
    await create(vpc, pods, { name: "hidden" });
    await create(vpc, { podCidr: "172.16.0.0/12", morePodCidrs: [] }, { name: "hidden2", podRange: "refuse" });
    const message = async (changes: Partial<NewCluster>, network: Network = pods) =>
      create(vpc, network, { projectId, sees: "project", ...changes } as Parameters<typeof create>[2]).then(
        () => "",
        (error: Error) => error.message,
      );
    expect(await message({})).toMatch(/overlaps a Pod range of another project's cluster in VPC \S+, and none of/);
    const refused = await message({ inventory: "strict", podRange: "refuse" });
    expect(refused).toContain("must not overlap a Pod range of another project's cluster");
    expect(refused).not.toContain("hidden");
  });
});
