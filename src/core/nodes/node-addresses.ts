import { ipv4Range, nthAddress } from "../../cidr.ts";
import { NoRoomError } from "../inventory/no-room.ts";

/** A vSwitch's first addresses are the vendor's own and the control planes'; workers come after them. */
const firstWorkerAddress = 55;
/** Control-plane members get the addresses from here on. */
const firstMemberAddress = 11;
const lastMemberAddress = firstWorkerAddress - 1;

/** The addresses of a vSwitch that workers may have, lowest first. The vendor keeps the last three for itself. */
export function workerAddresses(cidr: string): Generator<string> {
  const range = ipv4Range(cidr);
  return addresses(cidr, firstWorkerAddress, range.last - range.first - 3);
}

/** The addresses of a vSwitch that control-plane members may have, lowest first. */
export function memberAddresses(cidr: string): Generator<string> {
  return addresses(cidr, firstMemberAddress, lastMemberAddress);
}

/**
 * The addresses of a vSwitch that the members of hidden control planes may have, lowest first: where many clusters share
 * a vSwitch, those of workers as well.
 */
export function* hiddenMemberAddresses(cidr: string): Generator<string> {
  yield* memberAddresses(cidr);
  yield* workerAddresses(cidr);
}

function* addresses(cidr: string, from: number, to: number): Generator<string> {
  const range = ipv4Range(cidr);
  for (let n = from; n <= to; n++) yield nthAddress(range, n);
}

/**
 * The next address that may be given out.
 * @param candidates where earlier calls have left off
 * @param isFree whether an address may be used
 * @param vswitch of which the candidates are, for the message
 * @throws {NoRoomError} when none is left
 */
export function nextFree(
  candidates: Generator<string>,
  isFree: (address: string) => boolean,
  vswitch: { id: string; cidr: string },
): string {
  for (;;) {
    const { value, done } = candidates.next();
    if (done)
      throw new NoRoomError(
        `The vSwitch ${vswitch.id} (${vswitch.cidr}) has no free address left for another node; name another vSwitch, or ask for fewer nodes.`,
      );
    if (isFree(value)) return value;
  }
}
