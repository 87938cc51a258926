import { ipv4Range, numberToIpv4 } from "../cidr.ts";

/** Thrown by {@link PodAddresses.assign} where every address of a range is taken. */
export class RangeExhaustedError extends Error {
  override readonly name = "RangeExhaustedError";
}

/** Which pod of a cluster has which address. Owners are pod UIDs, or any other name for addresses to be left alone. */
export interface PodAddresses {
  /**
   * The address of `owner`: the one it has, whatever the range, or else the next free one of `cidr`. The first two
   * addresses and the last one are never given out (network, gateway, broadcast).
   *
   * @throws {RangeExhaustedError} where no address is free.
   * @throws {Error} where `cidr` is not an IPv4 range.
   */
  assign(owner: string, cidr: string): string;
  /** Notes an address that `owner` has already, e.g. from before a restart. */
  keep(owner: string, address: string): void;
  /** Makes an owner's address free again; does nothing where it has none. */
  release(owner: string): void;
}

/** Makes an empty book of addresses. */
export function createPodAddresses(): PodAddresses {
  const byOwner = new Map<string, string>();
  const owners = new Map<string, string>();
  /** Where the search in a range goes on, so that an address just released is not the next one given. */
  const cursors = new Map<string, number>();

  function keep(owner: string, address: string) {
    if (byOwner.get(owner) === address) return;
    release(owner);
    byOwner.set(owner, address);
    owners.set(address, owner);
  }

  function release(owner: string) {
    const address = byOwner.get(owner);
    if (address === undefined) return;
    byOwner.delete(owner);
    if (owners.get(address) === owner) owners.delete(address);
  }

  function assign(owner: string, cidr: string): string {
    const present = byOwner.get(owner);
    if (present !== undefined) return present;
    const { first, count } = usableRange(cidr);
    const start = cursors.get(cidr) ?? 0;
    for (let step = 0; step < count; step++) {
      const offset = (start + step) % count;
      const address = numberToIpv4(first + offset);
      if (owners.has(address)) continue;
      cursors.set(cidr, offset + 1);
      keep(owner, address);
      return address;
    }
    throw new RangeExhaustedError(`All ${count} pod addresses of ${cidr} are taken; delete a pod of the node.`);
  }

  return { assign, keep, release };
}

/** The addresses of a range that pods may have: all but the first two and the last. */
export function usableRange(cidr: string): { first: number; count: number } {
  const { first, last } = ipv4Range(cidr);
  return { first: first + 2, count: Math.max(0, last - first - 2) };
}
