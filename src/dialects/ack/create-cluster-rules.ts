import { isIP } from "node:net";
import { parseIpv4Range, rangesOverlap } from "../../cidr.ts";
import { networkPlugin } from "./network-plugin.ts";
import { parseNodeNameMode } from "./node-name-mode.ts";
import type { CreateClusterBody } from "./schemas.ts";
import type { Violation } from "./violations.ts";

/** A rule that the schema cannot say: what it finds wrong with a request. */
type Rule = (body: CreateClusterBody) => Violation[];

const dnsLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const dnsName = new RegExp(`^${dnsLabel}(\\.${dnsLabel})*$`);
const certificateName = new RegExp(`^(\\*\\.)?${dnsLabel}(\\.${dnsLabel})*$`, "i");

/** Fields that say what the workers are: needed where workers are asked for. */
const workerFields = ["worker_instance_types", "worker_system_disk_category", "worker_system_disk_size"] as const;

const missing = (parameter: string): Violation => ({ parameter, rule: "is mandatory", missing: true });

/** A rule for a field that is present and not empty. */
const whenGiven =
  (field: keyof CreateClusterBody, holds: (value: string) => boolean, rule: string, wayOut?: string): Rule =>
  (body) => {
    const value = body[field];
    return typeof value !== "string" || value === "" || holds(value) ? [] : [{ parameter: field, value, rule, wayOut }];
  };

const items = (list: string): string[] => list.split(",").map((item) => item.trim());

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
};

/** An issuer with a colon has to be an address: kube-apiserver refuses to start with any other (`--service-account-issuer`). */
const isIssuer = (issuer: string): boolean => !issuer.includes(":") || URL.canParse(issuer);

const rules: readonly Rule[] = [
  (body) =>
    (["name", "region_id", "vpcid", "service_cidr"] as const).filter((field) => body[field] === "").map(missing),
  whenGiven(
    "name",
    (name) => /^[\p{Script=Han}A-Za-z0-9][\p{Script=Han}A-Za-z0-9-]{0,62}$/u.test(name),
    "must have 1 to 63 digits, Chinese characters, letters or hyphens, and not begin with a hyphen",
  ),
  whenGiven(
    "cluster_spec",
    (spec) => spec === "ack.standard" || /^ack\.pro\.(small|xlarge|[24]xlarge)$/.test(spec),
    "must be ack.standard or ack.pro.small",
  ),
  whenGiven(
    "profile",
    (profile) => profile === "Default",
    "must be Default",
    "only managed clusters of that profile are made here",
  ),
  whenGiven(
    "kubernetes_version",
    (version) => /^\d+\.\d+(\.\d+)?(-aliyun\.\d+)?$/.test(version),
    "must have the form 1.20.4-aliyun.1 or 1.20.4",
  ),
  whenGiven("node_cidr_mask", (mask) => /^\d+$/.test(mask), "must be a whole number"),
  whenGiven("timezone", isTimeZone, "must be a name of the IANA time zone database", "e.g. Asia/Shanghai"),
  whenGiven(
    "cluster_domain",
    (domain) => dnsName.test(domain),
    "must be a DNS name of lower-case letters, digits and hyphens",
  ),
  whenGiven(
    "custom_san",
    (list) => items(list).every((item) => isIP(item) !== 0 || certificateName.test(item)),
    "must be IP addresses and DNS names, separated by commas",
  ),
  whenGiven("service_account_issuer", isIssuer, "must be a URL, since it has a colon"),
  whenGiven(
    "api_audiences",
    (list) => items(list).every((item) => item !== ""),
    "must be a list separated by commas, without empty items",
  ),
  whenGiven(
    "node_name_mode",
    (mode) => parseNodeNameMode(mode) !== undefined,
    "must have the form customized,<prefix>,<5 to 12, or ip>,<suffix>",
    "e.g. customized,aliyun.com,5,test",
  ),
  (body) => (["service_cidr", "container_cidr"] as const).flatMap((field) => checkRange(field, body[field])),
  checkPodRange,
  checkWorkers,
];

/**
 * What is wrong with a body that has passed its schema: all violations, in the order of the rules. These are the rules
 * without which a component would not start or a node could not be made.
 */
export const checkCreateCluster = (body: CreateClusterBody): Violation[] => rules.flatMap((rule) => rule(body));

function checkRange(parameter: string, value: string | undefined): Violation[] {
  if (!value || parseIpv4Range(value)) return [];
  return [{ parameter, value, rule: "must be an IPv4 range of the form 172.21.0.0/20, without host bits" }];
}

/** Flannel gives every node a share of the Pod range, which no Service may be in. */
function checkPodRange(body: CreateClusterBody): Violation[] {
  if (networkPlugin(body) === "terway") return checkPodVswitches(body);
  if (!body.container_cidr) return [{ ...missing("container_cidr"), wayOut: "Flannel needs a Pod range" }];
  const pods = parseIpv4Range(body.container_cidr);
  const services = parseIpv4Range(body.service_cidr);
  const found: Violation[] = [];
  if (pods && services && rangesOverlap(pods, services))
    found.push({
      parameter: "service_cidr",
      value: body.service_cidr,
      rule: `must not overlap container_cidr ${body.container_cidr}`,
    });
  const mask = Number(body.node_cidr_mask || Number.NaN);
  if (pods && (mask < pods.prefix || mask > 30))
    found.push({
      parameter: "node_cidr_mask",
      value: body.node_cidr_mask,
      rule: `must be from ${pods.prefix} (the prefix of container_cidr) to 30`,
    });
  return found;
}

/** With Terway, pods get addresses from vSwitches of their own. */
function checkPodVswitches({ pod_vswitch_ids: ids = [], vswitch_ids: ofNodes }: CreateClusterBody): Violation[] {
  if (ids.length === 0) return [{ ...missing("pod_vswitch_ids"), wayOut: "Terway needs vSwitches for the pods" }];
  return ids
    .filter((id) => ofNodes.includes(id))
    .map((value) => ({ parameter: "pod_vswitch_ids", value, rule: "must not be a vSwitch of the nodes" }));
}

function checkWorkers(body: CreateClusterBody): Violation[] {
  if (!body.num_of_nodes && !body.instances?.length) return [];
  const found = workerFields.filter((field) => [body[field]].flat().every((value) => !value)).map(missing);
  if (!body.key_pair && !body.login_password)
    found.push({
      parameter: "key_pair",
      rule: "or login_password is mandatory",
      wayOut: "name a key pair, or set a password",
    });
  const size = body.worker_system_disk_size;
  if (size && size < 40)
    found.push({ parameter: "worker_system_disk_size", value: size, rule: "must be from 40 to 500" });
  const repeated = body.instances?.find((instance, index, all) => all.indexOf(instance) !== index);
  if (repeated) found.push({ parameter: "instances", value: repeated, rule: "must not be named twice" });
  return found;
}
