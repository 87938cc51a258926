import { isIPv4 } from "node:net";

/** A range of IPv4 addresses as numbers: `first` is the network address, `last` the broadcast address. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** The address as a number from 0 to 2^32 - 1. The text must be an IPv4 address. */
export const ipv4ToNumber = (address: string): number =>
  address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** The number as an address in dotted form. */
export const numberToIpv4 = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** Reads `a.b.c.d/n`; undefined where the text is no such range or has host bits set. */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  const [address, prefixText, ...rest] = text.split("/");
  if (address === undefined || prefixText === undefined || rest.length > 0) return undefined;
  if (!isIPv4(address) || !/^(0|[1-9]\d?)$/.test(prefixText) || Number(prefixText) > 32) return undefined;
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  const first = ipv4ToNumber(address);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** Reads a range that is known to be one. @throws {Error} for any other text */
export function ipv4Range(text: string): Ipv4Range {
  const range = parseIpv4Range(text);
  if (!range) throw new Error(`"${text}" is not an IPv4 range of the form 10.0.0.0/16.`);
  return range;
}

/** Whether two ranges have an address in common. */
export const rangesOverlap = (a: Ipv4Range, b: Ipv4Range): boolean => a.first <= b.last && b.first <= a.last;

/** Whether the range has the address. */
export const rangeContains = (range: Ipv4Range, address: string): boolean =>
  isIPv4(address) && ipv4ToNumber(address) >= range.first && ipv4ToNumber(address) <= range.last;

/** The n-th address of a range, 0 being the network address. @throws {Error} beyond its end */
export function nthAddress(range: Ipv4Range, n: number): string {
  if (n < 0 || range.first + n > range.last)
    throw new Error(`A range of ${range.last - range.first + 1} addresses has no address number ${n}.`);
  return numberToIpv4(range.first + n);
}

/** The n-th part of a range, each part having the given prefix length. @throws {Error} beyond its end */
export function nthPart(range: Ipv4Range, prefix: number, n: number): string {
  return `${nthAddress(range, n * 2 ** (32 - prefix))}/${prefix}`;
}
