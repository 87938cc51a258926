import { isIPv6 } from "node:net";

/** A range of IPv6 addresses as numbers. */
export interface Ipv6Range {
  readonly first: bigint;
  readonly last: bigint;
  /** Prefix length, 0 to 128. */
  readonly prefix: number;
}

/** Reads `fd00::/112`; undefined where the text is no such range, has host bits set or a zone. */
export function parseIpv6Range(text: string): Ipv6Range | undefined {
  const [address = "", prefixText = "", ...rest] = text.split("/");
  if (rest.length > 0 || address.includes("%") || !isIPv6(address)) return undefined;
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > 128) return undefined;
  const prefix = Number(prefixText);
  const size = 1n << BigInt(128 - prefix);
  const first = ipv6ToNumber(address);
  return first % size === 0n ? { first, last: first + size - 1n, prefix } : undefined;
}

/** Reads a range that is known to be one. @throws {Error} for any other text */
export function ipv6Range(text: string): Ipv6Range {
  const range = parseIpv6Range(text);
  if (!range) throw new Error(`"${text}" is not an IPv6 range of the form fd00::/112.`);
  return range;
}

/** Whether two ranges have an address in common. */
export const ipv6RangesOverlap = (a: Ipv6Range, b: Ipv6Range): boolean => a.first <= b.last && b.first <= a.last;

/** The text must be an IPv6 address without a zone. */
function ipv6ToNumber(address: string): bigint {
  // A URL has an address in its shortest form, without an IPv4 address at its end.
  const [head = "", tail = ""] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return [...first, ...zeros, ...last].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** The number, from 0 to 2^128 - 1, as an address in its shortest form (RFC 5952). */
export function numberToIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}

const groupsOf = (text: string): string[] => (text === "" ? [] : text.split(":"));
