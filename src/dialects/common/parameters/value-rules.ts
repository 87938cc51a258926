import { isIP } from "node:net";
import { ipv4Range, parseIpv4Range, rangesOverlap } from "../../../cidr.ts";
import type { ValueRule } from "./parameter.ts";

/** Values that a regular expression describes. */
export const matches = (pattern: RegExp, says: string, wayOut?: string): ValueRule => ({
  says,
  holds: (value) => pattern.test(value),
  wayOut,
});

/** Time zones. */
export const timeZone: ValueRule = {
  says: "must be a name of the IANA time zone database",
  holds: (name) => {
    if (!/^[A-Za-z]/.test(name)) return false;
    try {
      new Intl.DateTimeFormat("en", { timeZone: name });
      return true;
    } catch {
      return false;
    }
  },
  wayOut: "e.g. Asia/Shanghai",
};

const dnsLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** DNS names in lower case, as the source of a regular expression that is to be anchored. */
export const dnsName = `${dnsLabel}(\\.${dnsLabel})*`;

/** The most characters of a name in a certificate (RFC 1035). */
export const longestCertificateName = 253;
/** The most names that are asked for in one: clients do not take a certificate of many thousands. */
export const mostCertificateNames = 100;

const certificateName = new RegExp(`^(?=.{1,${longestCertificateName}}$)(\\*\\.)?${dnsName}$`, "i");

/** Whether it is an address that means the same on every machine: one with a zone, `fe80::1%eth0`, does not. */
export const isIpAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes("%");

/** Whether a certificate can have it: an IP address, a DNS name, or one with an asterisk as its first part. */
export const isCertificateName = (item: string): boolean => isIpAddress(item) || certificateName.test(item);

/** A name or an address for a certificate. */
export const alternativeName: ValueRule = { says: "must be an IP address or a DNS name", holds: isCertificateName };

/** Private ranges, as RFC 1918 has them. */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Whether a text is an IPv4 range without host bits that lies within one of the ranges. */
export function isRangeWithin(ranges: readonly string[], text: string): boolean {
  const range = parseIpv4Range(text);
  if (!range) return false;
  return ranges.map(ipv4Range).some((outer) => rangesOverlap(outer, range) && range.prefix >= outer.prefix);
}

/** Ranges that pods get addresses from. */
export const podRange: ValueRule = {
  says: "must be an IPv4 range of the form 172.20.0.0/16, without host bits",
  holds: (text) => parseIpv4Range(text) !== undefined,
};

/**
 * The most characters of a text that is a file: certificates, or a script, of which 32 KiB are what the vendor's instances take
 * and that in Base64 with line breaks is less.
 */
export const fileLength = 65_536;

/** Bytes as text (RFC 4648, section 4); white space in it does not count. */
export const base64: ValueRule = {
  says: "must be Base64",
  holds: (value) => {
    const packed = value.replace(/\s/g, "");
    return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
  },
};
