import { parseIpv4Range } from "../../../../cidr.ts";
import { parseVendorVersion } from "../../../../core/versions/version.ts";
import { ipv6Range, ipv6RangesOverlap, parseIpv6Range } from "../../../../ipv6-range.ts";
import type { ValueRule } from "../../../common/parameters/parameter.ts";
import { isIpAddress, isRangeWithin, privateRanges } from "../../../common/parameters/value-rules.ts";
import { defaults } from "../words/words.ts";

/** Kubernetes versions. */
export const vendorVersion: ValueRule = {
  says: "must have the form v1.9.2-r1, v1.9.2 or v1.9",
  holds: (version) => parseVendorVersion("cce", version) !== undefined,
};

/** Private ranges, and what RFC 6598 shares between carriers' networks. */
const clusterRanges = [...privateRanges, "100.64.0.0/10"];
const inClusterRanges = `in ${clusterRanges.slice(0, -1).join(", ")} or ${clusterRanges.at(-1)}`;

/** Ranges of Pod addresses: the documents offer 172.16.0.0/16 to 172.31.0.0/16, and their own sample has 10.1.0.0/16. */
export const privatePodRange: ValueRule = {
  says: `must be an IPv4 range without host bits, ${inClusterRanges}`,
  holds: (text) => isRangeWithin(clusterRanges, text),
  wayOut: "e.g. 172.16.0.0/16",
};

/** kube-apiserver takes no wider range; a narrower one than the longest prefix would soon be used up. */
const servicePrefixes = { shortest: 12, longest: 24 };

/** Ranges of Service addresses. */
export const serviceRange: ValueRule = {
  says: `must be an IPv4 range without host bits, ${inClusterRanges}, with a prefix length from ${servicePrefixes.shortest} to ${servicePrefixes.longest}`,
  holds: (text) => {
    const prefix = parseIpv4Range(text)?.prefix ?? 0;
    const { shortest, longest } = servicePrefixes;
    return isRangeWithin(clusterRanges, text) && prefix >= shortest && prefix <= longest;
  },
  wayOut: "e.g. 10.247.0.0/16",
};

/** kube-apiserver takes no wider range. */
const ipv6Prefixes = { shortest: 108, longest: 120 };

/** Addresses that are everybody's own (RFC 4193); the cluster's IPv6 Pod range is among them. */
const uniqueLocal = ipv6Range("fc00::/7");
const ipv6Pods = ipv6Range(defaults.ipv6.podCidr);

/** IPv6 ranges of Service addresses. */
export const ipv6ServiceRange: ValueRule = {
  says: `must be an IPv6 range without host bits, in fc00::/7 and outside of the pods' ${defaults.ipv6.podCidr}, with a prefix length from ${ipv6Prefixes.shortest} to ${ipv6Prefixes.longest}`,
  holds: (text) => {
    const range = parseIpv6Range(text);
    if (!range || range.prefix < ipv6Prefixes.shortest || range.prefix > ipv6Prefixes.longest) return false;
    return ipv6RangesOverlap(uniqueLocal, range) && !ipv6RangesOverlap(ipv6Pods, range);
  },
  wayOut: "e.g. fc00::/112",
};

/** Addresses. */
export const ipAddress: ValueRule = { says: "must be an IP address", holds: isIpAddress };
