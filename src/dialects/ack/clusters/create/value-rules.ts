import { parseIpv4Range } from "../../../../cidr.ts";
import type { NodeNamePattern } from "../../../../core/clusters/cluster.ts";
import { isLabelKey, isLabelValue, isSubdomain } from "../../../../kubernetes-rules.ts";
import { findJsonProblem } from "../../../common/border/json-problem.ts";
import type { ValueRule } from "../../../common/parameters/parameter.ts";
import {
  dnsName,
  isCertificateName,
  isRangeWithin,
  matches,
  mostCertificateNames,
  privateRanges,
} from "../../../common/parameters/value-rules.ts";
import { longestNodeName, parseNodeNameMode } from "./node-name-mode.ts";

/** Names of managed clusters. */
export const managedName = matches(
  /^[\p{Script=Han}A-Za-z0-9][\p{Script=Han}A-Za-z0-9-]{0,62}$/u,
  "must have 1 to 63 digits, Chinese characters, letters or hyphens, and not begin with a hyphen",
);

/** Names of dedicated clusters: their own documented sample has spaces inside. */
export const dedicatedName = matches(
  /^[\p{Script=Han}A-Za-z0-9-]([\p{Script=Han}A-Za-z0-9 _-]{0,61}[\p{Script=Han}A-Za-z0-9_-])?$/u,
  "must have 1 to 63 digits, Chinese characters, letters, hyphens, underscores or inner spaces, and not begin with an underscore",
);

/** Kubernetes versions as the documents' examples have them. */
export const kubernetesVersion = matches(
  /^\d{1,3}\.\d{1,3}(\.\d{1,3})?(-aliyun\.\d{1,3})?$/,
  "must have the form 1.20.4-aliyun.1 or 1.20.4",
);

/** DNS domains of clusters. */
export const clusterDomain = matches(
  new RegExp(`^(?=.{1,253}$)${dnsName}$`),
  "must be parts of at most 63 lower-case letters, digits and inner hyphens, joined by dots",
);

/** The items of a list that is separated by commas. */
export const commaItems = (list: string): string[] => list.split(",").map((item) => item.trim());

/** Names and addresses for a certificate, in one text. */
export const alternativeNames: ValueRule = {
  says: `must be at most ${mostCertificateNames} IP addresses and DNS names, separated by commas`,
  holds: (list) => {
    const items = commaItems(list);
    return items.length <= mostCertificateNames && items.every(isCertificateName);
  },
};

/** Issuers of tokens: kube-apiserver does not start with one that has a colon and is no address. */
export const tokenIssuer: ValueRule = {
  says: "must be a URL, since it has a colon",
  holds: (issuer) => !issuer.includes(":") || URL.canParse(issuer),
};

/** Audiences of tokens, in one text. */
export const audiences: ValueRule = {
  says: "must be a list separated by commas, without empty items",
  holds: (list) => commaItems(list).every((item) => item !== ""),
};

/** Ranges of Service addresses. */
export const serviceRange: ValueRule = {
  says: "must be an IPv4 range of the form 172.21.0.0/20, without host bits, in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, with a prefix length from 16 to 24",
  holds: (text) => {
    const range = parseIpv4Range(text);
    return range !== undefined && range.prefix >= 16 && range.prefix <= 24 && isRangeWithin(privateRanges, text);
  },
};

/** Prefix lengths, which are texts in this API. */
export const prefixLength = matches(/^\d{1,2}$/, "must be a whole number of at most two digits");

const classes = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!-/:-@[-`{-~]/];

/** Passwords for logging in to nodes. */
export const loginPassword: ValueRule = {
  says: "must have 8 to 30 characters of at least three kinds: upper-case letters, lower-case letters, digits, special characters",
  holds: (password) => {
    const length = [...password].length;
    return length >= 8 && length <= 30 && classes.filter((kind) => kind.test(password)).length >= 3;
  },
};

const tagPrefixes = ["aliyun", "acs:", "https://", "http://"];
const isTagText = (value: string, most: number): boolean =>
  [...value].length <= most && !tagPrefixes.some((prefix) => value.startsWith(prefix));

/** Keys of tags. */
export const tagKey: ValueRule = {
  says: `must have at most 64 characters and not begin with ${tagPrefixes.join(", ")}`,
  holds: (key) => isTagText(key, 64),
};

/** Values of tags. */
export const tagValue: ValueRule = {
  says: `must have at most 128 characters and not begin with ${tagPrefixes.join(", ")}`,
  holds: (value) => isTagText(value, 128),
};

/** Keys of labels and taints, as Kubernetes takes them. */
export const labelKey: ValueRule = {
  says: "must be a key as Kubernetes takes it: at most 63 letters, digits, hyphens, underscores and dots that begin and end with a letter or digit, after an optional DNS prefix and a slash",
  holds: isLabelKey,
};

/** Values of labels and taints, as Kubernetes takes them. */
export const labelValue: ValueRule = {
  says: "must be a value as Kubernetes takes it: at most 63 letters, digits, hyphens, underscores and dots that begin and end with a letter or digit",
  holds: isLabelValue,
};

/** Name of an add-on: it becomes part of the names of Kubernetes objects. */
export const addonName: ValueRule = {
  says: "must be 1 to 63 letters, digits, hyphens and underscores, the first and the last a letter or a digit",
  holds: (name) => name.length <= 63 && /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/.test(name),
};

/** How deep the settings of an add-on may be nested: as deep as a body. */
const addonConfigDepth = 64;

/** Settings of an add-on. */
export const addonConfig: ValueRule = {
  says: `must be a JSON object in a text, nested at most ${addonConfigDepth} deep`,
  holds: (config) => config.trimStart().startsWith("{") && !findJsonProblem(config, { depth: addonConfigDepth }),
  wayOut: 'e.g. {"IngressSlbNetworkType":"internet"}',
};

const wayToNames = "e.g. customized,aliyun.com,5,test";
const form = "must have the form customized,<prefix>,<5 to 12, or ip>,<suffix>";

const nodeNames = (says: string, holds: (pattern: NodeNamePattern) => boolean): ValueRule => ({
  says: `${form}; ${says}`,
  holds: (mode) => {
    const pattern = parseNodeNameMode(mode);
    return pattern !== undefined && holds(pattern) && longestName(pattern) <= longestNodeName;
  },
  wayOut: wayToNames,
});

/** Characters of the longest name that a pattern gives. */
const longestName = ({ prefix, address, suffix }: NodeNamePattern): number =>
  prefix.length + (address === "ip" ? "255.255.255.255".length : address) + suffix.length;

/** `node_name_mode` of managed clusters. */
export const managedNodeNames = nodeNames(
  "prefix and suffix are parts of lower-case letters, digits and inner hyphens, joined by dots, and a name has at most 64 characters",
  ({ prefix, suffix }) => [prefix, suffix].every((part) => part === "" || isSubdomain(part)) && prefix !== "",
);

/** `node_name_mode` of dedicated clusters. */
export const dedicatedNodeNames = nodeNames(
  "prefix and suffix are letters, digits, hyphens and dots, no two of the latter in a row, the prefix begins with a letter, and a name has at most 64 characters",
  ({ prefix, suffix }) =>
    /^[A-Za-z]([A-Za-z0-9]|[.-](?![.-]))*$/.test(prefix) &&
    /^([A-Za-z0-9]|[.-](?![.-]))*$/.test(suffix) &&
    !/[.-]$/.test(suffix),
);
