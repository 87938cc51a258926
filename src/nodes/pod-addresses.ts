import { isIPv6 } from "node:net";
import { ipv4Range, numberToIpv4 } from "../cidr.ts";
import { ipv6Range, numberToIpv6 } from "../ipv6-range.ts";

/** Thrown by {@link PodAddresses.assign} where every address of a range is taken. */
export class RangeExhaustedError extends Error {
  override readonly name = "RangeExhaustedError";
}

/** Which pod of a cluster has which addresses, at most one of each family. Owners are pod UIDs, or any other name for addresses to be left alone. */
export interface PodAddresses {
  /**
   * The address of `owner` of the family of `cidr`: the one it has, whatever the range, or else the next free one of
   * `cidr`. The first two addresses and the last one are never given out (network, gateway, broadcast).
   *
   * @throws {RangeExhaustedError} where no address is free.
   * @throws {Error} where `cidr` is no range of addresses.
   */
  assign(owner: string, cidr: string): string;
  /** Notes an address that `owner` has already, e.g. from before a restart. */
  keep(owner: string, address: string): void;
  /** Makes an owner's addresses free again; does nothing where it has none. */
  release(owner: string): void;
}

/** Makes an empty book of addresses. */
export function createPodAddresses(): PodAddresses {
  const byOwner: Record<Family, Map<string, string>> = { IPv4: new Map(), IPv6: new Map() };
  const owners = new Map<string, string>();
  /** Where the search in a range goes on, so that an address just released is not the next one given. */
  const cursors = new Map<string, number>();

  function keep(owner: string, address: string) {
    const family = familyOf(address);
    if (byOwner[family].get(owner) === address) return;
    releaseOne(family, owner);
    byOwner[family].set(owner, address);
    owners.set(address, owner);
  }

  function releaseOne(family: Family, owner: string) {
    const address = byOwner[family].get(owner);
    if (address === undefined) return;
    byOwner[family].delete(owner);
    if (owners.get(address) === owner) owners.delete(address);
  }

  function assign(owner: string, cidr: string): string {
    const present = byOwner[familyOf(cidr)].get(owner);
    if (present !== undefined) return present;
    const { count, at } = usableRange(cidr);
    const start = cursors.get(cidr) ?? 0;
    for (let step = 0; step < count; step++) {
      const offset = (start + step) % count;
      const address = at(offset);
      if (owners.has(address)) continue;
      cursors.set(cidr, offset + 1);
      keep(owner, address);
      return address;
    }
    throw new RangeExhaustedError(`All ${count} pod addresses of ${cidr} are taken; delete a pod of the node.`);
  }

  return {
    assign,
    keep,
    release(owner) {
      for (const family of families) releaseOne(family, owner);
    },
  };
}

type Family = "IPv4" | "IPv6";
const families: readonly Family[] = ["IPv4", "IPv6"];

/** Of an address or a range. */
function familyOf(text: string): Family {
  return isIPv6(text.split("/")[0] ?? "") ? "IPv6" : "IPv4";
}

/** The addresses of a range that pods may have: all but the first two and the last. */
export function usableRange(cidr: string): { count: number; at(offset: number): string } {
  if (familyOf(cidr) === "IPv4") {
    const { first, last } = ipv4Range(cidr);
    return { count: Math.max(0, last - first - 2), at: (offset) => numberToIpv4(first + 2 + offset) };
  }
  const { first, last } = ipv6Range(cidr);
  // More than anybody can use is as good as all.
  const count = Math.max(0, Math.min(Number(last - first) - 2, Number.MAX_SAFE_INTEGER));
  return { count, at: (offset) => numberToIpv6(first + 2n + BigInt(offset)) };
}
