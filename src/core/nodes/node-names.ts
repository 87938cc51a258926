import type { NodeNamePattern } from "../clusters/cluster.ts";

/**
 * The name of the Node object of a worker.
 *
 * With a pattern: prefix, the last digits of the address written as four groups of three digits (192.168.0.55 is
 * 192168000055, so five digits give 00055) or the address itself, suffix. Without one: region and address, as ACK's
 * default names are. Kubernetes wants lower case.
 */
export function nodeName(pattern: NodeNamePattern | undefined, region: string, address: string): string {
  if (!pattern) return `${region}.${address}`;
  const digits = address
    .split(".")
    .map((octet) => octet.padStart(3, "0"))
    .join("");
  const middle = pattern.address === "ip" ? address : digits.slice(-pattern.address);
  return `${pattern.prefix}${middle}${pattern.suffix}`.toLowerCase();
}
