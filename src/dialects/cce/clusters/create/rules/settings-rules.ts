import { repeated } from "../../../../common/parameters/repeated.ts";
import { missing } from "../../../../common/parameters/value-check.ts";
import type { GivenSpec } from "../table/table.ts";
import type { Rule } from "./rule.ts";

/** One thing that older and newer clients say in different places. */
interface TwoPlaces {
  older: string;
  newer: string;
  read: (spec: GivenSpec) => readonly [older: string | undefined, newer: string | undefined];
}

const twoPlaces: readonly TwoPlaces[] = [
  {
    older: "spec.kubernetesSvcIpRange",
    newer: "spec.serviceNetwork.IPv4CIDR",
    read: (spec) => [spec.kubernetesSvcIpRange, spec.serviceNetwork?.IPv4CIDR],
  },
  {
    older: "spec.containerNetwork.cidr",
    newer: "spec.containerNetwork.cidrs[0].cidr",
    read: (spec) => [spec.containerNetwork?.cidr, spec.containerNetwork?.cidrs?.[0]?.cidr],
  },
  {
    older: "spec.extendParam.kubeProxyMode",
    newer: "spec.kubeProxyMode",
    read: (spec) => [spec.extendParam?.kubeProxyMode, spec.kubeProxyMode],
  },
];

const agreement: Rule = (spec) =>
  twoPlaces.flatMap(({ older, newer, read }) => {
    const [value, other] = read(spec);
    if (value === undefined || other === undefined || value === other) return [];
    const rule = `must be the same as ${newer}, which says it too`;
    return [{ parameter: older, value, rule, wayOut: "leave one of them out" }];
  });

/** Nothing is paid in advance on one's own machines. */
const billing: Rule = ({ billingMode: value = 0 }) => {
  if (value === 0) return [];
  return [{ parameter: "spec.billingMode", value, rule: "must be 0 (on demand)", wayOut: "or leave it out" }];
};

const tags: Rule = ({ clusterTags = [] }) =>
  repeated(clusterTags, ({ key }) => key).map(({ item, index }) => ({
    parameter: `spec.clusterTags[${index}].key`,
    value: item.key,
    rule: "must not be given twice",
  }));

const encryption: Rule = ({ encryptionConfig: { mode, kmsKeyID } = {} }) =>
  mode === "KMS" && !kmsKeyID ? [missing("spec.encryptionConfig.kmsKeyID", "the mode KMS needs the id of a key")] : [];

/** The rules of billing, tags, encryption, and of what is said in two places. */
export const settingsRules: readonly Rule[] = [agreement, billing, tags, encryption];
