import { ipv4Range, nthAddress } from "../../cidr.ts";
import { NoRoomError } from "../inventory/no-room.ts";

/** A vSwitch's first addresses are the vendor's own and the control planes'; workers come after them. */
const firstWorkerAddress = 55;
/** Control-plane members get the addresses from here on. */
const firstMemberAddress = 11;
const lastMemberAddress = firstWorkerAddress - 1;

/**
 * The lowest free addresses for workers in a vSwitch.
 * @param cidr the vSwitch's range
 * @param used addresses that are taken
 * @throws {NoRoomError} when the vSwitch has too few left
 */
export function freeWorkerAddresses(cidr: string, used: ReadonlySet<string>, wanted: number): string[] {
  const range = ipv4Range(cidr);
  // The vendor keeps the last three addresses of a vSwitch for itself.
  return freeAddresses(cidr, used, wanted, firstWorkerAddress, range.last - range.first - 3);
}

/** The lowest free addresses for control-plane members in a vSwitch. @throws {NoRoomError} when it has too few left */
export function freeMemberAddresses(cidr: string, used: ReadonlySet<string>, wanted: number): string[] {
  return freeAddresses(cidr, used, wanted, firstMemberAddress, lastMemberAddress);
}

function freeAddresses(cidr: string, used: ReadonlySet<string>, wanted: number, from: number, to: number): string[] {
  const range = ipv4Range(cidr);
  const found: string[] = [];
  for (let n = from; n <= to && found.length < wanted; n++) {
    const address = nthAddress(range, n);
    if (!used.has(address)) found.push(address);
  }
  if (found.length < wanted)
    throw new NoRoomError(
      `The vSwitch ${cidr} has ${found.length} free addresses where ${wanted} are needed; name another vSwitch.`,
    );
  return found;
}
