import type { NodePoolSpec } from "../clusters/cluster.ts";
import type { Vswitch } from "../inventory/inventory.ts";
import { NoRoomError } from "../inventory/no-room.ts";
import { memberAddresses, nextFree, workerAddresses } from "./node-addresses.ts";
import { nodeName } from "./node-names.ts";

/** Where a node is put: its address, and the name of its Node object, which follows from it. */
export interface PlacedNode {
  name: string;
  address: string;
  vswitchId: string;
}

/** What is taken already; what is given out is added to it. */
export interface Taken {
  /** In the VPC. */
  addresses: Set<string>;
  /** Of Node objects, in the cluster. */
  names: Set<string>;
}

/**
 * Gives every node of a pool an address in one of the pool's vSwitches, so that no two have the same address or the
 * same name: names that hold only the last digits of an address could collide.
 * @param vswitches those of the pool among them
 * @throws {NoRoomError} where a vSwitch has too few addresses left, or the pool has no vSwitch
 */
export function placeNodes(
  pool: NodePoolSpec,
  { region, vswitches, taken }: { region: string; vswitches: readonly Vswitch[]; taken: Taken },
): PlacedNode[] {
  const own = pool.vswitchIds.flatMap((id) => vswitches.filter((vswitch) => vswitch.id === id));
  if (own.length === 0 && pool.size > 0)
    throw new NoRoomError(`Node pool ${pool.name} needs a vSwitch for its nodes; name one.`);
  const addressesOf = pool.role === "control-plane" ? memberAddresses : workerAddresses;
  const candidates = new Map(own.map((vswitch) => [vswitch.id, addressesOf(vswitch.cidr)]));
  return Array.from({ length: pool.size }, (_, n) => {
    const vswitch = vswitchOf(pool, own, n);
    const isFree = (address: string) =>
      !taken.addresses.has(address) && !taken.names.has(nodeName(pool.nodeName, region, address));
    const address = nextFree(candidates.get(vswitch.id) ?? addressesOf(vswitch.cidr), isFree, vswitch);
    const name = nodeName(pool.nodeName, region, address);
    taken.addresses.add(address);
    taken.names.add(name);
    return { name, address, vswitchId: vswitch.id };
  });
}

/** Member i is in the vSwitch that is named for it; workers are in the first one, or in each in turn. */
function vswitchOf(pool: NodePoolSpec, own: readonly Vswitch[], n: number): Vswitch {
  const last = own.length - 1;
  if (pool.role === "control-plane") return own[Math.min(n, last)] as Vswitch;
  return own[pool.vswitchPolicy === "priority" ? 0 : n % own.length] as Vswitch;
}
