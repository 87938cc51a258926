import type { Vswitch } from "../inventory/inventory.ts";
import { NoRoomError } from "../inventory/no-room.ts";
import { zonesOf } from "../inventory/zones.ts";
import { hiddenMemberAddresses, nextFree } from "../nodes/node-addresses.ts";
import type { ClusterNode } from "../nodes/nodes.ts";
import type { Taken } from "../nodes/place-nodes.ts";
import type { NewCluster } from "./new-cluster.ts";

/** Where a control-plane member is. */
export interface PlacedMember {
  /** In the VPC. */
  address: string;
  zone: string;
}

/** The members that are nodes of the user's: each has the zone of its vSwitch. */
export function nodeMembers(
  nodes: readonly Pick<ClusterNode, "address" | "vswitchId">[],
  vswitches: readonly Vswitch[],
): PlacedMember[] {
  const zones = new Map(vswitches.map(({ id, zone }) => [id, zone]));
  return nodes.map(({ address, vswitchId }) => ({ address, zone: zones.get(vswitchId) ?? "" }));
}

/**
 * The members that no nodes stand for: they have addresses in the cluster's first vSwitch, which are taken from then on.
 * @throws {NoRoomError} where the vSwitch has too few left, or there is none
 */
export function hiddenMembers(
  { region, spec }: Pick<NewCluster, "region" | "spec">,
  vswitches: readonly Vswitch[],
  { addresses }: Taken,
): PlacedMember[] {
  const vswitch = vswitches.find(({ id }) => id === spec.network.vswitchIds[0]) ?? vswitches[0];
  if (!vswitch) throw new NoRoomError("A cluster needs a vSwitch for its control plane; name one.");
  const candidates = hiddenMemberAddresses(vswitch.cidr);
  const zones = zonesFor(spec.memberZones, region, vswitch);
  return Array.from({ length: spec.members }, (_, index) => {
    const address = nextFree(candidates, (candidate) => !addresses.has(candidate), vswitch);
    addresses.add(address);
    return { address, zone: zones[index % zones.length] as string };
  });
}

/** The zones that members are in, in turn. Never empty. */
function zonesFor(wanted: NewCluster["spec"]["memberZones"], region: string, vswitch: Vswitch): string[] {
  if (wanted === "spread") return zonesOf(region);
  return wanted === "any" || wanted.length === 0 ? [vswitch.zone] : wanted;
}
