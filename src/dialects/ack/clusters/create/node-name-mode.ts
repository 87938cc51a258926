import type { NodeNamePattern } from "../../../../core/clusters/cluster.ts";

/** The most characters of a node's name, see docs/deviations.md. */
export const longestNodeName = 64;

const comma = "customized,";

/** The most characters of a `node_name_mode`: the form with commas has a word, a number and commas beside the name's parts. */
export const longestNodeNameMode = comma.length + longestNodeName + ",12,".length;

/** Letters and digits, with hyphens and dots in between; what more there is to it differs by kind of cluster. */
const part = /^[A-Za-z0-9]+((\.|-+)[A-Za-z0-9]+)*$/;

/** What stands for a node's address. Its length is bounded, so that a search looks at each character a few times at most. */
const addressOrDigits = /(?:(\d{1,3}(?:\.\d{1,3}){3})|(\d{5,12}))(?!\d)/;

/**
 * Reads `node_name_mode`. Two forms are in the documents: `customized,<prefix>,<5 to 12, or ip>,<suffix>`, and a
 * finished name such as `aliyun.com00055test`, in which an address or a run of 5 to 12 digits stands for the node's.
 * @returns undefined for a text of neither form
 */
export function parseNodeNameMode(mode: string): NodeNamePattern | undefined {
  if (mode.length > longestNodeNameMode) return undefined;
  return mode.startsWith(comma) ? parseCommaForm(mode) : parseFinishedName(mode);
}

function parseCommaForm(mode: string): NodeNamePattern | undefined {
  const [, prefix = "", length = "", suffix = "", ...rest] = mode.split(",");
  if (rest.length > 0 || !part.test(prefix) || (suffix !== "" && !part.test(suffix))) return undefined;
  if (length === "ip") return { prefix, address: "ip", suffix };
  return /^([5-9]|1[0-2])$/.test(length) ? { prefix, address: Number(length), suffix } : undefined;
}

function parseFinishedName(name: string): NodeNamePattern | undefined {
  const found = addressOrDigits.exec(name);
  if (!found) return undefined;
  const [written, address, digits = ""] = found;
  const prefix = name.slice(0, found.index);
  const suffix = name.slice(found.index + written.length);
  if (!part.test(prefix.replace(/[.-]$/, "")) || (suffix !== "" && !part.test(suffix.replace(/^[.-]/, ""))))
    return undefined;
  return { prefix, address: address ? "ip" : digits.length, suffix };
}
