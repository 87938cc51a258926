import { isIP } from "node:net";

/** Names that lead to this very machine wherever they are resolved (RFC 6761, section 6.3). */
const loopbackNames = ["localhost", "*.localhost"];

/**
 * Names of the vendors' own endpoints. SDKs and tools that cannot be told of another endpoint come with them, where the
 * owner of a network has them lead here.
 */
const vendorNames = ["*.aliyuncs.com", "*.myhuaweicloud.com"];

/** Whose name a request calls the service by. */
export type HostKind =
  /** An IP address, a loopback name, or one that the settings give. */
  | "own"
  /** A name of a vendor's endpoint. Others have pages below these names, too. */
  | "vendor"
  /** Anybody's, who may have it lead here to let a page of theirs read what this service tells (DNS rebinding). */
  | "foreign";

/**
 * Tells whose name is in a `Host` header.
 *
 * An IP address is nobody's name, so that nobody can have it lead elsewhere: health checks go by one. Who sends no `Host`
 * is no browser.
 * @param host the header's value, with or without a port
 * @param ownNames names of the settings; `*.example.com` stands for every name below
 */
export function hostKind(host: string | undefined, ownNames: readonly string[]): HostKind {
  const name = hostName(host ?? "");
  if (name === "" || isIP(name) !== 0) return "own";
  if ([...loopbackNames, ...ownNames].some((pattern) => isNamed(name, pattern))) return "own";
  return vendorNames.some((pattern) => isNamed(name, pattern)) ? "vendor" : "foreign";
}

/** Whether the name is the pattern, or below it where it begins with `*.`. */
export function isNamed(name: string, pattern: string): boolean {
  return pattern.startsWith("*.") ? name.endsWith(pattern.slice(1)) : name === pattern;
}

/** The name or address in a `Host` header: in lower case, without port, brackets, and the dot of the root. */
export function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}
